"""The fitted curves of a plate, and the interval of T50 by the delta method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fetuin.assays import curves, start
from fetuin.assays.plate import Plate


@dataclass(frozen=True)
class PlateFit:
    """The fitted curves of a plate, one row a well, parameters in the order of `curves.NAMES`.

    model      name of the curve reported for each well
    shape, extra   the kernel's numbers of its rise and of what stands beside it (0 none, 1 step, 2 bump, 3 box)
    parameters (n, 12); free: the indices that were fitted, per well
    covariance (n, 12, 12) of the free parameters, in the order of `free`, the well's scale included
    state      (n, p) 0 read not used or missing, 1 used, 2 above the ceiling
    residual   (n, p) standardised by `sd` (n, p); scale: their spread per well; rho: lag-one correlation
    aicc       {model: (n,)}; converged (n,); reacts (n,) False where no CPP2 rise is needed to explain the reads
    """

    plate: Plate
    model: tuple[str, ...]
    shape: np.ndarray
    extra: np.ndarray
    parameters: np.ndarray
    free: tuple[tuple[int, ...], ...]
    covariance: np.ndarray
    state: np.ndarray
    residual: np.ndarray
    sd: np.ndarray
    scale: np.ndarray
    rho: float
    noise: start.Noise
    aicc: dict[str, np.ndarray]
    converged: np.ndarray
    reacts: np.ndarray

    @property
    def t50(self) -> np.ndarray:
        """Half time of the CPP2 rise [min], as fitted (censoring is decided in `t50.py`)."""
        return self.parameters[:, 4]

    @cached_property
    def usual_amplitude(self) -> float:
        """Median height of the CPP2 rise on the plate [read]."""
        return float(np.median(self.parameters[:, 3]))

    @cached_property
    def se(self) -> np.ndarray:
        """Standard error of T50 by the delta method [min]."""
        place = np.array([f.index(4) for f in self.free])
        return np.sqrt(np.maximum(self.covariance[np.arange(len(place)), place, place], 0.0))

    @property
    def used(self) -> np.ndarray:
        """Number of reads used, per well."""
        return (self.state == start.USED).sum(axis=1)

    def interval(self, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper bound of T50 [min] by the delta method, Student's t with the reads used less parameters."""
        from scipy.stats import t as student

        dof = np.maximum(self.used - np.array([len(f) for f in self.free]), 2)
        reach = student.ppf(0.5 + level / 2.0, dof) * self.se
        return self.t50 - reach, self.t50 + reach

    def curve(self, row: int, minutes: np.ndarray | None = None) -> np.ndarray:
        """The fitted curve of a well at its own or the given minutes [read]."""
        t = self.plate.minutes[row] if minutes is None else minutes
        return curves.total(t, int(self.shape[row]), int(self.extra[row]), self.parameters[row])
