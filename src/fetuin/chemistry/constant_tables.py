"""Named tables of equilibrium constants: one TOML file each in `constants/`, chosen by name.

A table lists components (what is given in total), species (what forms in solution) and phases (what may precipitate),
each constant with its source. A table may be `based_on` another and name only what differs. Reactions are written as in
the literature and are composed here into the components: log10 of the species' activity is log K plus the sum of
stoichiometry times log10 of the components' activities. Temperature moves log K by van 't Hoff where an enthalpy is given.
"""

from __future__ import annotations

import math
import re
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from fetuin.catalog import documents
from fetuin.errors import InputError, UsageError

GAS_CONSTANT = 8.314462618e-3  # kJ/(mol K), CODATA 2018 (exact)
KELVIN = 273.15
SECTIONS = ("components", "species", "phases")

Stoichiometry = dict[str, float]


def van_t_hoff(enthalpy: float, temperature_c: float, reference_c: float) -> float:
    """What log10 K gains from `reference_c` to `temperature_c` [C] by an enthalpy [kJ/mol]."""
    inverse = 1.0 / (reference_c + KELVIN) - 1.0 / (temperature_c + KELVIN)
    return enthalpy / (GAS_CONSTANT * math.log(10.0)) * inverse


@dataclass(frozen=True)
class Reaction:
    """One species or phase: log K and enthalpy of its formation from components (a phase: of its dissolution)."""

    name: str
    written: str
    log_k: float  # of the composed reaction, at the table's temperature
    enthalpy: float  # kJ/mol of the composed reaction
    composition: Stoichiometry  # component (H and H2O too): amount
    charge: int
    gamma: tuple[float, float] | None  # Debye-Hueckel a [Angstrom] and b [kg/mol]; None: Davies
    meaning: str
    source: str
    written_log_k: float
    written_enthalpy: float | None  # None: not known, so the written constant does not move with temperature

    def log_k_at(self, temperature_c: float, reference_c: float) -> float:
        """log10 K at a temperature, by van 't Hoff; the table's own value where no enthalpy is known."""
        return self.log_k + van_t_hoff(self.enthalpy, temperature_c, reference_c)


@dataclass(frozen=True)
class Component:
    """What is given in total: its free ion, its column in a file of sera, and mmol per unit of that column."""

    name: str
    ion: str
    charge: int
    gamma: tuple[float, float] | None
    column: str
    per_unit: float
    meaning: str


@dataclass(frozen=True)
class ConstantTable:
    """A whole table: components, species, phases, the temperature it holds at, and its sources."""

    name: str
    title: str
    temperature_c: float
    temperature_range_c: tuple[float, float]
    components: dict[str, Component]
    species: dict[str, Reaction]
    phases: dict[str, Reaction]
    sources: dict[str, str]
    changed: tuple[str, ...]  # what differs from the table it is based on, in words

    def without_temperature(self) -> list[str]:
        """Species and phases whose constant does not move with temperature for want of an enthalpy."""
        return [r.name for r in (*self.species.values(), *self.phases.values()) if r.written_enthalpy is None]


def names() -> list[str]:
    """The names of all tables, the reference first."""
    return sorted(documents("fetuin.chemistry", "constants"), key=lambda n: (n != "plasma37", n))


def terms(side: str) -> Stoichiometry:
    """{formula: amount} of one side of a reaction: `5 Ca+2 + 3 PO4-3 + H2O`."""
    out: Stoichiometry = {}
    for part in re.split(r"\s\+\s", side.strip()):
        match = re.fullmatch(r"(?:(\d+(?:\.\d+)?)\s+)?(\S+)", part.strip())
        if not match:
            raise InputError(f"'{part}' is not a term of a reaction.", where=side, fix="write `2 H+ + PO4-3`")
        out[match[2]] = out.get(match[2], 0.0) + float(match[1] or 1.0)
    return out


