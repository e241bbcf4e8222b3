"""Imputed results of the SAS five macros and R rbmi, by strategy: `{J2R: [est, se, lower, upper]}` or one for a named strategy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fetuin.errors import InputError
from fetuin.trials.analysis.imputation_strategies import NAMES
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.multiple_imputation import conditional_mean, multiple
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.imputing import posterior, ready

SEED = 20240607
LEAST = 5000  # our own imputations: never fewer; in mirrored pairs, so that the Monte Carlo error is theirs alone
LARGE, ESTIMATE_LARGE, DETERMINISTIC = 5000, 0.01, 2e-3  # README of the reference set
FEW = 500  # imputations from which the record's tolerances hold (README); Monte Carlo error grows with 1 / sqrt(M)


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Estimate and standard error within the record's tolerance, tighter where the README says; ends of the interval with both.

    A reference of fewer than 500 imputations has more Monte Carlo error of its own than that tolerance allows for: told beside
    a miss.
    """
    method, o, tol = record["method"], record["expected"], record["tol"]
    vignette = re.search("bayes|cond|vignette", method, re.IGNORECASE) is not None
    fixed = re.search("cond", method, re.IGNORECASE) is not None
    count = int((re.search(r"_M(\d+)", method) or [0, 0])[1])
    more = (FEW / count) ** 0.5 - 1.0 if 0 < count < FEW and not fixed else 0.0
    est = DETERMINISTIC if fixed else (min(tol["est"], ESTIMATE_LARGE) if count >= LARGE else tol["est"])
    se = DETERMINISTIC if fixed else tol["se"]
    out = []
    for how, (e, s, low, high) in _by_strategy(method, o).items():
        t = _ours(folder, record["data"], how, vignette, fixed, max(count, LEAST))
        if vignette and e * t.estimate < 0:  # rbmi's lm() takes the first level, DRUG, as reference: PLACEBO - DRUG
            e, low, high = -e, None if high is None else -high, None if low is None else -low
        out += [
            Compared(f"{how} est", e, t.estimate, est, open=more * est),
            Compared(f"{how} se", s, t.se, se, open=more * se),
        ]
        ends = {"lower": (low, t.lower), "upper": (high, t.upper)}
        wide = est + 2 * se
        out += [
            Compared(f"{how} {k}", v, float(u), wide, open=more * wide) for k, (v, u) in ends.items() if v is not None
        ]
    return out


def _ours(folder: Path, data: str, how: str, vignette: bool, fixed: bool, count: int) -> Test:
    d = ready(folder, data, not vignette)
    if fixed:
        return conditional_mean(d, how)
    return multiple(d, how, count, SEED, posterior=posterior(folder, data, not vignette, count, SEED))


def _by_strategy(method: str, o: Any) -> dict[str, tuple[float, float, float | None, float | None]]:
    """{strategy: (estimate, standard error, lower, upper)}."""
    if isinstance(o, dict) and "est" in o:
        named = [p for p in re.split(r"[_\W]+", method) if p.upper() in NAMES]
        if len(named) != 1:
            raise InputError("no imputation strategy", where=method, fix="name MAR, J2R, CR or CIR in the record")
        o = {named[0]: o}
    return {how: _numbers(v) for how, v in o.items()}


def _numbers(v: Any) -> tuple[float, float, float | None, float | None]:
    if isinstance(v, dict):
        low, high = v.get("ci", (None, None))
        return v["est"], v["se"], low, high
    low, high = v[2:4] if len(v) >= 4 else (None, None)
    return v[0], v[1], low, high
