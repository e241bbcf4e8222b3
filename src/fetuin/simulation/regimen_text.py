"""A treatment arm as one writes it: "sevelamer 4.8 g/d; cinacalcet 30 mg/d; stop calcitriol; dialysate calcium 1.5 mmol/L".

Parts are joined by semicolons. A medicine needs its unit; an amount without one is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fetuin.errors import InputError, UnitError
from fetuin.simulation.person import Person
from fetuin.simulation.regimen import therapy
from fetuin.simulation.scenario import Scenario
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription, checked
from fetuin.therapies.diet import diet
from fetuin.therapies.dose import dose_of

UNCHANGED = ("as now", "no change", "usual care", "unchanged", "")
_PART = re.compile(r"([A-Za-z][A-Za-z0-9 _\-]*?)\s+([+-]?\d.*)")
_AMOUNT = re.compile(r"([+-]?)(\d+(?:\.\d*)?)\s*([A-Za-z/]*)")
MOLAR = {"calcium": 40.078, "phosphate": 30.974, "magnesium": 24.305}
"""g/mol; phosphate as phosphorus."""
MACHINE = {"dialysate calcium": ("calcium", "mmol/L"), "dialysate magnesium": ("magnesium", "mmol/L"),
           "dialysate bicarbonate": ("bicarbonate", "mmol/L"), "dialysis sessions": ("sessions", "/wk"),
           "dialysis hours": ("hours", "h")}  # fmt: skip
EXAMPLE = '"sevelamer 4.8 g/d; cinacalcet 30 mg/d", "diet phosphate 800 mg/d", "dialysate calcium 1.5 mmol/L"'


@dataclass(frozen=True)
class Arm:
    """What is changed from day 0 on; the rest goes on as it was.

    levers   the parts in words, each of which can be tried alone
    doses    {therapy: dose in words}
    stopped  therapies given no more
    eaten    {mineral: (is it added?, mmol/d)}
    machine  {field of the prescription: value}
    """

    name: str
    levers: tuple[str, ...] = ()
    doses: Mapping[str, str] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()
    eaten: Mapping[str, tuple[bool, float]] = field(default_factory=dict)
    machine: Mapping[str, Any] = field(default_factory=dict)

    def scenario(self, who: Person, parameters: Mapping[str, float]) -> Scenario:
        """The scenario of this arm for one person. InputError where it asks a machine of who has none."""
        acts: tuple[Act, ...] = ()
        if self.eaten:
            usual = {m: who.diet.get(m, parameters[f"healthy.{m}_diet"]) for m in self.eaten}
            acts = (diet({m: max(v + (usual[m] if added else 0.0), 0.0) for m, (added, v) in self.eaten.items()}),)
        prescription: Prescription | None = None
        if self.machine:
            if who.dialysis is None:
                raise InputError(f"the arm '{self.name}' changes dialysis, and the record names none.",
                                 where=who.name, fix="leave it out, or give a record of haemodialysis")  # fmt: skip
            prescription = checked(replace(who.dialysis, **dict(self.machine)), self.name)
        return Scenario(self.name, acts, (), dict(self.doses), self.stopped, {}, prescription)


def arm(text: str) -> Arm:
    """The Arm of a text. InputError or UnitError names the part that is not understood."""
    doses: dict[str, str] = {}
    stopped: set[str] = set()
    eaten: dict[str, tuple[bool, float]] = {}
    machine: dict[str, Any] = {}
    parts = [" ".join(p.split()) for p in text.split(";")]
    parts = [p for p in parts if p.lower() not in UNCHANGED]
    for part in parts:
        if part.lower().startswith("stop "):
            stopped.add(therapy(part[5:]).name)
            continue
        found = _PART.fullmatch(part)
        if not found:
            raise InputError(
                f"'{part}' is no part of an arm: a name and an amount with its unit.", where=text, fix=EXAMPLE
            )
        name, amount = found.group(1).lower().strip(), found.group(2)
        if name.startswith("diet"):
            eaten |= _eaten(name, amount, text)
        elif name in MACHINE:
            machine |= _machine(name, amount, text)
        else:
            own = therapy(name)
            dose_of(own, amount, text)
            if own.name in doses:
                raise InputError(f"{own.name} stands twice in one arm.", where=text, fix="write each therapy once")
            doses[own.name] = amount
    return Arm(text.strip() or "as now", tuple(parts), doses, frozenset(stopped), eaten, machine)


def _number(amount: str, text: str) -> tuple[str, float, str]:
    found = _AMOUNT.fullmatch(amount.strip())
    if not found:
        raise InputError(f"'{amount}' is no amount.", where=text, fix=EXAMPLE)
    return found.group(1), float(found.group(1).replace("+", "") + found.group(2)), found.group(3)


def _eaten(name: str, amount: str, text: str) -> dict[str, tuple[bool, float]]:
    mineral = name.removeprefix("diet").strip()
    mineral = {"phosphorus": "phosphate"}.get(mineral, mineral)
    if mineral not in MOLAR:
        raise InputError(f"'{name}': a diet of what?", where=text, fix=f"diet {' | diet '.join(MOLAR)}")
    sign, value, unit = _number(amount, text)
    scale = {"mmol/d": 1.0, "mg/d": 1.0 / MOLAR[mineral], "g/d": 1000.0 / MOLAR[mineral]}.get(unit)
    if scale is None:
        raise UnitError(f"'{name} {amount}' has {f'the unit {unit!r}' if unit else 'no unit'}.", where=text,
                        fix="mmol/d, mg/d or g/d")  # fmt: skip
    return {mineral: (sign != "", value * scale)}


def _machine(name: str, amount: str, text: str) -> dict[str, Any]:
    key, wanted = MACHINE[name]
    _, value, unit = _number(amount, text)
    if unit not in (wanted, wanted.removeprefix("/")):
        raise UnitError(f"'{name} {amount}' has {f'the unit {unit!r}' if unit else 'no unit'}.", where=text,
                        fix=f"in {wanted}")  # fmt: skip
    return {key: value}
