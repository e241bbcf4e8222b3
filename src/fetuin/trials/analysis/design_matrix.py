"""From a table and an R-like formula to a response, a design matrix, and each person's visits.

Factors are coded against a reference (the first level in alphabetical order unless one is named), as R and SAS print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Design:
    """Rows that have a response: y [n], X [n, p], names of the columns, the model's terms and the table behind them."""

    y: np.ndarray
    X: np.ndarray
    columns: list[str]
    terms: dict[str, list[int]]  # term -> its columns; the intercept is "1"
    table: Any  # the rows used
    spec: Any  # formulaic's model spec, to make rows of new data


def build(table: pd.DataFrame, formula: str, *, reference: dict[str, str] | None = None) -> Design:
    """The design of `response ~ terms`. Rows without a response or a covariate are left out, as for REML."""
    try:
        from formulaic import Formula
    except ImportError:
        raise MissingExtraError("formulaic", "trial") from None
    parsed = Formula(formula)
    wanted = sorted(parsed.required_variables)
    lost = [c for c in wanted if c not in table.columns]
    if lost:
        raise InputError(
            f"no column {lost[0]!r}",
            where=formula,
            why=f"the table has {', '.join(map(str, table.columns))}",
            fix="correct the formula or the table",
        )
    used = table.dropna(subset=wanted).copy()
    if used.empty:
        raise InputError(
            "no complete row", where=formula, why="each row lacks a response or a covariate", fix="check the table"
        )
    for c in wanted:
        if used[c].dtype.kind == "f" and not np.isfinite(used[c].to_numpy()).all():
            raise InputError("an infinite value", where=c, fix="leave it out as missing, or use a censored analysis")
    _order_levels(used, wanted, reference or {})
    made = parsed.get_model_matrix(used, na_action="ignore")
    spec = made.rhs.model_spec
    terms = {str(t): list(range(s.start, s.stop)) for t, s in spec.term_slices.items()}
    columns = [str(c) for c in made.rhs.columns]
    return Design(np.asarray(made.lhs, float).ravel(), np.asarray(made.rhs, float), columns, terms, used, spec)


def _order_levels(used: pd.DataFrame, columns: list[str], reference: dict[str, str]) -> None:
    import pandas as pd

    for c in columns:
        if pd.api.types.is_numeric_dtype(used[c]):
            continue
        levels = sorted(used[c].astype(str).unique())
        first = reference.get(c, levels[0])
        if first not in levels:
            raise InputError(
                f"{first!r} is no level of {c}",
                where="reference",
                why=f"levels: {', '.join(levels)}",
                fix="name one of these",
            )
        used[c] = pd.Categorical(used[c].astype(str), [first, *(v for v in levels if v != first)])


def rows_for(design: Design, new: pd.DataFrame) -> np.ndarray:
    """Design rows [k, p] of new data with the same coding."""
    return np.asarray(design.spec.get_model_matrix(new, na_action="ignore"), float)
