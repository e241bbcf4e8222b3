"""Leaflets of the aortic valve, under mechanical stress all life."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Valve(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        1.2,
        "mmol",
        "Nguyen 2015: 1 108 AU before follow-up; assumption: 1 AU about 0.1 mg",
        "calcium of an established deposit",
        (0.3, 4.0),
    )
    removal: float = quantity(
        0.02, "/a", "assumption: as arteries or less", "part that cells remove a year", (0.0, 0.04)
    )
    ossified: float = quantity(
        0.3, "1", "assumption: bone in a third of leaflets", "lamellar part that cells do not remove", (0.0, 0.6)
    )


SITE = Site("Aortic valve", "artery", Valve)
