"""Nephrocalcinosis: medulla and tubules, alkaline where acid is secreted."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Kidney(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        2.0, "mmol", "assumption: 200 mg of apatite", "calcium of an established deposit", (0.5, 10.0)
    )
    removal: float = quantity(
        0.1, "/a", "assumption: facts E, vascular tissue", "part that cells remove a year", (0.02, 0.5)
    )


SITE = Site("Kidney", "alkaline", Kidney)
