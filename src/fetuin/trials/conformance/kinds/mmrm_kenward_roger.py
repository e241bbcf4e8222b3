"""SAS ddfm=kr and kr(linear): the difference of the arms.

What SAS's own stopping rule leaves open (`sas_convergence.left_open`) is told beside a miss: its files carry more digits than
its iteration has settled. The tolerance stays the record's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.mmrm import Fit
from fetuin.trials.analysis.sas_convergence import left_open
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import METHODS, fitted


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Estimate, standard error, degrees of freedom."""
    m, o, tol = record["model"], record["expected"], record["tol"]
    f = fitted(m, folder)

    def numbers(g: Fit) -> Any:
        t = differences(g.design, inference(METHODS[m["ddfm"]])(g), arm="ARMCD", reference=m.get("ref", ""))[0].test
        return np.array([t.estimate, t.se, t.df])

    open_ = left_open(f, numbers)
    return [
        Compared(k, o[k], float(v), tol[k], k != "df", float(w))
        for k, v, w in zip(("est", "se", "df"), numbers(f), open_)
    ]
