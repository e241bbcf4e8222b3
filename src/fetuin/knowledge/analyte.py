"""Analytes: one file each in `analytes/`, with its codes, accepted units, molar mass, intervals and traps.

What each entry means stands in `docs/reference/analytes.md`. The name of the file is the key of the analyte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from fetuin.catalog import documents
from fetuin.units import factor, spellings


@dataclass(frozen=True, slots=True)
class Loinc:
    """A LOINC code. `status`: "verified" code and name were seen, "digit" only its check digit was computed."""

    code: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A reference interval in the canonical unit, for ages [years) and sex ("any", "F", "M"). None is an open end."""

    low: float | None
    high: float | None
    source: str
    age_from: float = 0.0
    age_to: float = 200.0
    sex: str = "any"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A band of values [canonical unit] in which a result is likely another analyte under this one's code.

    Such a result is read only where the source itself settles it: by its own reference interval or by `settled_by`.
    """

    other: str
    low: float
    high: float
    settled_by: str
    source: str


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte: `factors` are {UCUM code: what a value is multiplied by to be in the canonical unit}."""

    key: str
    name: str
    canonical: str
    specimen: str
    aliases: tuple[str, ...]
    loinc: tuple[Loinc, ...]
    factors: Mapping[str, float]
    spellings: Mapping[str, str]
    plausible: tuple[float, float]
    plausible_source: str
    intervals: tuple[Interval, ...] = ()
    confusion: Confusion | None = None
    molar_mass: float | None = None
    molar_mass_source: str = ""
    hint: str = ""
    note: str = ""

    def interval(self, age: float | None = None, sex: str | None = None) -> Interval | None:
        """The interval for a person; where age is not known the adult one, where sex is not known only one for any sex."""
        years = 40.0 if age is None else age
        fits = [i for i in self.intervals if i.age_from <= years < i.age_to and i.sex in ("any", sex)]
        return min(fits, key=lambda i: i.sex == "any", default=None)


def _factors(d: Mapping[str, Any]) -> dict[str, float]:
    mass = d.get("molar_mass", {}).get("value")
    given = {u: Fraction(str(f)) for u, f in d.get("factors", {}).items()}
    exact = {u: factor(u, d["canonical"], mass, d.get("valence")) for u in d["units"] if u not in given}
    return {u: float(f) for u, f in (exact | given).items()}


def _analyte(key: str, d: Mapping[str, Any]) -> Analyte:
    factors = _factors(d)
    printed = dict(d.get("printed_units", {}))
    trap = d.get("confusion")
    return Analyte(
        key=key,
        name=d["name"],
        canonical=d["canonical"],
        specimen=d.get("specimen", ""),
        aliases=tuple(d.get("aliases", ())),
        loinc=tuple(Loinc(x["code"], x.get("name", ""), x["status"]) for x in d.get("loinc", ())),
        factors=factors,
        spellings=spellings(factors) | printed,
        plausible=(d["plausible"]["low"], d["plausible"]["high"]),
        plausible_source=d["plausible"]["source"],
        intervals=tuple(Interval(**{"low": None, "high": None} | i) for i in d.get("reference_interval", ())),
        confusion=Confusion(trap["with"], trap["low"], trap["high"], trap["settled_by"], trap["source"])
        if trap
        else None,
        molar_mass=d.get("molar_mass", {}).get("value"),
        molar_mass_source=d.get("molar_mass", {}).get("source", ""),
        hint=d.get("hint", ""),
        note=d.get("note", ""),
    )


@cache
def analytes() -> dict[str, Analyte]:
    """{key: Analyte} of every file in `analytes/`."""
    return {key: _analyte(key, d) for key, d in documents("fetuin.knowledge", "analytes").items()}


@cache
def by_loinc() -> dict[str, Analyte]:
    """{LOINC code: Analyte}."""
    return {code.code: a for a in analytes().values() for code in a.loinc}


def plain(name: str) -> str:
    """A name reduced to the form by which analytes are looked up: small letters, single spaces, no underscores."""
    return " ".join(name.lower().replace("_", " ").replace("\u200b", "").split())


@cache
def by_name() -> dict[str, Analyte]:
    """{plain name, key or alias: Analyte}. A name that two analytes claim belongs to neither."""
    found: dict[str, Analyte | None] = {}
    for a in analytes().values():
        for name in {plain(n) for n in (a.key, a.name, *a.aliases)}:
            found[name] = None if name in found else a
    return {name: a for name, a in found.items() if a}


def check_digit(code: str) -> bool:
    """True where the last digit of a LOINC code is the mod-10 check digit of the digits before it."""
    digits, _, last = code.partition("-")
    if not (digits.isdigit() and len(last) == 1 and last.isdigit()):
        return False
    total = 0
    for i, c in enumerate(reversed(digits)):
        n = int(c) * (2 if i % 2 == 0 else 1)
        total += n - 9 if n > 9 else n
    return (10 - total % 10) % 10 == int(last)
