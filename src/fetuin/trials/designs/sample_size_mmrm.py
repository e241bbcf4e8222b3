"""People for an MMRM: the treatment difference at the last visit when some leave on the way (Lu, Luo and Chen 2008).

Int J Biostat 4(1) art. 9. With retention r_1 >= ... >= r_m (share seen at least until visit j) and correlation R,

    n_1 = phi_1 (z_a + z_b)^2 s^2 / d^2,   phi = [ (sum_j (r_j - r_(j+1)) (R_j^-1 padded))^-1 ]_mm

for each arm; with k = n_1 / n_2 people to one: n_1 = (phi_1 + k phi_2) (z_a + z_b)^2 s^2 / d^2. Dropout is monotone and at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from fetuin.errors import InputError
from fetuin.trials.designs.parallel_group import refuse

Array = np.ndarray


@dataclass(frozen=True)
class MmrmSize:
    """People to randomise (treated, control); what visits before dropout save beside completers alone, as a share."""

    randomised: tuple[int, int]
    inflation: tuple[float, float]
    power: float


def mmrm(
    delta: float, sd: float, correlation: object, *, retention: object, control_retention: object = None, alpha: float = 0.05,
    sided: int = 2, power: float = 0.9, ratio: float = 1.0,
) -> MmrmSize:  # fmt: skip
    """`delta` and `sd` at the last visit (sd given baseline, if it is adjusted for); `correlation` [m, m] between visits.

    `retention` [m]: shares of the treated seen until each visit, the first at most 1; the control's alike unless named.
    """
    refuse(alpha, power, 0.0, ratio)
    if not (delta != 0 and sd > 0):
        raise InputError("an impossible effect", where="delta, sd", why=f"{delta}, {sd}")
    R = _correlation(correlation)
    phi = [variance_factor(R, r) for r in (retention, retention if control_retention is None else control_retention)]
    z = float(ndtri(1 - alpha / sided) + ndtri(power))
    n1 = (phi[0] + ratio * phi[1]) * (z * sd / delta) ** 2
    sizes = math.ceil(n1 - 1e-9), math.ceil(n1 / ratio - 1e-9)
    se = sd * math.sqrt(phi[0] / sizes[0] + phi[1] / sizes[1])
    reached = float(ndtr(abs(delta) / se - ndtri(1 - alpha / sided)))
    return MmrmSize(sizes, (phi[0], phi[1]), reached)


def variance_factor(R: Array, retention: object) -> float:
    """n times the variance of a mean at the last visit, in units of its variance: 1 if all stay, below 1 / retention else."""
    r = np.asarray(retention, float).ravel()
    if len(r) != len(R) or r[0] > 1 or r[-1] <= 0 or (np.diff(r) > 1e-12).any():
        raise InputError(
            "retention must fall from at most 1 to above 0, one share a visit",
            where="retention",
            why=f"{r.tolist()} for {len(R)} visits",
            fix="for example [1, 0.95, 0.9, 0.85]",
        )
    m, information = len(R), np.zeros_like(R)
    for j, share in enumerate(r - np.append(r[1:], 0.0)):
        information[: j + 1, : j + 1] += share * np.linalg.inv(R[: j + 1, : j + 1])
    return float(np.linalg.inv(information)[m - 1, m - 1])


def _correlation(values: object) -> Array:
    R = np.atleast_2d(np.asarray(values, float))
    if R.ndim != 2 or R.shape[0] != R.shape[1] or not np.allclose(R, R.T) or not np.allclose(np.diag(R), 1):
        raise InputError(
            "not a correlation matrix", where="correlation", why=f"shape {R.shape}", fix="[m, m], 1 on its diagonal"
        )
    if np.linalg.eigvalsh(R).min() < 1e-10:
        raise InputError("the correlation is singular", where="correlation", why="one visit is determined by others")
    return R
