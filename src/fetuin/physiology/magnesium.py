"""Magnesium between plasma and cells: slow exchange with a store much larger than the plasma's. mmol, d."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Magnesium:
    """Parameters of the store."""

    store: float = quantity(
        120.0,
        "mmol",
        "assumption: part of some 1 mol that exchanges within weeks",
        "exchangeable magnesium of cells and bone",
        (60.0, 300.0),
    )
    exchange: float = quantity(
        12.0, "L/d", "assumption: days to weeks", "clearance between plasma and store", (4.0, 30.0)
    )


def into_cells(plasma: Any, store: Any, reference: Any, p: Magnesium) -> Any:
    """Net magnesium into the store [mmol/d] at plasma concentration and store, none at the reference."""
    return p.exchange * (plasma - reference * store / p.store)
