"""Calcium in atheroma: focal, tied to lipid and macrophages. The hazard is rupture."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class CoronaryIntima(SiteParameters):
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
    ossified: float = quantity(
        0.2, "1", "assumption: lamellar bone in a part of plaques", "lamellar part that cells do not remove", (0.0, 0.5)
    )


SITE = Site("Coronary intima", "artery", CoronaryIntima)
