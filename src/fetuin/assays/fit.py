"""Fit every curve of a plate: starts found in the reads, outliers left out by name, the model chosen by AICc.

`fit_plate(plate, model)` gives a `PlateFit`. The work per well is in `kernels.py`; this file prepares it, tries the
richer curves where the first one does not fit, and turns the result into numbers with intervals.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from fetuin.assays import curves, start
from fetuin.assays.plate import Plate
from fetuin.errors import MissingExtraError, NotEnoughDataError, UsageError
from fetuin.quantities import quantity

N = len(curves.NAMES)
LEAST_READS = 12
DRAG = (7, 8)


@dataclass(frozen=True)
class Rules:
    """How a fit judges its reads. The priors are weak: they hold what the reads do not say."""

    cut: float = quantity(
        4.5, "1", "assumption: 1 in 1000 wells loses a good read", "spreads beyond which a read is out"
    )
    suspect: float = quantity(8.0, "1", "assumption: a spike", "spreads from the running median under suspicion")
    tau: float = quantity(8.0, "min", "assumption: CPP1 forms at once (facts, section 3)", "time of the CPP1 rise")
    tau_spread: float = quantity(0.6, "1", "assumption: twice the spread of section 3", "prior spread of ln tau")
    slope: float = quantity(2e-4, "/min", "assumption: four times section 3", "prior spread of drift and settling / A")
    least: float = quantity(
        25.0, "min", "assumption: three times the CPP1 rise", "shortest T50 that can be told from CPP1"
    )
    misfit: float = quantity(
        1.4, "1", "assumption: simulated plates", "residual spread over the plate's that is too large"
    )
    gain: float = quantity(
        12.0, "1", "assumption: beyond any chance of a search", "AICc by which a richer curve must win"
    )


RULES = Rules()


@dataclass
class Work:
    """The arrays that the kernels change in place while a plate is fitted."""

    t: np.ndarray
    y: np.ndarray
    smooth: np.ndarray
    first: np.ndarray
    noise: start.Noise
    seen: start.Start
    boxes: dict[int, tuple[int, int, float]]
    shape: np.ndarray
    extra: np.ndarray
    p: np.ndarray
    sd: np.ndarray
    state: np.ndarray
    free: np.ndarray
    n_free: np.ndarray
    mean: np.ndarray
    isd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    z: np.ndarray
    out: np.ndarray

    def arrays(self) -> tuple[Any, ...]:
        """The arrays in the order that every row kernel begins with."""
        return (self.shape, self.extra, self.p, self.t, self.y, self.sd, self.state, self.free, self.n_free,
                self.mean, self.isd)  # fmt: skip

    def copy_rows(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        return {k: getattr(self, k)[rows].copy() for k in _KEPT}

    def put_rows(self, rows: np.ndarray, kept: dict[str, np.ndarray], take: np.ndarray) -> None:
        for k, v in kept.items():
            getattr(self, k)[rows[take]] = v[take]


_KEPT = ("shape", "extra", "p", "sd", "state", "free", "n_free", "mean", "isd", "low", "high", "z", "out")


def kernels() -> ModuleType:
    """The compiled kernels, imported when first used. Raises MissingExtraError without numba."""
    try:
        from fetuin.assays import kernels as compiled
    except ImportError as e:
        raise MissingExtraError("numba", "assay") from e
    return compiled


def _model(name: str) -> curves.Model:
    """The model of a name; "finke_watzky" and "double_sigmoid" are the same words as "finke-watzky" and "double"."""
    name = name.lower().replace("_", "-").removesuffix("-sigmoid")
    if name not in curves.MODELS:
        raise UsageError(
            f"There is no curve model '{name}'.", where="--model", fix=f"one of: auto, {', '.join(curves.MODELS)}"
        )
    return curves.MODELS[name]


def prepare(plate: Plate, rules: Rules = RULES) -> Work:
    """Everything a fit needs before the first step. Raises NotEnoughDataError for a plate of too few reads."""
    if plate.reads.shape[1] < LEAST_READS:
        raise NotEnoughDataError(
            f"A T50 needs at least {LEAST_READS} reads a well; this plate has {plate.reads.shape[1]}.",
            where=plate.source or plate.name, why="a kinetic run is needed, not an end-point measurement",
        )  # fmt: skip
    state, y = start.states(plate), start.filled(plate)
    t = _times(plate)
    z = start.smooth(y)
    noise = start.noise(y, z)
    sd = noise.at(np.maximum(z, 0.0))
    boxes = _boxes(y, z, noise)
    for row, (i, j, height) in boxes.items():
        flat = y[row].copy()
        flat[i:j] -= height
        z[row] = start.smooth(flat[None])[0]
    far = np.abs(y - z) > rules.suspect * sd
    state[far & (state != start.UNUSED) & _outside(boxes, y.shape)] = 3  # a lone read at the ceiling is a spike too
    n = len(plate)
    blank = lambda *shape: np.zeros((n, *shape))
    return Work(
        t, y, z, state.copy(), noise, start.start(t, z), boxes, np.zeros(n, np.int64), np.zeros(n, np.int64), blank(N), sd,
        state, np.zeros((n, N), np.int64), np.zeros(n, np.int64), blank(N), blank(N), blank(N), blank(N),
        blank(y.shape[1]), blank(3),
    )  # fmt: skip


def _times(plate: Plate) -> np.ndarray:
    """Times with the unknown ones filled evenly (reads without a time are never used)."""
    t = np.array(plate.minutes)
    index = np.arange(t.shape[1])
    for i in np.flatnonzero(np.isnan(t).any(axis=1)):
        ok = np.isfinite(t[i])
        t[i] = np.interp(index, index[ok], t[i, ok]) if ok.any() else index
    return t


def _boxes(y: np.ndarray, z: np.ndarray, noise: start.Noise) -> dict[int, tuple[int, int, float]]:
    out = {}
    for row, (i, j) in start.bubbles(y, z, noise).items():
        inside, before = y[row, i : min(i + 2, j)], y[row, max(i - 2, 0) : i]
        out[row] = (i, j, float(np.median(inside) - np.median(before)))
    return out


def _outside(boxes: dict[int, tuple[int, int, float]], shape: tuple[int, ...]) -> np.ndarray:
    """False within a box and beside its edges: a jump is no spike."""
    keep = np.ones(shape, bool)
    for row, (i, j, _) in boxes.items():
        keep[row, max(i - 1, 0) : j + 1] = False
    return keep


def begin(work: Work, rows: np.ndarray, model: curves.Model, rules: Rules = RULES) -> None:
    """Set the start values, free parameters, priors and bounds of some rows for one model."""
    seen, n_free = work.seen, len(model.free)
    height = np.maximum(seen.high - seen.low, 1e-9)[rows]
    p = np.zeros((rows.size, N))
    p[:, 0], p[:, 1] = work.y[rows, 0], seen.low[rows] - work.y[rows, 0]
    p[:, 2], p[:, 3], p[:, 4] = np.log(rules.tau), height, seen.t50[rows]
    p[:, 5] = np.log(seen.quartiles[rows] / model.quartiles)
    p[:, 6] = model.prior[0]
    work.p[rows] = p
    work.shape[rows], work.extra[rows] = model.shape, model.extra
    work.free[rows, :n_free], work.n_free[rows] = model.free, n_free
    work.state[rows], work.sd[rows] = work.first[rows], work.noise.at(np.maximum(work.smooth[rows], 0.0))
    work.mean[rows], work.isd[rows] = 0.0, 0.0
    work.mean[rows, 2], work.isd[rows, 2] = np.log(rules.tau), 1.0 / rules.tau_spread
    work.mean[rows, 6], work.isd[rows, 6] = model.prior[0], 1.0 / model.prior[1]
    reach = np.ptp(work.smooth[rows], axis=1)
    reach = np.maximum(reach, 0.3 * float(np.median(np.ptp(work.smooth, axis=1))) + 1e-9)
    work.isd[rows, 1] = 1.0 / reach
    for k in DRAG:
        work.isd[rows, k] = 1.0 / (rules.slope * reach)
    _bounds(work, rows, rules)
    for row in set(rows.tolist()) & set(work.boxes):
        _add_box(work, row)


def _bounds(work: Work, rows: np.ndarray, rules: Rules) -> None:
    end, step = work.t[rows].max(axis=1), np.median(np.diff(work.t[rows], axis=1), axis=1)
    work.low[rows], work.high[rows] = -1e15, 1e15
    work.low[rows, 2], work.high[rows, 2] = np.log(0.3), np.log(60.0)
    work.low[rows, 4], work.high[rows, 4] = work.t[rows, 0] + min(rules.least, 0.1 * float(end.min())), 4.0 * end
    work.low[rows, 5], work.high[rows, 5] = np.log(0.15 * step), np.log(end)
    work.low[rows, 6], work.high[rows, 6] = -3.0, 3.0
    work.low[rows, 11], work.high[rows, 11] = np.log(0.15 * step), np.log(end)


def _add_box(work: Work, row: int) -> None:
    i, j, height = work.boxes[row]
    t = work.t[row]
    begin_at, end_at = 0.5 * (t[i - 1] + t[i]), 0.5 * (t[j - 1] + t[min(j, t.size - 1)])
    work.p[row, 9], work.p[row, 10], work.p[row, 11] = height, begin_at, np.log(end_at - begin_at)
    work.low[row, 11], work.high[row, 11] = -50.0, 50.0
    if work.extra[row] == 0:
        work.extra[row] = 3
        work.free[row, work.n_free[row]] = 9
        work.n_free[row] += 1


def parts(rows: np.ndarray, threads: int | None) -> list[np.ndarray]:
    """The rows in as many interleaved parts as there are processors to use."""
    most = threads or min(os.cpu_count() or 1, 8)
    count = max(1, min(most, rows.size // 16))
    return [np.ascontiguousarray(rows[k::count]) for k in range(count)]


def over_rows(kernel: Any, rows: np.ndarray, arguments: tuple[Any, ...], threads: int | None) -> None:
    """Call a row kernel on parts of the rows, one thread each (the kernels hold no lock)."""
    if rows.size == 0:
        return
    pieces = parts(rows, threads)
    if len(pieces) == 1:
        kernel(rows, *arguments)
        return
    with ThreadPoolExecutor(len(pieces)) as pool:
        list(pool.map(lambda piece: kernel(piece, *arguments), pieces))


def run(work: Work, rows: np.ndarray, rules: Rules, threads: int | None) -> None:
    """The three passes of `kernels.robust_fit` over some rows."""
    tail = (work.low, work.high, work.noise.floor, work.noise.relative, rules.cut, work.z, work.out)
    over_rows(kernels().fit_rows, rows, (*work.arrays(), *tail), threads)


def aicc(work: Work, rows: np.ndarray, cut: float) -> np.ndarray:
    """AICc per row: every usable read counts, one that is out counts as `cut` spreads; lower is better."""
    from fetuin.assays.curves import total

    out = np.empty(rows.size)
    for n, row in enumerate(rows):
        usable = (work.first[row] == start.USED) | (work.first[row] == 3)
        fitted = total(work.t[row], int(work.shape[row]), int(work.extra[row]), work.p[row])
        sd = work.noise.at(np.maximum(work.smooth[row], 0.0))
        z2 = np.minimum(((work.y[row] - fitted) / sd)[usable] ** 2, cut**2)
        m, k = int(usable.sum()), int(work.n_free[row]) + 1
        out[n] = m * np.log(max(z2.mean(), 1e-12)) + 2 * k + 2 * k * (k + 1) / max(m - k - 1, 1)
    return out


def plain_fit(work: Work, row: int) -> np.ndarray:
    """The plain twin of the last pass of the kernels: the same reads, weights and priors, minimised by SciPy.

    Starts from the values of `begin`, not from the kernels' answer. Returns the twelve parameters.
    """
    from scipy.optimize import least_squares

    free = work.free[row, : work.n_free[row]]
    used = work.state[row] == start.USED
    full = work.p[row].copy()

    def residual(values: np.ndarray) -> np.ndarray:
        full[free] = values
        fitted = curves.total(work.t[row], int(work.shape[row]), int(work.extra[row]), full)
        prior = (values - work.mean[row, free]) * work.isd[row, free]
        return np.append(((work.y[row] - fitted) / work.sd[row])[used], prior)

    bounds = (work.low[row, free] - 1e-9, work.high[row, free] + 1e-9)
    found = least_squares(residual, full[free], x_scale="jac", bounds=bounds, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    full[free] = found.x
    return full
