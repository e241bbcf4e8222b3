"""The words of deposits, injuries and arteries of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fetuin.errors import InputError, UnitError
from fetuin.physiology.artery import CLASSES
from fetuin.physiology.deposit import found_at
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.scan import calcium_of
from fetuin.physiology.targets import Targets, from_mapping
from fetuin.validation.amounts import days, parts
from fetuin.validation.shapes import number, table


def vessel(entry: Mapping[str, Any], where: str) -> dict[str, float]:
    """Parameters of the arteries from `age` (a number of years, or with a unit) and `blood_pressure` (a class)."""
    found = {}
    if "age" in entry:
        text = entry["age"]
        found["artery.age"] = (
            number(text, f"{where}.age") if isinstance(text, int | float) else days(text, f"{where}.age") / 365.25
        )
    if "blood_pressure" in entry:
        if entry["blood_pressure"] not in CLASSES:
            raise InputError(f"'{entry['blood_pressure']}' is no class of blood pressure.", where=where,
                             fix=f"one of: {', '.join(CLASSES)}")  # fmt: skip
        found["artery.pressure_class"] = float(CLASSES.index(entry["blood_pressure"]))
    return found


def deposits(entry: Mapping[str, Any], where: str) -> dict[str, float]:
    """{site: mmol calcium} of deposits given as mg, g, mmol, mm3 or AU."""
    found = {}
    for site, text in entry.items():
        _, value, unit = parts(text, f"{where}.{site}")
        amount = calcium_of(value, unit)
        if amount is None:
            raise UnitError(f"the deposit '{text}' has {f'the unit {unit!r}' if unit else 'no unit'}.",
                            where=f"{where}.{site}", fix="mg (of apatite), g, mmol (of calcium), mm3 or AU")  # fmt: skip
        found["aorta" if site == "leg_arteries" else site] = amount
    found_at(found, where)
    return found


def injuries(entry: Any, where: str) -> Targets:
    """Targets of `{ site = grade }`: 1 inflamed or atheroma, 3 dead; "coronary" is the intima."""
    moved = {}
    for site, grade in table(entry, where).items():
        own = {"coronary": "coronary_intima", "leg_arteries": "aorta", "muscle": "injured_tissue"}.get(site, site)
        if own not in sites():
            raise InputError(f"'{site}' is no site of deposits.", where=where, fix=f"one of: {', '.join(sites())}")
        if not isinstance(grade, int | float) or not 0 <= grade <= 10:
            raise InputError(f"an injury of {grade!r} is not possible.", where=where, fix="0 none, 1 inflamed, 3 dead")
        moved[f"injury_{own}"] = float(grade)
    return from_mapping(moved, where)
