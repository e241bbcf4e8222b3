"""Analysis of covariance: outcome ~ treatment + baseline, one variance. Twin: `analysis/ancova.py`."""

from __future__ import annotations

import numpy as np

from fetuin.trials.estimators.contract import Analysed, Estimates


def estimate(d: Analysed) -> Estimates:
    """Difference of means at equal baseline."""
    use = (d.treated >= 0) & np.isfinite(d.outcome) & np.isfinite(d.baseline)
    y, g = np.where(use, d.outcome, 0.0), np.where(use, d.treated, 0).astype(float)
    n = use.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (np.where(use, d.baseline, 0.0).sum(axis=1) / n)[:, None]
        middle = (y.sum(axis=1) / n)[:, None]
    x, y = np.where(use, d.baseline - centre, 0.0), np.where(use, y - middle, 0.0)
    X = np.stack([use.astype(float), g, x], axis=2)
    gram, right = np.einsum("tni,tnj->tij", X, X), np.einsum("tni,tn->ti", X, y)
    scale = np.sqrt(np.einsum("tii->ti", gram))
    with np.errstate(invalid="ignore", divide="ignore"):
        bad = (n < 4) | ~(np.linalg.det(gram / scale[:, :, None] / scale[:, None, :]) > 1e-9)
    gram = np.where(bad[:, None, None], np.eye(3), gram)
    beta = np.linalg.solve(gram, right[..., None])[..., 0]
    rest = np.maximum((y**2).sum(axis=1) - (beta * right).sum(axis=1), 0.0)
    df = (n - 3).astype(float)
    variance = rest / np.maximum(df, 1.0) * np.linalg.inv(gram)[:, 1, 1]
    return Estimates(np.where(bad, np.nan, beta[:, 1]), np.where(bad, np.nan, np.sqrt(variance)), df)
