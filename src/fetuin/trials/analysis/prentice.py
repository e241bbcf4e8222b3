"""Is a surrogate's effect the treatment's effect? Prentice's criteria and Freedman's share explained, within one trial.

Prentice 1989 (Stat Med 8:431): (1) treatment changes the true endpoint, (2) treatment changes the surrogate, (3) the surrogate is
associated with the true endpoint, (4) given the surrogate, treatment no longer is. Freedman 1992 (Stat Med 11:167): share
explained = 1 - beta_given_surrogate / beta. It may lie outside 0 to 1 and is unstable unless beta is many standard errors
from 0: its bootstrap interval says so. No surrogate is proven by one trial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.errors import FetuinError, InputError, NotEnoughDataError
from fetuin.trials.analysis.cox import cox
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.samples import same_length, two_arms

Array = np.ndarray
CAUTION = "Surrogacy is unproven: a surrogate that satisfies these criteria in one trial may still mislead in the next."


@dataclass(frozen=True)
class Prentice:
    """Four tests, and the share explained with its bootstrap interval; `failed`: resamples without a fit, of `resamples`."""

    treatment_on_true: Test
    treatment_on_surrogate: Test
    surrogate_on_true: Test
    treatment_given_surrogate: Test
    explained: float
    lower: float
    upper: float
    resamples: int
    failed: int
    caution: str = CAUTION


def prentice(
    treated: object, surrogate: object, true: object, *, event: object = None, resamples: int = 1000, seed: int = 0
) -> Prentice:
    """`true` is a number, or with `event` a time (Cox; effects are log hazard ratios). `surrogate` a number; one row a person."""
    z, s, t = same_length(treated=treated, surrogate=surrogate, true=true)
    e = None if event is None else same_length(treated=treated, event=event)[1]
    two_arms(z)
    if len(z) < 10:
        raise NotEnoughDataError("too few people", where="treated", why=f"{len(z)} of at least 10")
    if s.std() == 0:
        raise InputError("the surrogate is the same in everybody", where="surrogate")
    alone, given = _fit(z[:, None], t, e), _fit(np.column_stack([z, s]), t, e)
    drawn, failed = _resampled(z, s, t, e, resamples, np.random.default_rng(seed))
    lower, upper = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return Prentice(
        alone[0], _fit(z[:, None], s, None)[0], _fit(s[:, None], t, e)[0], given[0], 1 - given[0].estimate / alone[0].estimate,
        float(lower), float(upper), resamples, failed,
    )  # fmt: skip


def _fit(X: Array, y: Array, event: Array | None) -> list[Test]:
    """Coefficients of the columns: least squares with an intercept, or Cox where `event` is given."""
    if event is not None:
        found = cox(y, event, X)
        return [Test.of(float(b), float(np.sqrt(v))) for b, v in zip(found.beta, np.diag(found.V))]
    A = np.column_stack([np.ones(len(y)), X])
    if np.linalg.matrix_rank(A) < A.shape[1]:
        raise InputError("the design is singular", where="treated, surrogate", why="one determines the other")
    gram = np.linalg.inv(A.T @ A)
    b = gram @ A.T @ y
    df = len(y) - A.shape[1]
    sigma2 = float(((y - A @ b) ** 2).sum()) / df
    return [Test.of(float(b[i]), float(np.sqrt(sigma2 * gram[i, i])), df) for i in range(1, len(b))]


def _resampled(
    z: Array, s: Array, t: Array, e: Array | None, count: int, rng: np.random.Generator
) -> tuple[Array, int]:
    """Shares explained in people drawn again within their arm; resamples without a fit are counted."""
    arms, out, failed = [np.flatnonzero(z == a) for a in (0, 1)], [], 0
    for _ in range(count):
        i = np.concatenate([rng.choice(a, len(a)) for a in arms])
        try:
            alone = _fit(z[i, None], t[i], None if e is None else e[i])[0].estimate
            given = _fit(np.column_stack([z, s])[i], t[i], None if e is None else e[i])[0].estimate
            out.append(1 - given / alone)
        except (FetuinError, np.linalg.LinAlgError):
            failed += 1
    return np.array(out), failed
