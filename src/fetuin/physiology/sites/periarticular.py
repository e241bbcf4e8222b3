"""Bursae and tendons, slightly injured by use: the cloud-like masses of tumoral calcinosis."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Periarticular(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        20.0, "mmol", "assumption: 2 g of apatite, a palpable mass", "calcium of an established deposit", (2.0, 100.0)
    )
    injury: float = quantity(0.05, "1", "assumption: wear of joints in use", "standing injury", (0.0, 0.5))
    removal: float = quantity(
        0.8,
        "/a",
        "facts E: uraemic tumoral calcinosis regresses over months to years",
        "part that cells remove a year",
        (0.13, 2.0),
    )


SITE = Site("Periarticular tissue", "soft", Periarticular)
