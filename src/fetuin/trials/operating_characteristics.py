"""Operating characteristics of a design from its replicates, each with its Monte Carlo error (Morris, White, Crowther 2019)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Rows = Mapping[str, Array]


@dataclass(frozen=True)
class Characteristic:
    """One number of a design, its Monte Carlo standard error, unit and meaning."""

    name: str
    value: float
    mcse: float
    unit: str
    meaning: str


def share(hits: Array) -> tuple[float, float]:
    """A proportion and its Monte Carlo error; (k + 1) / (n + 2) in the error alone, so that 0 of n is not certain."""
    n, k = len(hits), float(np.sum(hits))
    smooth = (k + 1) / (n + 2)
    return k / n, math.sqrt(smooth * (1 - smooth) / n)


def mean(x: Array) -> tuple[float, float]:
    """A mean and its Monte Carlo error; NaN where nothing is left."""
    x = x[np.isfinite(x)]
    if len(x) == 0:
        return math.nan, math.nan
    return float(x.mean()), float(x.std(ddof=1) / math.sqrt(len(x))) if len(x) > 1 else math.nan


EFFORT = (
    ("enrolled", "expected size", "patients", "people randomised until the trial ends"),
    ("months", "expected duration", "months", "from the first person in to the analysis at which the trial ends"),
    ("patient_months", "patient-months", "months", "time of all people in the trial"),
    ("measurements", "measurements", "1", "values of the endpoint"),
    ("cost", "cost", "", "by the study's prices"),
    ("dropped_out", "dropped out", "patients", "lost before their last visit"),
    ("rescue", "rescued", "patients", "started a rescue binder"),
    ("discontinuation", "stopped treatment", "patients", "by the end of follow-up"),
    ("death", "died", "patients", "by the end of follow-up"),
    ("censored", "censored values", "1", "T50 beyond the run of the plate"),
    ("events", "events", "1", "of the endpoint"),
)


def characteristics(
    rows: Rows, null: Rows, truth: tuple[float, float], *, sided: int, unit: str, currency: str
) -> tuple[Characteristic, ...]:
    """All characteristics. A trial without an answer counts as one that does not reject, and is counted."""
    ok, estimate = rows["converged"].astype(bool), rows["estimate"]
    error = estimate - truth[0]
    bias = mean(error)
    covered = (rows["low"] <= truth[0]) & (truth[0] <= rows["high"])
    false = null["success"] | null["harm"] if sided == 2 else null["success"]
    spread = float(np.nanstd(estimate, ddof=1)) if ok.sum() > 1 else math.nan
    found = [
        Characteristic("power", *share(rows["success"]), "1", "rejects in the direction of benefit"),
        Characteristic("type I error", *share(false), "1", "rejects although no arm does anything" + ("" if sided == 2 else ", one side")),
        Characteristic("true effect", *truth, unit, "the estimand in the virtual patients"),
        Characteristic("mean estimate", *mean(estimate), unit, "over trials that have one"),
        Characteristic("bias", bias[0], math.hypot(bias[1], truth[1]), unit, "mean estimate less true effect"),
        Characteristic("empirical SE", spread, spread / math.sqrt(2 * max(int(ok.sum()) - 1, 1)), unit, "SD of the estimates"),
        Characteristic("model SE", *mean(rows["se"]), unit, "mean of the standard errors"),
        Characteristic("coverage", *(share(covered[ok]) if ok.any() else (math.nan, math.nan)), "1", "intervals that hold the true effect"),
        Characteristic("not converged", *share(~ok), "1", "final analyses without an answer"),
        Characteristic("stopped early", *share(rows["look"] < rows["look"].max()) if rows["look"].max() > 0 else (0.0, 0.0), "1", "before the last look"),
        Characteristic("stopped for futility", *share(rows["futile"]), "1", "at a futility bound"),
    ]  # fmt: skip
    for key, name, of, meaning in EFFORT:
        if key in rows and np.any(rows[key]):
            found.append(Characteristic(name, *mean(rows[key].astype(float)), of or currency, meaning))
    return tuple(found)


def said(value: float | None, error: float | None) -> str:
    """ "0.927 ± 0.006": as many digits as the Monte Carlo error has a say in; a dash where there is no number."""
    if value is None or not math.isfinite(value):
        return "-"
    if error is None or not math.isfinite(error):
        return f"{value:.4g}"
    if error == 0:
        return f"{value:,.6g} ± 0"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:,.{digits}f} ± {error:,.{digits}f}"
