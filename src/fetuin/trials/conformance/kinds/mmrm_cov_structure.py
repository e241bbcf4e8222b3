"""SAS: likelihood, covariance parameters and the intercept of each structure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import METHODS, fitted


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Parameters are matched by the names SAS prints; a group's by its order."""
    m, o, tol = record["model"], record["expected"], record["tol"]
    f = fitted(m, folder)
    t = inference(METHODS[m["ddfm"]])(f).test(np.eye(len(f.beta))[0])
    out = [Compared("m2ll", o.get("m2ll_precise", o["m2ll"]), f.minus2, tol["m2ll"] if "m2ll_precise" in o else 0.06)]
    given, names, values = o["cov_params"], f.names, f.natural
    for k, (name, value) in enumerate((g[0], g[1]) for g in given):
        ours = values[names.index(name)] if name in names else values[k]
        out.append(Compared(name, value, float(ours), tol["cov"], True))
    i = o["intercept"]
    return [
        *out,
        Compared("est", i["est"], t.estimate, tol["est"], True),
        Compared("se", i["se"], t.se, tol["se"], True),
        Compared("df", i["df"], t.df, tol["df"]),
    ]
