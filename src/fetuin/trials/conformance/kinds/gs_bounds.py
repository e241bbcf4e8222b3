"""Published tables of bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import RPACT, looks
from fetuin.trials.designs.group_sequential import design


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """The bounds of k evenly spaced looks."""
    i = record["input"]
    d = design(RPACT[i["type"]], looks=looks(int(i["k"])), alpha=i["alpha"], sided=i["sided"], parameter=i.get("param"))
    return listed("bound", record["expected"], d.critical, record["tol"])
