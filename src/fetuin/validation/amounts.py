"""Numbers with units as people write them: "24 mmol/d", "+2 g/d", "1500 mg/d", "36 mL/min", "5 d", "1.25 mmol/L".

A number where a unit is needed but missing is refused; it is never guessed.
"""

from __future__ import annotations

import math
import re
from typing import Any

from fetuin.errors import InputError, UnitError
from fetuin.knowledge.analyte import analytes
from fetuin.units import from_canonical, to_canonical

_TEXT = re.compile(r"\s*([+-]?)\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(.*?)\s*")
DAYS = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25,
        "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0, "months": 30.4375, "month": 30.4375, "years": 365.25,
        "year": 365.25, "y": 365.25, "hours": 1 / 24, "hour": 1 / 24}  # fmt: skip
MINERALS = ("calcium", "phosphate", "magnesium")
MASS = {"calcium": 40.078, "phosphate": 30.974, "magnesium": 24.305}  # g/mol; phosphate as phosphorus
FLOW = {"mL/min": 1.0, "L/d": 1 / 1.44, "L/h": 1000 / 60, "L/min": 1000.0}
VOLUME = {"L": 1.0, "mL": 1e-3}
BODY = {"fgf23": "fgf23_intact", "tmp_per_gfr": "phosphate"}


def parts(text: Any, where: str) -> tuple[str, float, str]:
    """Sign, number and unit of a text."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise InputError(f"{text!r} is no quantity.", where=where, fix='write for example "24 mmol/d"')
    m = _TEXT.fullmatch(str(text))
    if not m or not math.isfinite(float(m.group(2))):
        raise InputError(f"'{text}' is no quantity.", where=where, fix='a number and a unit, as "24 mmol/d"')
    return m.group(1), float(m.group(1).replace("+", "") + m.group(2)), m.group(3)


def _look(table: dict[str, float], text: Any, where: str, what: str) -> float:
    _, value, unit = parts(text, where)
    if unit not in table:
        said = f"has the unit '{unit}'" if unit else "has no unit"
        raise UnitError(f"{what} '{text}' {said}.", where=where, fix=f"one of: {', '.join(table)}")
    return value * table[unit]


def days(text: Any, where: str) -> float:
    """A time in days."""
    return _look(DAYS, text, where, "the time")


def flow(text: Any, where: str) -> float:
    """A clearance or a filtration in mL/min."""
    return _look(FLOW, text, where, "the flow")


def litres(text: Any, where: str) -> float:
    """A volume in L."""
    return _look(VOLUME, text, where, "the volume")


def intake(text: Any, mineral: str, where: str) -> tuple[bool, float]:
    """(is it an addition?, mmol/d) of a mineral. Masses of phosphate are of phosphorus."""
    sign, value, unit = parts(text, where)
    amount, _, per = unit.partition("/")
    scale = {"mmol": 1.0, "mol": 1000.0, "umol": 1e-3, "mg": 1.0, "g": 1000.0}.get(amount)
    if scale is None or per not in DAYS:
        raise UnitError(f"{mineral} '{text}' has no unit of amount per time.", where=where,
                        fix="mmol/d, mg/d, g/d (phosphate as phosphorus), mmol/h")  # fmt: skip
    mass = amount in ("mg", "g")
    return sign != "", value * scale / (MASS[mineral] if mass else 1.0) / DAYS[per]


def concentration(text: Any, analyte: str, where: str) -> float:
    """A concentration in the canonical unit of the analyte."""
    _, value, unit = parts(text, where)
    known = analytes().get(BODY.get(analyte, analyte))
    if known is None:
        raise InputError(f"no analyte '{analyte}' is known.", where=where)
    return to_canonical(value, unit or None, known, where)


def shown(value: float, analyte: str, unit: str, own: str, where: str) -> float:
    """A value of the body [own unit] in the unit an outcome is printed in."""
    if unit in ("", own):
        return value
    mineral = next((m for m in MINERALS if m in analyte), None)
    if own == "mmol/d" and mineral:
        return value / intake(f"1 {unit}", mineral, where)[1]
    if own == "mmol" and mineral:
        return value * {"mg": MASS[mineral], "g": MASS[mineral] / 1000.0, "mmol": 1.0}[unit]
    if own == "1" and unit == "%":
        return value * 100.0
    known = analytes().get(BODY.get(analyte, analyte))
    if known is None:
        raise UnitError(f"{analyte} cannot be given in '{unit}'.", where=where, fix=f"its unit is {own}")
    return from_canonical(value, unit, known)
