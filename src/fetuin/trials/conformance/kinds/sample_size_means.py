"""rpact and SAS PROC POWER: total of a two-sample t-test."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.designs.sample_size import means


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """SAS rounds each arm up; rpact prints the fraction."""
    i, o, tol = record["input"], record.get("output") or record["expected"], record["tol"]
    ratio = i.get("ratio", 1)
    n = means(
        i.get("delta", i.get("diff")),
        i["sd"],
        alpha=i["alpha"],
        sided=i["sided"],
        power=i["power"],
        ratio=ratio,
        normal=bool(i.get("normal_approx")),
    )
    if "diff" in i:
        n = 2 * math.ceil(n / 2 - 1e-9)
    ours = {"n_total": n, "n1": n * ratio / (1 + ratio), "n2": n / (1 + ratio)}
    return [Compared(k, o[k], ours[k], tol) for k in ours if k in o]
