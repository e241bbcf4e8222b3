"""Mixed model for repeated measures: a mean for each arm and visit, residuals that vary together within a person.

    y_i = X_i beta + e_i,   e_i ~ N(0, Sigma[visits of i])

fitted by REML or ML. Missing visits are simply absent: valid under missing at random. Tests against SAS PROC MIXED are in
`tests/agreement/test_mmrm.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.errors import InputError, NumericalError
from fetuin.trials.analysis.covariance import Structure, structure
from fetuin.trials.analysis.design_matrix import Design, build
from fetuin.trials.analysis.likelihood import Likelihood, patterns

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray
GRADIENT = 1e-5  # of -2 ln L, at which a fit is called converged


@dataclass(frozen=True)
class Fit:
    """A fitted model. `sigma` [units, m, m]; `beta` and `Phi` (model-based covariance of beta); `minus2` as SAS prints."""

    design: Design
    likelihood: Likelihood
    structure: Structure
    covariance: str
    at: Array
    theta: Array
    beta: Array
    Phi: Array
    sigma: Array
    minus2: float
    visits: list[str]
    groups: list[str]
    subject: Array = field(repr=False, default_factory=lambda: np.zeros(0, int))
    visit_index: Array = field(repr=False, default_factory=lambda: np.zeros(0, int))

    @property
    def natural(self) -> Array:
        """Covariance parameters as SAS PROC MIXED prints them, group after group."""
        size = self.structure.size(len(self.visits))
        parts = [self.theta[g * size : (g + 1) * size] for g in range(len(self.groups))]
        at = _probe(len(self.visits)) if self.structure.spatial else self.at
        return np.concatenate([self.structure.to_natural(self.structure.free(t, at), at) for t in parts])

    @property
    def names(self) -> list[str]:
        """Names of `natural`."""
        one = self.structure.names(len(self.visits))
        return one if len(self.groups) == 1 else [f"{n} {g}" for g in self.groups for n in one]


def fit(
    table: pd.DataFrame, formula: str, *, subject: str, visit: str, covariance: str = "us", reml: bool = True,
    group: str | None = None, weights: str | None = None, coordinates: list[str] | None = None,
    reference: dict[str, str] | None = None,
) -> Fit:  # fmt: skip
    """Fit `formula` to a long table: one row a person and visit. Non-convergence is an error, never a result.

    `covariance` is a file of `covariance/`; spatial ones take `coordinates` (columns, may differ by row). `group` gives each of its levels a covariance of its own; `weights` is a column of positive weights.
    """
    design = build(table, formula, reference=reference)
    t, form = design.table, structure(covariance)
    people, index = np.unique(t[subject].astype(str), return_inverse=True)
    visits = sorted(t[visit].astype(str).unique(), key=_natural_order)
    which = t[visit].astype(str).map({v: i for i, v in enumerate(visits)}).to_numpy()
    _refuse_twice(index, which, people, visits)
    groups = sorted(t[group].astype(str).unique()) if group else [""]
    of = t[group].astype(str).map({g: i for i, g in enumerate(groups)}).to_numpy() if group else np.zeros(len(t), int)
    w = t[weights].to_numpy(float) if weights else None
    unit, at = _units(t, index, which, len(visits), of, coordinates, form)
    found = patterns(design.y, design.X, index, which, unit, w)
    size, owner = form.size(len(visits)), _first(unit, of)

    def sigma(theta: Array) -> Array:
        """Covariance of every unit [units, m, m]: a unit is a covariance group or, for spatial forms, a person."""
        out = np.empty((len(owner), len(visits), len(visits)), theta.dtype)
        for g in range(len(groups)):
            out[owner == g] = form.free(theta[g * size : (g + 1) * size], at[owner == g] if form.spatial else at)
        return out

    log_weights = float(np.log(w).sum()) if w is not None else 0.0
    likelihood = Likelihood(found, sigma, design.X.shape[1], reml, log_weights)
    if np.linalg.matrix_rank(design.X) < design.X.shape[1]:
        raise InputError(
            "the design is singular",
            where=formula,
            why="some columns are combinations of others (an empty cell?)",
            fix="drop a term",
        )
    if covariance == "us":
        _refuse_apart(index, which, visits)
    start = np.tile(form.start(_sample(design, index, which, len(visits))), len(groups))
    theta = maximise(likelihood, start)
    S = sigma(theta)
    solved = likelihood.solve(S)
    assert solved is not None
    return Fit(
        design,
        likelihood,
        form,
        covariance,
        at,
        theta,
        solved[0],
        solved[1],
        S,
        likelihood.minus2(theta),
        visits,
        groups,
        index,
        which,
    )


def maximise(likelihood: Likelihood, start: Array) -> Array:
    """Theta of the greatest likelihood: quasi-Newton, then Newton until the gradient vanishes."""
    from scipy.optimize import minimize

    def value(t: Array) -> tuple[float, Array]:
        f = likelihood.minus2(t)
        return (f, likelihood.gradient(t)) if np.isfinite(f) else (1e12, np.zeros_like(t))

    rough = minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-3, "maxiter": 500})
    theta, best = rough.x, likelihood.minus2(rough.x)
    for _ in range(30):
        g = likelihood.gradient(theta)
        if np.abs(g).max() < GRADIENT:
            return theta
        step = _newton(likelihood.hessian(theta), g)
        scale = 1.0
        while scale > 1e-6 and not likelihood.minus2(theta - scale * step) <= best + 1e-9:
            scale /= 2
        theta = theta - scale * step
        best = likelihood.minus2(theta)
    if np.abs(likelihood.gradient(theta)).max() < 100 * GRADIENT:
        return theta
    raise NumericalError(
        "the fit did not converge",
        where="REML" if likelihood.reml else "ML",
        why="the gradient does not vanish: too few people for this covariance?",
        fix="choose a simpler covariance, for example ar1h or cs",
    )


def _newton(H: Array, g: Array) -> Array:
    w, v = np.linalg.eigh(H)
    w = np.maximum(np.abs(w), 1e-6 * np.abs(w).max())  # always downhill
    return v @ ((v.T @ g) / w)


def _probe(m: int) -> Array:
    """Places at unit distance, from which a spatial form's range is read back."""
    return np.arange(m, dtype=float)[:, None]


