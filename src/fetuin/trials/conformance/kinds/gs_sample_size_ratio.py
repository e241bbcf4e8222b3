"""Jennison and Turnbull: maximum and expected sizes as a percentage of the fixed design's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import RPACT, looks
from fetuin.trials.designs.group_sequential import design


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Effects are shares of the planned one: 0, 1/2, 1, 3/2."""
    i, o, tol = record["input"], record["expected"], record["tol"]
    d = design(
        RPACT[i["type"]],
        looks=looks(int(i["k"])),
        alpha=i["alpha"],
        sided=i["sided"],
        beta=1 - i["power"],
        parameter=i.get("rho"),
    )
    out = [Compared("max_pct", o["max_pct"], 100 * d.inflation, tol)]
    if "asn_H0_pct" in o:
        out.append(Compared("asn_H0_pct", o["asn_H0_pct"], 100 * d.asn_ratio(0), tol))
    if "asn_pct_theta_0_05_1_15" in o:
        out += listed("asn_pct", o["asn_pct_theta_0_05_1_15"], [100 * d.asn_ratio(s) for s in (0, 0.5, 1, 1.5)], tol)
    return out
