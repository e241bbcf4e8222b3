"""Wang and Tsiatis: inflation and final bound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.gs import looks
from fetuin.trials.designs.group_sequential import design


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Two numbers."""
    i, o, tol = record["input"], record["expected"], record["tol"]
    d = design(
        "wang_tsiatis",
        looks=looks(int(i["k"])),
        alpha=i["alpha"],
        sided=i["sided"],
        beta=1 - i["power"],
        parameter=i["Delta"],
    )
    return [
        Compared("inflation", o["inflation"], d.inflation, tol),
        Compared("final_bound", o["final_bound"], float(d.critical[-1]), tol),
    ]