def _natural_order(text: str) -> tuple[Any, ...]:
    import re

    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", text) if p)


def _refuse_twice(index: Array, which: Array, people: Array, visits: list[str]) -> None:
    key = index * len(visits) + which
    if len(np.unique(key)) < len(key):
        k = int(key[np.flatnonzero(np.bincount(key)[key] > 1)[0]])
        raise InputError(
            "a visit stands twice",
            where=f"{people[k // len(visits)]}, {visits[k % len(visits)]}",
            why="a person has one response a visit",
            fix="keep one row",
        )


def _refuse_apart(index: Array, which: Array, visits: list[str]) -> None:
    """Two visits that nobody has together have no covariance to estimate."""
    seen = np.zeros((index.max() + 1, len(visits)))
    seen[index, which] = 1
    apart = np.argwhere(np.triu(seen.T @ seen == 0))
    if len(apart):
        a, b = visits[apart[0][0]], visits[apart[0][1]]
        raise InputError(
            "two visits are never seen in one person",
            where=f"{a}, {b}",
            why="their covariance cannot be estimated",
            fix="choose a structured covariance, for example ar1h",
        )


def _first(unit: Array, of: Array) -> Array:
    """The covariance group of each unit."""
    out = np.zeros(unit.max() + 1, int)
    out[unit] = of
    return out


def _units(
    t: pd.DataFrame, index: Array, which: Array, m: int, of: Array, coordinates: list[str] | None, form: Structure
) -> tuple[Array, Array]:
    """The unit of each row and the visits' positions: [m], or [units, m, d] for a spatial form (a unit is a person)."""
    if not form.spatial:
        return of, np.arange(m)
    if not coordinates:
        raise InputError(
            "a spatial covariance needs coordinates",
            where="coordinates",
            fix="name the columns, for example ['VISITN']",
        )
    at = np.zeros((index.max() + 1, m, len(coordinates)))
    at[index, which] = t[coordinates].to_numpy(float)
    return index, at


def _sample(design: Design, index: Array, which: Array, m: int) -> Array:
    """Covariance of least-squares residuals by pairs of visits, pulled to its diagonal so that it is positive."""
    beta = np.linalg.lstsq(design.X, design.y, rcond=None)[0]
    wide = np.full((index.max() + 1, m), np.nan)
    wide[index, which] = design.y - design.X @ beta
    seen = np.isfinite(wide)
    filled = np.where(seen, wide, 0.0)
    n = np.maximum(seen.T.astype(float) @ seen, 1)
    S = filled.T @ filled / n
    S = 0.7 * S + 0.3 * np.diag(np.diag(S))
    w, v = np.linalg.eigh(S)
    return v @ np.diag(np.maximum(w, 0.05 * w.max())) @ v.T
