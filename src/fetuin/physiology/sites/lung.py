"""Alveolar walls, alkaline because carbon dioxide leaves there: first in metastatic calcification."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.deposit_site import Site, SiteParameters
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Lung(SiteParameters):
    """Numbers of the site."""

    size: float = quantity(
        4.0, "mmol", "assumption: 400 mg of apatite", "calcium of an established deposit", (1.0, 20.0)
    )
    removal: float = quantity(
        0.3,
        "/a",
        "assumption: clears within years once the drive is gone",
        "part that cells remove a year",
        (0.05, 1.0),
    )


SITE = Site("Lung", "alkaline", Lung)
