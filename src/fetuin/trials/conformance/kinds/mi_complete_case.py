"""The observed visits alone: MMRM, treatment difference at the last visit with Satterthwaite's degrees of freedom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.mmrm import fit
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.imputing import ARM, PRINTED, REFERENCE, SUBJECT, VISIT, formula, visits_as_text


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Estimate, standard error, interval and p, as printed with three decimals."""
    o, t = record["expected"], visits_as_text(folder, record["data"])
    model = formula(record["models"]["complete_case"])
    f = fit(t, model, subject=SUBJECT, visit=VISIT, reference={ARM: REFERENCE})
    last = differences(f.design, inference("satterthwaite")(f), arm=ARM, visit=VISIT)[-1].test
    pairs = {"est": (o["est"], last.estimate), "se": (o["se"], last.se), "p": (o.get("p"), last.p)}
    pairs |= {"lower": (o["ci"][0], last.lower), "upper": (o["ci"][1], last.upper)}
    return [Compared(k, e, float(v), PRINTED) for k, (e, v) in pairs.items() if e is not None]