def _document(name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A table's TOML with what it is based on filled in, and the list of what it changes."""
    found = documents("fetuin.chemistry", "constants")
    if name not in found:
        raise UsageError(f"No table of constants is called '{name}'.", fix=f"choose one of: {', '.join(names())}")
    own = found[name]
    if "based_on" not in own:
        return own, ()
    whole = deepcopy(_document(own["based_on"])[0])
    whole["sources"] |= own.get("sources", {})
    changed = []
    for section in SECTIONS:
        for key, values in own.get(section, {}).items():
            if key not in whole[section]:
                raise InputError(f"'{key}' is not in the table '{own['based_on']}'.", where=f"{name}.toml [{section}]")
            if "log_k" in values:
                changed.append(f"{key} log K {whole[section][key]['log_k']:g} -> {values['log_k']:g}")
            whole[section][key] |= values
    return whole | {"title": own["title"]}, tuple(changed)


def _compose(name: str, entry: dict[str, Any], known: dict[str, Reaction], *, phase: bool) -> Reaction:
    """The reaction in components alone: every other species in it is replaced by its own composition."""
    left, right = (terms(s) for s in entry["reaction"].split(" = "))
    product, made_of = (next(iter(left)), dict(right)) if phase else (name, dict(left))
    for formula, amount in (left if phase else right).items():
        if formula != product:
            made_of[formula] = made_of.get(formula, 0.0) - amount
    log_k, enthalpy = entry["log_k"], entry.get("enthalpy", 0.0)
    composition: Stoichiometry = {}
    charge = 0.0
    for formula, amount in made_of.items():
        if formula not in known:
            raise InputError(f"'{formula}' is not a known species.", where=f"reaction of {name}: {entry['reaction']}")
        part = known[formula]
        step = amount if not phase else -amount
        log_k, enthalpy = log_k + step * part.log_k, enthalpy + step * part.enthalpy
        charge += amount * part.charge
        for component, n in part.composition.items():
            composition[component] = composition.get(component, 0.0) + amount * n
    if phase and abs(charge) > 1e-9:
        raise InputError(f"The reaction of {name} is not balanced: charge {charge:g}.", where=entry["reaction"])
    gamma = tuple(entry["gamma"]) if "gamma" in entry else None
    return Reaction(
        name, entry["reaction"], log_k, enthalpy, {c: n for c, n in composition.items() if n}, round(charge), gamma,
        entry.get("meaning", ""), entry["source"], entry["log_k"], entry.get("enthalpy"),
    )  # fmt: skip


def _component(name: str, entry: dict[str, Any]) -> Component:
    gamma = tuple(entry["gamma"]) if "gamma" in entry else None
    return Component(
        name,
        entry["ion"],
        entry["charge"],
        gamma,
        entry.get("column", ""),
        entry.get("per_unit", 1.0),
        entry["meaning"],
    )


def _check_sources(name: str, document: dict[str, Any]) -> None:
    for section in SECTIONS:
        for key, entry in document[section].items():
            cited = [v for k, v in entry.items() if k.endswith("source")]
            if section != "components" and "source" not in entry:
                raise InputError(f"{key} has no source.", where=f"{name}.toml [{section}]")
            if missing := [c for c in cited if c not in document["sources"]]:
                raise InputError(f"{key} cites the unknown source '{missing[0]}'.", where=f"{name}.toml [{section}]")


@cache
def table(name: str = "plasma37") -> ConstantTable:
    """The table of constants called `name`. Raises UsageError for an unknown name, InputError for a broken table."""
    document, changed = _document(name)
    _check_sources(name, document)
    components = {k: _component(k, v) for k, v in document["components"].items()}
    known = {
        c.ion: Reaction(c.ion, "", 0.0, 0.0, {c.name: 1.0}, c.charge, c.gamma, c.meaning, "", 0.0, 0.0)
        for c in components.values()
    }
    known["H2O"] = Reaction("H2O", "", 0.0, 0.0, {"H2O": 1.0}, 0, None, "water", "", 0.0, 0.0)
    species = {}
    for key, entry in document["species"].items():
        species[key] = known[key] = _compose(key, entry, known, phase=False)
    phases = {k: _compose(k, v, known, phase=True) for k, v in document["phases"].items()}
    low, high = document["temperature_range_c"]
    return ConstantTable(
        name, document["title"], document["temperature_c"], (low, high), components, species, phases,
        document["sources"], changed,
    )  # fmt: skip
