"""SAS empirical: the sandwich."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import fitted


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Estimate and standard error."""
    o, tol = record["expected"], record["tol"]
    f = fitted(record["model"], folder)
    t = differences(f.design, inference("empirical")(f), arm="ARMCD", reference=record["model"].get("ref", ""))[0].test
    return [Compared("est", o["est"], t.estimate, tol["est"], True), Compared("se", o["se"], t.se, tol["se"], True)]
