"""Jennison and Turnbull: power-family spending of alpha and beta, binding futility."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import looks
from fetuin.trials.designs.group_sequential import design


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Maximum and expected sizes in percent of the fixed design's."""
    i, o, tol = record["input"], record["expected"], record["tol"]
    d = design(
        "kim_demets", looks=looks(int(i["k"])), alpha=i["alpha"], sided=i["sided"], beta=1 - i["power"], parameter=i["rho"],
        futility="kim_demets", futility_parameter=i["rho"], binding=bool(i["binding_futility"]),
    )  # fmt: skip
    asn = [100 * d.asn_ratio(s) for s in i["asn_at_theta"]]
    return [Compared("max_pct", o["max_pct"], 100 * d.inflation, tol), *listed("asn", o["asn"], asn, tol)]
