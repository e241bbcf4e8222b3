"""East: the observed effect that just crosses each bound, in the units of the planned effect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import RPACT, looks
from fetuin.trials.designs.group_sequential import design


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """critical / sqrt(information), where the planned effect has the design's drift at full information."""
    i = record["input"]
    sided = 1 if i.get("one_sided", True) else 2
    d = design(
        RPACT[i["spending"]], looks=looks(i.get("timing", int(i["k"]))), alpha=i["alpha"], sided=sided, beta=i["beta"]
    )
    ours = d.critical / np.sqrt(d.t) / d.drift() * i["delta1"]
    return listed("critical_effect", record["expected"], ours, record["tol"])
