"""What a site of deposits offers: its kind, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from fetuin.catalog import entries
from fetuin.quantities import quantity

Kind = Literal["artery", "alkaline", "soft"]
"""artery: a wall that can turn bone-like; alkaline: tissue that secretes acid, hence is alkaline inside; soft: the rest."""


@dataclass(frozen=True)
class SiteParameters:
    """Numbers of a site; each file gives its own."""

    size: float = quantity(
        1.0, "mmol", "assumption: 100 mg of apatite", "calcium of an established deposit", (0.2, 5.0)
    )
    injury: float = quantity(
        0.0, "1", "assumption: sound", "standing injury, 1 atheroma or scar, 3 necrosis", (0.0, 3.0)
    )
    removal: float = quantity(0.1, "/a", "assumption: facts E", "part that cells remove a year", (0.01, 1.0))
    ossified: float = quantity(0.0, "1", "assumption: none", "lamellar part that cells do not remove", (0.0, 0.8))


@dataclass(frozen=True)
class Site:
    """A site: its name in words, its kind, its parameters."""

    title: str
    kind: Kind
    parameters: type[SiteParameters]


@cache
def sites() -> dict[str, Site]:
    """{file name: Site} of the folder `sites`."""
    import fetuin.physiology.sites as folder

    return entries(folder, "SITE")
