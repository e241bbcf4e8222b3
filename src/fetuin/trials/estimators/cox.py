"""Cox's model with treatment alone: log hazard ratio by Newton's method on the partial likelihood (Breslow at ties)."""

from __future__ import annotations

import numpy as np

from fetuin.trials.estimators.contract import Analysed, Estimates

STEPS, NEAR = 30, 1e-9


def estimate(d: Analysed) -> Estimates:
    """Log hazard ratio and its standard error from the information; normal theory."""
    order = np.argsort(np.where(d.treated >= 0, d.time, np.inf), axis=1, kind="stable")
    g, s, use = (np.take_along_axis(x, order, axis=1) for x in (d.treated == 1, d.status, d.treated >= 0))
    s = s & use
    at_risk = [np.cumsum((m & use)[:, ::-1], axis=1)[:, ::-1].astype(float) for m in (~g, g)]
    observed = (s & g).sum(axis=1)
    beta = np.zeros(len(g))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for _ in range(STEPS):
            share = at_risk[1] * np.exp(beta)[:, None]
            p = np.where(s, share / (at_risk[0] + share), 0.0)
            information = (p * (1 - p)).sum(axis=1)
            step = (observed - p.sum(axis=1)) / information
            beta = beta + np.clip(step, -1.0, 1.0)
        error = 1.0 / np.sqrt(information)
    one_sided = (observed == 0) | (observed == s.sum(axis=1)) | ~(np.abs(step) < NEAR)
    se = np.where(one_sided, np.nan, error)
    return Estimates(np.where(one_sided, np.nan, beta), se, np.full(len(g), np.inf))
