"""Media of the aorta and the arteries to the legs: the path of the pulse wave. One site for all large arteries outside the heart."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Aorta(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        8.0, "mmol", "assumption: ten times a coronary deposit", "calcium of an established deposit", (2.0, 30.0)
    )
    removal: float = quantity(
        0.03,
        "/a",
        "TEMP, Bartstra 2020: -2.4 to -4 % a year when growth is blocked",
        "part that cells remove a year",
        (0.0, 0.04),
    )


SITE = Site("Aorta and leg arteries", "artery", Aorta)
