"""East and gsDesign: conditional power; bounds by Hwang-Shih-DeCani spending with gamma -4 (gsDesign's default)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.gs import looks
from fetuin.trials.designs.conditional_power import conditional_power, two_stage
from fetuin.trials.designs.group_sequential import design

ALPHA, BETA, GAMMA = 0.025, 0.1, -4.0  # gsDesign's defaults, which the asserted runs use


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """At an interim look, or for the second stage of a combination test."""
    i = record["input"]
    sided = 1 if i.get("one_sided") else 2
    alpha = i.get("alpha", ALPHA) * sided
    d = design(
        "hwang_shih_decani",
        looks=looks(i.get("timing", int(i["k"]))),
        alpha=alpha,
        sided=sided,
        beta=i.get("beta", BETA),
        parameter=i.get("gamma", GAMMA),
    )
    if "n2" in i:
        ours = two_stage(d, i["z1"], i["n2"], i["theta"])
    else:
        ours = conditional_power(d, i["n_fix"], i["interim"], i["z1"], i["theta"])
    return [Compared("conditional_power", record["expected"], ours, record["tol"])]
