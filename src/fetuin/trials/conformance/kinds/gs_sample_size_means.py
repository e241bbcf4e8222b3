"""rpact: group-sequential sizes and power of a comparison of two means by the t-test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import from_rpact
from fetuin.trials.designs.means_in_looks import plan


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Sizes, expected sizes, critical effects, power over a grid."""
    i, o, tol = record["input"], record["output"], record["tol"]
    p = plan(from_rpact(i), i["delta"], i["sd"], ratio=i.get("ratio", 1))
    out = [
        Compared("max_n", o["max_n"], p.n[-1], tol, True),
        *listed("n_by_stage", o["n_by_stage"], p.n, tol, relative=True),
    ]
    for key, share in (("expected_n_H0", 0.0), ("expected_n_H01", 0.5), ("expected_n_H1", 1.0)):
        out.append(Compared(key, o[key], p.expected(share), tol, True))
    out += listed("reject_per_stage", o["reject_per_stage"], p.design.crossing(p.design.drift()).upper, tol)
    out += listed("critical_effect", o["critical_effect"], p.critical_effect, tol, relative=True)
    grid = [p.power(x, i["power_n_total"]) for x in i["power_grid"]]
    out += listed("power", o["power"], [g[0] for g in grid], tol)
    return out + listed("expected_n", o["expected_n"], [g[1] for g in grid], tol, relative=True)
