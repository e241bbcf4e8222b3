"""SAS: type 2 and 3 tests with a covariate (AR(1), Satterthwaite, as its script)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.contrasts import type_tests
from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import fitted

SCRIPT = "ar1"  # the record points to the script, which uses type=ar(1)


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """F and denominator degrees of freedom of each effect."""
    m, tol = record["model"], record["tol"]
    covariance = m["cov"] if " " not in m["cov"] else SCRIPT
    effects = [e["effect"].replace("*", ":") for e in record["expected"]]  # SAS prints every term of its model
    f = fitted({**m, "formula": f"{m['formula'].split('~')[0]}~ {' + '.join(effects)}"}, folder, covariance)
    tests = {
        frozenset(k.split(":")): t
        for k, t in type_tests(f.design, inference("satterthwaite")(f), int(m["type"])).items()
    }
    out = []
    for e in record["expected"]:
        t = tests[frozenset(e["effect"].split("*"))]
        out += [
            Compared(f"{e['effect']} F", e["F"], t.F, tol["F"], True),
            Compared(f"{e['effect']} dendf", e["dendf"], t.denominator_df, tol["dendf"]),
        ]
    return out
