"""Nodules and sheets in skin: in connective-tissue disease, about a leaked infusion, without a reason."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Skin(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        1.0, "mmol", "assumption: 100 mg of apatite", "calcium of an established deposit", (0.1, 10.0)
    )
    removal: float = quantity(
        0.2, "/a", "assumption: calcific nodules stay for years", "part that cells remove a year", (0.05, 1.0)
    )


SITE = Site("Skin and subcutis", "soft", Skin)
