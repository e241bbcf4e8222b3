"""The words of scenarios, persons and published outcomes, from TOML to Person and Scenario. See
`docs/reference/outcome-vocabulary.md`. Unknown words are refused by name, never skipped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fetuin.errors import InputError
from fetuin.knowledge.lesion import lesion
from fetuin.physiology.parameters import defaults
from fetuin.physiology.targets import from_mapping, joined
from fetuin.simulation.person import Person
from fetuin.simulation.regimen import therapy
from fetuin.simulation.scenario import Scenario
from fetuin.therapies.contract import Act
from fetuin.therapies.dose import Dose, dose_of
from fetuin.therapies.infusion import infusion
from fetuin.validation.amounts import MINERALS, concentration, days, flow, intake, parts
from fetuin.validation.deposit_words import deposits, injuries, vessel
from fetuin.validation.dialysis_words import prescription
from fetuin.validation.shapes import known, number, table, tables

PERSON = {"name", "population", "n", "seed", "gfr", "decline", "parameters", "values", "disorders", "targets", "diet",
          "dialysis", "regimen", "before", "peritoneal", "sex", "age", "deposits", "injury", "blood_pressure"}  # fmt: skip
SCENARIO = {"name", "days", "duration", "diet", "gfr", "clamp", "infusion", "disorders", "targets", "regimen",
            "dialysis", "title", "source", "injury"}  # fmt: skip


def severities(entry: Any, where: str) -> dict[str, float]:
    """{lesion: severity} from a name, a list of names or a table."""
    if isinstance(entry, str):
        entry = [entry]
    if isinstance(entry, list) and not all(isinstance(name, str) for name in entry):
        raise InputError("a disorder is not named by a text.", where=where, fix='disorders = ["xlh"] or { xlh = 0.5 }')
    found = dict.fromkeys(entry, 1.0) if isinstance(entry, list) else dict(table(entry, where))
    for name, severity in found.items():
        lesion(name)
        if not isinstance(severity, int | float) or not 0 <= severity <= 10:
            raise InputError(
                f"severity {severity!r} of {name} is not possible.", where=where, fix="0 to 1, or a bit more"
            )
    return {k: float(v) for k, v in found.items()}


def eaten(entry: Mapping[str, Any], usual: Mapping[str, float], where: str) -> dict[str, float]:
    """{mineral: mmol/d} of a diet; a signed amount is added to the usual one; `vitamin_d` is relative to usual."""
    known(entry, {*MINERALS, "vitamin_d"}, where)
    found = {}
    for name, text in entry.items():
        if name == "vitamin_d":
            found[name] = float(parts(text, where)[1])
            continue
        added, amount = intake(text, name, f"{where}.{name}")
        found[name] = amount + (usual.get(name, 0.0) if added else 0.0)
        if found[name] < 0:
            raise InputError(f"a diet with {found[name]:g} mmol/d of {name} is impossible.", where=where)
    return found


def person(entry: Mapping[str, Any], where: str = "person") -> Person:
    """A Person from its table."""
    entry = table(entry, where)
    known(entry, PERSON, where)
    values = defaults()
    given = {
        k: table(entry.get(k), f"{where}.{k}")
        for k in ("parameters", "values", "targets", "deposits", "diet", "regimen")
    }
    parameters = {k: number(v, f"{where}.parameters.{k}") for k, v in given["parameters"].items()}
    names = {"calcidiol": "storage"}
    for analyte, text in given["values"].items():
        own = f"healthy.{names.get(analyte, analyte)}"
        if own not in values:
            raise InputError(f"no healthy value of '{analyte}' can be set.", where=where)
        parameters[own] = concentration(text, analyte, f"{where}.values.{analyte}")
    usual = {m: parameters.get(f"healthy.{m}_diet", values[f"healthy.{m}_diet"]) for m in MINERALS}
    parameters |= vessel(entry, where)
    return Person(
        name=str(entry.get("name", "person")),
        parameters=parameters,
        disorders=severities(entry.get("disorders"), f"{where}.disorders"),
        targets=joined(
            [
                from_mapping(given["targets"], f"{where}.targets"),
                injuries(entry.get("injury"), f"{where}.injury"),
            ]
        ),
        deposits=deposits(given["deposits"], f"{where}.deposits"),
        gfr=flow(entry["gfr"], f"{where}.gfr") if "gfr" in entry else None,
        decline_years=days(entry["decline"], f"{where}.decline") / 365.25 if "decline" in entry else 6.0,
        dialysis=prescription(entry.get("dialysis"), f"{where}.dialysis"),
        peritoneal=bool(entry.get("peritoneal", False)),
        diet=eaten(given["diet"], usual, f"{where}.diet"),
        regimen=doses(given["regimen"], f"{where}.regimen"),
        before=days(entry["before"], f"{where}.before") if "before" in entry else None,
    )


def _injured(entry: Any, where: str) -> list[Act]:
    return [
        Act(injuries({k: v for k, v in e.items() if k not in TIMED}, where), name="injury", **_timed(e, where))
        for e in tables(entry, where)
    ]


def doses(entry: Mapping[str, Any], where: str) -> dict[str, Dose]:
    """{therapy: dose}; the unit must be written and be one the therapy is given in."""
    return {name: _dose(name, text, f"{where}.{name}") for name, text in entry.items()}


def _dose(name: str, text: Any, where: str) -> Dose:
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise InputError(f"{text!r} is no dose of {name}.", where=where, fix=f"for example {therapy(name).example}")
    return dose_of(therapy(name), str(text), where)


def _timed(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Start, duration, every and until of an act."""
    found: dict[str, Any] = {"start": days(entry["start"], where) if "start" in entry else 0.0}
    found["duration"] = days(entry["duration"], where) if "duration" in entry else math.inf
    if "every" in entry:
        found["every"] = days(entry["every"], where)
    if "until" in entry:
        found["until"] = days(entry["until"], where)
    return found


