"""Calcium along elastic fibres of the coronary wall: diffuse, of kidney failure, diabetes and age. The hazard is stiffness."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class CoronaryMedia(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        0.4, "mmol", "assumption: half of a coronary deposit of 80 mg", "calcium of an established deposit", (0.1, 4.0)
    )
    removal: float = quantity(
        0.03,
        "/a",
        "TEMP, Bartstra 2020: -2.4 to -4 % a year when growth is blocked",
        "part that cells remove a year",
        (0.0, 0.04),
    )


SITE = Site("Coronary media", "artery", CoronaryMedia)
