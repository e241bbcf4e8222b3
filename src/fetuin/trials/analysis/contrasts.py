"""LS means, their differences, and type 2 and 3 tests, as SAS and emmeans make them.

An LS mean is a prediction over a balanced grid: every combination of the factors counts the same, numbers stand at their
mean over the rows used.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.analysis.design_matrix import Design, rows_for
from fetuin.trials.analysis.inference.contract import FTest, Inference, Test

Array = np.ndarray


@dataclass(frozen=True)
class Difference:
    """Arm minus reference at one visit ("" where the model has no visit)."""

    arm: str
    reference: str
    visit: str
    test: Test


def factors(design: Design) -> dict[str, list[str]]:
    """The factors of the model and their levels."""
    used = [c for c in sorted(design.spec.required_variables) if c in design.table.columns]
    return {c: list(design.table[c].cat.categories) for c in used if str(design.table[c].dtype) == "category"}


def grid_row(design: Design, fixed: dict[str, str]) -> Array:
    """The mean design row of the balanced grid with some factors at given levels [p]."""
    import pandas as pd

    levels = factors(design)
    for f, level in fixed.items():
        if level not in levels.get(f, []):
            raise InputError(
                f"{level!r} is no level of {f}",
                where="LS mean",
                why=f"levels: {', '.join(levels.get(f, []))}",
                fix="name one of these",
            )
    free = {f: [fixed[f]] if f in fixed else v for f, v in levels.items()}
    rows = pd.DataFrame(list(product(*free.values())), columns=list(free)) if free else pd.DataFrame(index=[0])
    for f in free:
        rows[f] = pd.Categorical(rows[f], levels[f])
    for c in sorted(design.spec.required_variables):
        if c not in rows.columns:
            rows[c] = float(design.table[c].astype(float).mean())
    return rows_for(design, rows).mean(axis=0)


def ls_mean(design: Design, inference: Inference, **fixed: str) -> Test:
    """The LS mean with some factors at given levels: `ls_mean(d, i, ARMCD="TRT", AVISIT="VIS4")`."""
    return inference.test(grid_row(design, fixed))


def differences(
    design: Design, inference: Inference, *, arm: str, visit: str = "", reference: str = ""
) -> list[Difference]:
    """Every arm minus the reference, at each visit of the model."""
    levels = factors(design)
    base = reference or levels[arm][0]
    visits = levels.get(visit, [""]) if visit else [""]
    out = []
    for v in visits:
        at = {visit: v} if v else {}
        for a in levels[arm]:
            if a != base:
                L = grid_row(design, {arm: a, **at}) - grid_row(design, {arm: base, **at})
                out.append(Difference(a, base, v, inference.test(L)))
    return out


def type_tests(design: Design, inference: Inference, kind: int = 3) -> dict[str, FTest]:
    """F tests of each term. Type 3: each term beside all others, cells weighted evenly; type 2: beside those without it."""
    out = {}
    for term in design.terms:
        if term not in ("1", "Intercept"):
            L = _type_3(design, term) if kind == 3 else _type_2(design, term)
            out[term] = inference.joint(_independent(L))
    return out


def _independent(L: Array) -> Array:
    """A basis of the rows."""
    _, s, v = np.linalg.svd(L)
    return v[: int((s > 1e-9 * s.max()).sum())]


def _variables(term: str) -> set[str]:
    return set() if term in ("1", "Intercept") else set(term.split(":"))


def _type_3(design: Design, term: str) -> Array:
    """Contrasts of the term's factors on the balanced grid; slopes of numbers averaged over the factors in them."""
    levels = factors(design)
    names = _variables(term)
    inside = [f for f in names if f in levels]
    slopes = [c for c in names if c not in levels]
    rows = [
        (combo, _slope(design, dict(zip(inside, combo)), slopes)) for combo in product(*(levels[f] for f in inside))
    ]
    if not inside:
        return np.array([rows[0][1]])
    table = np.array([r for _, r in rows]).reshape([len(levels[f]) for f in inside] + [-1])
    there = [_variables(t) for t in design.terms]
    for axis, f in enumerate(inside):
        if names - {f} in there:  # without the term that f modifies, every level of f has an effect of its own
            table = np.diff(table, axis=axis)
    return table.reshape(-1, table.shape[-1])


def _slope(design: Design, fixed: dict[str, str], slopes: list[str]) -> Array:
    """The grid's mean row, differentiated by each number in `slopes`; other numbers at 0 as in SAS type 3."""
    import pandas as pd

    levels = factors(design)
    free = {f: [fixed[f]] if f in fixed else v for f, v in levels.items()}
    rows = pd.DataFrame(list(product(*free.values())), columns=list(free)) if free else pd.DataFrame(index=[0])
    for f in free:
        rows[f] = pd.Categorical(rows[f], levels[f])
    numbers = [c for c in sorted(design.spec.required_variables) if c not in free]

    def at(on: tuple[int, ...]) -> Array:
        r = rows.copy()
        for c in numbers:
            r[c] = float(on[slopes.index(c)]) if c in slopes else 0.0
        return rows_for(design, r).mean(axis=0)

    total = np.zeros(design.X.shape[1])
    for on in product((0, 1), repeat=len(slopes)):
        total += (-1) ** (len(slopes) - sum(on)) * at(on)
    return total


def _type_2(design: Design, term: str) -> Array:
    """The term's columns with those it does not contain swept out (weighted by X'X), as SAS type 2."""
    mine = design.terms[term]
    containing = [t for t in design.terms if _variables(t) > _variables(term) and _same_numbers(design, t, term)]
    above = [i for t in containing for i in design.terms[t]]
    others = [i for i in range(design.X.shape[1]) if i not in mine and i not in above]
    X = design.X

    def residual(columns: list[int]) -> Array:
        if not columns:
            return X[:, columns]
        return X[:, columns] - X[:, others] @ np.linalg.lstsq(X[:, others], X[:, columns], rcond=None)[0]

    M = residual(mine)
    L = np.zeros((len(mine), X.shape[1]))
    L[:, mine] = np.linalg.pinv(M.T @ M) @ (M.T @ M)
    if above:
        L[:, above] = np.linalg.pinv(M.T @ M) @ (M.T @ residual(above))
    return L


def _same_numbers(design: Design, bigger: str, smaller: str) -> bool:
    """A term is contained only in one with the same numbers (SAS): ARM in ARM*SEX, not in ARM*BASELINE."""
    levels = factors(design)
    return {v for v in _variables(bigger) if v not in levels} == {v for v in _variables(smaller) if v not in levels}
