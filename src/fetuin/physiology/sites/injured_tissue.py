"""A muscle once bruised, a scar, an infarct, a tumour: wherever tissue died."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class InjuredTissue(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        1.0, "mmol", "assumption: 100 mg of apatite", "calcium of an established deposit", (0.1, 10.0)
    )
    removal: float = quantity(
        0.13,
        "/a",
        "facts E: quiescent calcific tendon 0.13 to 0.63 a year",
        "part that cells remove a year",
        (0.05, 0.63),
    )


SITE = Site("Injured tissue", "soft", InjuredTissue)
