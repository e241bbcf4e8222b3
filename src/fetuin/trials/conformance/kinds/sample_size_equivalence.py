"""SAS PROC POWER: total of two one-sided tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.designs.sample_size import equivalence_means


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """The total, both arms alike."""
    i = record["input"]
    n = equivalence_means(i["lower"], i["upper"], i["diff"], i["sd"], alpha=i["alpha"], power=i["power"])
    return [Compared("n_total", record["expected"]["n_total"], n, record["tol"])]
