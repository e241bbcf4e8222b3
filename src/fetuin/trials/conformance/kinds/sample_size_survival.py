"""rpact: events and total of a log-rank trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.designs.sample_size import survival


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Events, total, duration."""
    i, o = record["input"], record["output"]
    ours = survival(
        i["hr"], i["median_control_months"], accrual=i["accrual"], follow_up=i["followup"], dropout_per_12=i["dropout_per_12m"],
        alpha=i["alpha"], sided=i["sided"], power=i["power"], ratio=i.get("ratio", 1),
    )  # fmt: skip
    return [Compared(k, o[k], ours[k], record["tol"]) for k in ours if k in o]
