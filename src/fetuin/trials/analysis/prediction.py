"""Predictions of a mixed model: a person's mean, and what a missing visit is likely to be given the visits seen.

    E(y_mis | y_obs) = X_mis b + S_mo S_oo^-1 (y_obs - X_obs b)

with the variance of a new observation: S_mm - S_mo S_oo^-1 S_om + (X_mis - S_mo S_oo^-1 X_obs) V (...)'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials.analysis.design_matrix import rows_for
from fetuin.trials.analysis.mmrm import Fit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Prediction:
    """Marginal mean with standard error; conditional prediction with the standard deviation of the outcome."""

    marginal: float
    marginal_se: float
    conditional: float
    conditional_se: float


def predict(fit: Fit, table: pd.DataFrame, *, subject: str = "USUBJID", visit: str = "AVISIT") -> list[Prediction]:
    """One prediction a row. An observed row's conditional prediction is its marginal one, as SAS prints."""
    V = fit.Phi  # SAS does not adjust predictions, whatever ddfm
    response = _response(fit)
    rows = table.copy()
    for c in fit.design.table.columns:
        if str(fit.design.table[c].dtype) == "category":
            rows[c] = rows[c].astype(str).astype(fit.design.table[c].dtype)
    X = rows_for(fit.design, rows)
    at = {v: i for i, v in enumerate(fit.visits)}
    out: list[Prediction] = [Prediction(*[float("nan")] * 4)] * len(rows)
    order = rows[subject].astype(str).to_numpy()
    for person in dict.fromkeys(order):
        index = np.flatnonzero(order == person)
        visits = np.array([at[v] for v in rows[visit].astype(str).to_numpy()[index]])
        y = rows[response].to_numpy(float)[index]
        for i, p in zip(index, _person(fit, V, X[index], visits, y)):
            out[i] = p
    return out


def _response(fit: Fit) -> str:
    """The response column: the one whose values are y."""
    for c in fit.design.table.columns:
        values = fit.design.table[c]
        if values.dtype.kind == "f" and np.array_equal(values.to_numpy(), fit.design.y):
            return str(c)
    raise KeyError("the response is not a plain column")


def _person(fit: Fit, V: np.ndarray, X: np.ndarray, visits: np.ndarray, y: np.ndarray) -> list[Prediction]:
    S = fit.sigma[0][np.ix_(visits, visits)]
    seen = np.isfinite(y)
    mean, se = X @ fit.beta, np.sqrt(np.einsum("kp,pq,kq->k", X, V, X))
    out = []
    for j in range(len(y)):
        if seen[j]:
            out.append(Prediction(float(mean[j]), float(se[j]), float(mean[j]), float(se[j])))
            continue
        weight = S[j, seen] @ np.linalg.inv(S[np.ix_(seen, seen)]) if seen.any() else np.zeros(0)
        value = mean[j] + weight @ (y[seen] - mean[seen])
        x = X[j] - weight @ X[seen]
        variance = S[j, j] - weight @ S[seen, j] + x @ V @ x
        out.append(Prediction(float(mean[j]), float(se[j]), float(value), float(np.sqrt(variance))))
    return out
