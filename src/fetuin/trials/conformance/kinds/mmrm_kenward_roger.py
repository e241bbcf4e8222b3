"""SAS ddfm=kr and kr(linear): the difference of the arms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import METHODS, fitted


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Estimate, standard error, degrees of freedom."""
    m, o, tol = record["model"], record["expected"], record["tol"]
    f = fitted(m, folder)
    t = differences(f.design, inference(METHODS[m["ddfm"]])(f), arm="ARMCD", reference=m.get("ref", ""))[0].test
    return [
        Compared("est", o["est"], t.estimate, tol["est"], True), Compared("se", o["se"], t.se, tol["se"], True),
        Compared("df", o["df"], t.df, tol["df"]),
    ]  # fmt: skip
