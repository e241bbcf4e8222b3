"""SAS: likelihood, covariance parameters and fixed effects with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import METHODS, fitted
from fetuin.trials.conformance.sas_effects import contrast


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """SAS orders visits by first appearance, so the variances are compared as a set."""
    m, o, tol = record["model"], record["expected"], record["tol"]
    f = fitted(m, folder)
    method = inference(METHODS[m["ddfm"]])(f)
    out = [Compared("m2ll", o.get("m2ll_precise", o["m2ll"]), f.minus2, tol["m2ll"] if "m2ll_precise" in o else 0.06)]
    for k, (theirs, ours) in enumerate(zip(np.sort([c[1] for c in o["cov"]]), np.sort(f.natural))):
        out.append(Compared(f"cov {k + 1} by size", float(theirs), float(ours), tol.get("cov", 0.002), True))
    for e in o["fixed"]:
        t = method.test(contrast(f, e["effect"], e.get("level", ""), m["formula"]))
        for key, value in (("est", t.estimate), ("se", t.se), ("lower", t.lower), ("upper", t.upper)):
            if e.get(key) is not None:
                out.append(
                    Compared(f"{e['effect']} {key}", e[key], float(value), tol["se" if key == "se" else "est"], True)
                )
        out.append(Compared(f"{e['effect']} df", e["df"], t.df, tol["df"]))
    return out
