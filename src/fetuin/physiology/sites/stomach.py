"""Fundic mucosa, alkaline because acid leaves there."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Stomach(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        1.0, "mmol", "assumption: 100 mg of apatite", "calcium of an established deposit", (0.2, 5.0)
    )
    removal: float = quantity(
        0.3, "/a", "assumption: mucosa renews; clears within years", "part that cells remove a year", (0.05, 1.0)
    )


SITE = Site("Stomach", "alkaline", Stomach)
