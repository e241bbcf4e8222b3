"""Named rules of a score: what counts as a spot, which thresholds at which tube voltage, how HU become milligrams.

Each rule is one TOML in `policies/`, `thresholds/` or `calibration/` with its source. They disagree in the field, so a
result always names the ones it used, and none is a silent default at a tube voltage it was not made for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fetuin.catalog import documents
from fetuin.errors import InputError, NotEnoughDataError

PACKAGE = "fetuin.imaging"


@dataclass(frozen=True)
class Policy:
    """Connectivity in the slice (4 or 8), smallest spot in pixels or mm2, and whose peak weighs: spot's or lesion's."""

    name: str
    connectivity: int
    minimum_pixels: int
    minimum_area_mm2: float
    peak: str
    source: str

    def smallest(self, pixel_area: float) -> int:
        """The least number of pixels of a spot that is kept, for a pixel of `pixel_area` mm2."""
        # the small subtraction keeps a spot of exactly the minimum area although 4 x 0.25 is rarely exact
        return max(self.minimum_pixels, math.ceil(self.minimum_area_mm2 / pixel_area - 1e-9), 1)


@dataclass(frozen=True)
class Calibration:
    """mg/cm3 of hydroxyapatite per HU, with its range and origin."""

    factor: float
    low: float
    high: float
    source: str


def _entry(folder: str, name: str, option: str) -> dict[str, Any]:
    known = documents(PACKAGE, folder)
    if name not in known:
        raise InputError(
            f"no {option} called {name!r}",
            where=f"--{option}",
            why=f"known: {', '.join(known)}",
            fix="name one of these",
        )
    return known[name]


def policy(name: str) -> Policy:
    """A policy by the name of its file."""
    d = _entry("policies", name, "policy")
    return Policy(
        name, d["connectivity"], d.get("minimum_pixels", 1), d.get("minimum_area_mm2", 0.0), d["peak"], d["source"]
    )


def thresholds(table: str, kvp: float | None) -> tuple[float, float, float, float]:
    """The threshold and the three weight steps [HU] of a table at a tube voltage [kV]; refused where it has none."""
    steps = _entry("thresholds", table, "thresholds")["kvp"]
    if "any" in steps:
        return tuple(steps["any"])
    if kvp is None:
        raise NotEnoughDataError(
            "the tube voltage is unknown",
            where="(0018,0060) KVP",
            why="the threshold depends on it",
            fix="state it with --kvp, for example --kvp 120",
        )
    found = steps.get(f"{kvp:g}")
    if found is None:
        raise NotEnoughDataError(
            f"the table {table!r} has no threshold at {kvp:g} kV",
            where="(0018,0060) KVP",
            why=f"it has {', '.join(steps)} kV",
            fix=f"choose one with --thresholds: {', '.join(documents(PACKAGE, 'thresholds'))}",
        )
    return tuple(found)


def calibration(manufacturer: str, factor: float | None = None) -> Calibration:
    """A given factor [mg/cm3 per HU], else that of the scanner's maker, else the theoretical one; source said."""
    if factor is not None:
        if not 0.3 < factor < 2:
            raise InputError(
                "an impossible calibration factor",
                where="--calibration",
                why=f"{factor:g} mg/cm3 per HU; scanners lie between 0.7 and 0.95",
                fix="give mg/cm3 per HU",
            )
        return Calibration(factor, factor, factor, "given by the user")
    table = documents(PACKAGE, "calibration")
    for d in table.values():
        if any(m in manufacturer.lower() for m in d["match"]):
            return Calibration(d["factor"], d["low"], d["high"], d["source"])
    d = table["theory"]
    return Calibration(d["factor"], d["low"], d["high"], d["source"])
