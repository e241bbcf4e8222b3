"""Virtual populations: one file each in `populations/`: what varies between people, how it goes together, what is plausible.

`[[varies]]` names a parameter (`group.name`) or `gfr`, a distribution (normal, lognormal, uniform) and its numbers, each
with a source; `[[together]]` a rank correlation of two of them; `[[plausible]]` what a person must show at day 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fetuin.catalog import documents
from fetuin.errors import InputError

DISTRIBUTIONS = {"normal": ("mean", "sd"), "lognormal": ("median", "cv"), "uniform": ("low", "high")}


@dataclass(frozen=True)
class Varies:
    """One quantity that differs between people. `a` and `b`: mean and sd, median and cv, or low and high."""

    name: str
    distribution: str
    a: float
    b: float
    low: float
    high: float
    unit: str
    source: str


@dataclass(frozen=True)
class Population:
    """A virtual population."""

    id: str
    name: str
    varies: tuple[Varies, ...]
    together: tuple[tuple[str, str, float, str], ...]
    plausible: tuple[tuple[str, float, float, str], ...]
    subject: Mapping[str, Any]
    note: str = ""


def _varies(d: Mapping[str, Any], where: str) -> Varies:
    kind = d.get("distribution", "lognormal")
    if kind not in DISTRIBUTIONS or "source" not in d or "unit" not in d:
        raise InputError(f"{d.get('name')}: a distribution, a unit and a source are needed.", where=where,
                         fix=f"distributions: {', '.join(DISTRIBUTIONS)}")  # fmt: skip
    a, b = (float(d[w]) for w in DISTRIBUTIONS[kind])
    return Varies(d["name"], kind, a, b, float(d.get("least", 0.0)), float(d.get("most", 1e9)), d["unit"], d["source"])


def read_population(key: str, d: Mapping[str, Any]) -> Population:
    """The Population of one TOML document."""
    where = f"populations/{key}.toml"
    varies = tuple(_varies(v, where) for v in d.get("varies", ()))
    names = {v.name for v in varies}
    together = tuple((t["a"], t["b"], float(t["rho"]), t["source"]) for t in d.get("together", ()))
    for a, b, rho, _ in together:
        if a not in names or b not in names or not -1 < rho < 1:
            raise InputError(f"the correlation of {a} and {b} is not possible.", where=where)
    plausible = tuple((p["analyte"], float(p["low"]), float(p["high"]), p["source"]) for p in d.get("plausible", ()))
    return Population(key, d["name"], varies, together, plausible, d.get("subject", {}), d.get("note", ""))


@cache
def populations() -> dict[str, Population]:
    """{id: Population} of the folder."""
    return {k: read_population(k, d) for k, d in documents("fetuin.knowledge", "populations").items()}


def population(key: str) -> Population:
    """One population by name; an unknown one lists what there is."""
    name = ALIASES.get(key, key)
    if name not in populations():
        raise InputError(f"no population '{key}' is known.", fix=f"one of: {', '.join(populations())}")
    return populations()[name]


ALIASES = {"healthy": "healthy_adult", "dialysis": "haemodialysis", "hemodialysis": "haemodialysis", "ckd_5d": "haemodialysis",
           "ckd5d": "haemodialysis"}  # fmt: skip
