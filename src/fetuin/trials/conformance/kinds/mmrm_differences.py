"""R mmrm: differences of the arms by visit, for a structure and a method."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import fitted

# the tolerances of the README: estimate 1e-4, SE 1e-3 relative, df 0.05
ESTIMATE, SE, DF = 1e-4, 1e-3, 0.05


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Deviance; estimate, SE, df at each visit."""
    o = record["expected"]
    f = fitted({"formula": record["model"], "cov": o["cov"]}, folder, sas=False)
    linear = "inear" in o["method"]
    method = (
        "kenward_roger_linear"
        if linear
        else "satterthwaite"
        if o["method"].startswith("Satt")
        else "kenward_roger_free"
    )
    by = {d.visit: d.test for d in differences(f.design, inference(method)(f), arm="ARMCD", visit="AVISIT")}
    out = [Compared("deviance", o["deviance"], f.minus2, 1e-3)]
    for e in o["diffs"]:
        t, v = by[e["AVISIT"]], e["AVISIT"]
        out += [
            Compared(f"{v} estimate", e["estimate"], t.estimate, ESTIMATE, True),
            Compared(f"{v} SE", e["SE"], t.se, SE, True),
            Compared(f"{v} df", e["df"], t.df, DF),
        ]
    return out