TIMED = {"start", "duration", "every", "until"}


def _diets(entry: Any, usual: Mapping[str, float], where: str) -> list[Act]:
    from fetuin.therapies.diet import diet

    found = []
    for each in tables(entry, where):
        words = {k: v for k, v in each.items() if k not in TIMED}
        when = _timed(each, where)
        act = diet(eaten(words, usual, where), when["start"], when["duration"])
        found.append(replace(act, every=when.get("every"), until=when.get("until", math.inf)))
    return found


def _infusions(entry: Any, where: str) -> list[Act]:
    found = []
    for each in tables(entry, where):
        known(each, {"of", "rate", "amount", *TIMED}, where)
        kind, when = str(each.get("of", "")), _timed(each, where)
        if ("rate" in each) == ("amount" in each):
            raise InputError("an infusion needs a rate or an amount.", where=where)
        if kind not in MINERALS:
            raise InputError(f"no infusion of '{kind}' is known.", where=where, fix=f"one of {', '.join(MINERALS)}")
        if "rate" in each:
            rate = intake(each["rate"], kind, where)[1]
        else:
            if not 0 < when["duration"] < math.inf:
                raise InputError("an infused amount needs a duration.", where=where, fix='duration = "4 h"')
            rate = intake(f"{each['amount']}/d", kind, where)[1] / when["duration"]
        found.append(infusion(kind, rate, **when))
    return found


def _clamps(entry: Any, where: str) -> list[Act]:
    found = []
    for each in tables(entry, where):
        known(each, {"calcium_ionised", "phosphate", *TIMED}, where)
        held: dict[str, float] = {}
        for word, name in (("calcium_ionised", "calcium"), ("phosphate", "phosphate")):
            if word in each:
                held |= {f"clamp.{name}": concentration(each[word], word, where), f"clamp.{name}_on": 1.0}
        if not held:
            raise InputError("a clamp needs calcium_ionised or phosphate.", where=where)
        found.append(Act(inputs=held, name="clamp", **_timed(each, where)))
    return found


def _targets(entry: Any, where: str) -> list[Act]:
    return [
        Act(
            from_mapping({k: v for k, v in each.items() if k not in TIMED}, where),
            name="targets",
            **_timed(each, where),
        )
        for each in tables(entry, where)
    ]


def _regimen(entry: Any, horizon: float, where: str) -> list[Act]:
    found: list[Act] = []
    for name, each in table(entry, where).items():
        for one in each if isinstance(each, list) else [each]:
            words = one if isinstance(one, Mapping) else {"dose": one}
            known(words, {"dose", "start", "duration"}, f"{where}.{name}")
            dose = _dose(name, words.get("dose", ""), f"{where}.{name}")
            when = _timed(words, where)
            found += therapy(name).given(dose, when["start"], when["duration"], horizon)
    return found


def _course(entry: Any, where: str) -> tuple[tuple[float, float], ...]:
    """Points (day, mL/min) of a course of kidney function."""
    found = []
    for each in tables(entry, where):
        known(each, {"at", "gfr"}, where)
        found.append((days(each.get("at", ""), where), flow(each.get("gfr", ""), where)))
    return tuple(found)


def scenario(entry: Mapping[str, Any], who: Person, where: str = "scenario") -> tuple[Scenario, float]:
    """A Scenario and its days from its table."""
    entry = table(entry, where)
    known(entry, SCENARIO, where)
    length = entry.get("days", entry.get("duration"))
    if length is None:
        raise InputError("a scenario needs `days`.", where=where)
    span = number(length, where) if isinstance(length, int | float) else days(length, where)
    if not 0 < span <= 40_000:
        raise InputError(f"{span:g} days cannot be simulated.", where=where, fix="more than 0, at most 40 000")
    values = {**defaults(), **who.parameters}
    usual = {m: who.diet.get(m, values[f"healthy.{m}_diet"]) for m in MINERALS}
    acts = [
        *_diets(entry.get("diet"), usual, f"{where}.diet"),
        *_infusions(entry.get("infusion"), f"{where}.infusion"),
        *_clamps(entry.get("clamp"), f"{where}.clamp"),
        *_targets(entry.get("targets"), f"{where}.targets"),
        *_injured(entry.get("injury"), f"{where}.injury"),
        *_regimen(entry.get("regimen"), span, f"{where}.regimen"),
    ]
    points = _course(entry.get("gfr"), f"{where}.gfr")
    found = Scenario(
        name=str(entry.get("name", "scenario")),
        acts=tuple(acts),
        gfr=points,
        disorders=severities(entry.get("disorders"), f"{where}.disorders"),
        dialysis=prescription(entry.get("dialysis"), f"{where}.dialysis"),
        replaces=frozenset(therapy(name).name for name in table(entry.get("regimen"), where)),
    )
    return found, span


__all__ = ["joined", "person", "scenario"]
