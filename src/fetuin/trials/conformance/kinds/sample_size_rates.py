"""rpact: total of a comparison of two proportions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.designs.sample_size import rates


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """The total."""
    i, o = record["input"], record["output"]
    n = rates(i["pi1"], i["pi2"], alpha=i["alpha"], sided=i["sided"], power=i["power"], ratio=i.get("ratio", 1))
    return [Compared("n_total", o["n_total"], n, record["tol"])]
