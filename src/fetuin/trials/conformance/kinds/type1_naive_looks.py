"""What k unadjusted looks do to a one-sided error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.gs import looks
from fetuin.trials.designs.recursion import crossing


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """P(any Z_k > z), upper side only."""
    i = record["input"]
    p = crossing(np.array(looks(int(i["looks"]))), np.full(i["looks"], i["z"]), None).power
    return [Compared("type1", record["expected"], p, record["tol"])]
