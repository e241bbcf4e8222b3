"""Group-sequential inputs as rpact names them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.designs.group_sequential import GroupSequential, design

RPACT = {
    "OF": "obrien_fleming", "P": "pocock", "Pocock": "pocock", "WT": "wang_tsiatis", "HP": "haybittle_peto",
    "asOF": "lan_demets_obrien_fleming", "asP": "lan_demets_pocock", "asKD": "kim_demets", "asHSD": "hwang_shih_decani",
    "bsOF": "lan_demets_obrien_fleming", "bsP": "lan_demets_pocock", "bsKD": "kim_demets", "bsHSD": "hwang_shih_decani",
    "power spending": "kim_demets", "Lan-DeMets OF": "lan_demets_obrien_fleming", "LDOF": "lan_demets_obrien_fleming",
}  # fmt: skip


def looks(given: list[float] | int) -> list[float]:
    """Information fractions; a number is that many, evenly spaced; the last is exactly 1."""
    if isinstance(given, int):
        return [(i + 1) / given for i in range(given)]
    k = len(given)
    even = [(i + 1) / k for i in range(k)]
    return even if max(abs(a - b) for a, b in zip(given, even)) < 1e-6 else [*given[:-1], 1.0]


def from_rpact(i: dict[str, Any]) -> GroupSequential:
    """The design of an rpact input."""
    kind = i.get("type") or i["alpha_spending"]
    futility = i.get("beta_spending")
    beta = i["beta"] if "beta" in i else 1 - i["power"]
    return design(
        RPACT[kind], looks=looks(i["information_rates"]), alpha=i["alpha"], sided=i["sided"], beta=beta, parameter=i.get("param", i.get("gammaA")),
        futility=RPACT[futility] if futility else None, futility_parameter=i.get("gammaB"), binding=bool(i.get("binding")),
    )  # fmt: skip


NEVER = 7.5  # a bound of a level below 1e-13: rpact prints infinity, which JSON has no word for


def bounds(name: str, expected: Any, ours: Any, tolerance: float) -> list[Compared]:
    """Critical values one by one; null stands for a bound that nobody crosses."""
    return [
        replace(c, ours=None) if c.expected is None and c.ours is not None and c.ours > NEVER else c
        for c in listed(name, expected, ours, tolerance)
    ]
