"""SAS PROC SEQDESIGN: events and total, hazard given, study of length T with a least follow-up."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.designs.sample_size import survival


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Events and n; the median is written ln2/M."""
    i, o, tol = record["input"], record["expected"], record["tol"]
    text = str(i["lambdaC"])
    median = float(text.removeprefix("ln2/")) if text.startswith("ln2/") else math.log(2) / float(text)
    ours = survival(
        i["hr"],
        median,
        accrual=i["T"] - i["minfup"],
        follow_up=i["minfup"],
        alpha=i["alpha"],
        sided=1,
        power=i["power"],
    )
    return [Compared("events", o["events"], ours["events"], tol), Compared("n", o["n"], ours["n_total"], tol)]
