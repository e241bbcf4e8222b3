"""The only file that converts: a UCUM code and an analyte to the canonical unit of that analyte, and back.

Mass becomes amount through the molar mass of the analyte, equivalents through its valence; both stand in the file of the
analyte (`knowledge/analytes`). Factors are exact fractions until the last step. A unit that is missing or does not belong
to the analyte is an error that names the value, the unit found and the units accepted: it is never guessed.

The analyte is any object with `key`, `name`, `canonical`, `factors` ({UCUM code: factor to canonical}) and `spellings`
({spelling in small letters: UCUM code}); this floor knows no analytes of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from fetuin.errors import UnitError

_PREFIX = {
    p: Fraction(10) ** n for p, n in {"k": 3, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}.items()
}
_PER_MINUTE = Fraction(1, 60)
# atom: (scale, {dimension: power}); dimensions: mass g, amount mol, equivalents eq, volume L, time s, area, IU
_ATOMS: dict[str, tuple[Fraction, dict[str, int]]] = {
    "1": (Fraction(1), {}),
    "%": (Fraction(1, 100), {}),
    "[pH]": (Fraction(1), {"pH": 1}),
    "g": (Fraction(1), {"g": 1}),
    "mol": (Fraction(1), {"mol": 1}),
    "eq": (Fraction(1), {"eq": 1}),
    "L": (Fraction(1), {"L": 1}),
    "U": (Fraction(1, 10**6) * _PER_MINUTE, {"mol": 1, "s": -1}),
    "kat": (Fraction(1), {"mol": 1, "s": -1}),
    "[iU]": (Fraction(1), {"iU": 1}),
    "s": (Fraction(1), {"s": 1}),
    "min": (Fraction(60), {"s": 1}),
    "h": (Fraction(3600), {"s": 1}),
    "d": (Fraction(86400), {"s": 1}),
    "m": (Fraction(1), {"m": 1}),
    "Pa": (Fraction(1), {"Pa": 1}),
    "m[Hg]": (Fraction(133322), {"Pa": 1}),
}
_FACTOR = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)?(\{[^{}]*\}|[A-Za-z%]*(?:\[[A-Za-z]+\])?)?([1-9])?", re.ASCII)
LONGEST, WIDEST = (
    100,
    Fraction(10) ** 30,
)  # characters of a code; a factor, or its inverse: no unit of a laboratory is beyond
_OVER, _DOT = re.compile(r"/(?![^{]*\})"), re.compile(r"\.(?![^{]*\})")  # what stands in braces is one annotation
Scale = tuple[Fraction, dict[str, int]]


def _atom(symbol: str) -> Scale:
    if symbol.startswith("{"):
        return Fraction(1), {symbol: 1}
    if symbol in _ATOMS:
        return _ATOMS[symbol]
    if symbol[0] in _PREFIX and symbol[1:] in _ATOMS:
        scale, dims = _ATOMS[symbol[1:]]
        return _PREFIX[symbol[0]] * scale, dims
    raise KeyError(symbol)


def _times(a: Scale, b: Scale, power: int) -> Scale:
    dims = dict(a[1])
    for name, n in b[1].items():
        dims[name] = dims.get(name, 0) + power * n
    return a[0] * b[0] ** power, {k: v for k, v in dims.items() if v}


@lru_cache(maxsize=512)
def _parse(code: str) -> Scale:
    """Scale and dimensions of a UCUM code of the small grammar that laboratories use; KeyError where it is another."""
    if len(code) > LONGEST:
        raise KeyError(f"{code[:20]}...")
    total: Scale = (Fraction(1), {})
    for i, side in enumerate(_OVER.split(code.replace("(", "").replace(")", ""))):
        for part in _DOT.split(side):
            m = _FACTOR.fullmatch(part)
            if not m or not part:
                raise KeyError(code)
            number, symbol, power = m.groups()
            sign = 1 if i == 0 else -1
            if number:
                if not Fraction(number):
                    raise KeyError(code)
                total = _times(total, (Fraction(number), {}), sign)
            if symbol:
                total = _times(total, _atom(symbol), sign * int(power or 1))
    return total


def factor(unit: str, canonical: str, molar_mass: float | None = None, valence: int | None = None) -> Fraction:
    """What a value in `unit` is multiplied by to be in `canonical` (both UCUM codes), exactly.

    `molar_mass` [g/mol] bridges mass and amount, `valence` bridges equivalents and amount; UnitError where no bridge fits.
    """
    try:
        (a, da), (b, db) = _parse(unit), _parse(canonical)
    except KeyError as e:
        raise UnitError(f"{e.args[0]!r} is not a unit that is understood here.", fix="use a UCUM code") from None
    scale, left = a / b, {k: da.get(k, 0) - db.get(k, 0) for k in da.keys() | db.keys()}
    left = {k: v for k, v in left.items() if v}
    if not 1 / WIDEST <= scale <= WIDEST:
        raise UnitError(f"{unit[:40]!r} is too large or too small for a unit.", fix="use a UCUM code")
    bridges = {"g": Fraction(str(molar_mass)) if molar_mass else None, "eq": Fraction(valence) if valence else None}
    for name, per_mole in bridges.items():
        n = left.get(name, 0)
        if n and per_mole and left.get("mol", 0) == -n:
            scale, left = scale / per_mole**n, {k: v for k, v in left.items() if k not in (name, "mol")}
    if left:
        raise UnitError(
            f"{unit} cannot become {canonical}.", why="the dimensions differ and no molar mass bridges them"
        )
    return scale


def spelled(unit: str) -> str:
    """A unit as printed, reduced to the spelling by which it is looked up: small letters, one micro sign, no spaces."""
    return "".join(unit.replace("µ", "u").replace("μ", "u").replace("²", "2").replace("·", ".").split()).lower()


# what is printed: what UCUM writes; applied to the spelling of each accepted unit (both directions are unambiguous)
_PRINTED = (
    ("[iu]", ("iu",)),
    ("(24.h)", ("24h", "24hr", "24hrs", "24hours", "24.h", "day")),
    ("/d", ("/24h", "/day", "/24hr", "/24hours", "/(24.h)", "/24.h")),
    ("/dl", ("/100ml", "%")),
    ("umol", ("mcmol", "micromol")),
    ("ug", ("mcg",)),
    ("{1.73_m2}", ("1.73m2", "{1.73m2}", "1.73m^2", "(1.73m2)", "{1.73_m2}", "1.73.m2", "1.73sqm")),
    ("mg2/dl2", ("mg^2/dl^2", "(mg/dl)^2", "(mg/dl)2")),
    ("mmol2/l2", ("mmol^2/l^2", "(mmol/l)^2", "(mmol/l)2")),
    ("u/l", ("units/l", "unit/l")),
)


def spellings(codes: Iterable[str]) -> dict[str, str]:
    """{spelling: UCUM code} for the accepted units of one analyte, with the ways in which laboratories print them."""
    found: dict[str, str] = {}
    for code in codes:
        exact = spelled(code)
        found[exact] = code
        for ucum, others in _PRINTED:
            if exact.endswith(ucum) or (ucum in exact and not ucum.startswith("/")):
                for other in others:
                    found.setdefault(exact.replace(ucum, other), code)
    return found


def accepted(unit: str | None, analyte: Any) -> str | None:
    """The UCUM code of a unit as printed, if the analyte accepts it; None otherwise. No unit fits only a pure number."""
    if not unit or not unit.strip():
        return analyte.canonical if analyte.canonical == "[pH]" else None
    return unit if unit in analyte.factors else analyte.spellings.get(spelled(unit))


_SHOWABLE = re.compile(r"[A-Za-z0-9%µμ/.*^\[\]{}()_ ]{1,16}")


def _refuse(value: object, unit: str | None, analyte: Any, where: str) -> UnitError:
    has = (
        f"the unit {unit!r}"
        if unit and _SHOWABLE.fullmatch(unit)
        else "a unit that is not known"
        if unit
        else "no unit"
    )
    return UnitError(
        f"{analyte.name} {value} has {has}.",
        where=where,
        why="without a unit that belongs to the analyte the value could mean several things",
        fix=f"give one of: {', '.join(analyte.factors)}",
    )


def to_canonical(value: Decimal | float, unit: str | None, analyte: Any, where: str = "") -> float:
    """`value` in `unit` as a float in the canonical unit of `analyte`, to twelve digits.

    UnitError where the unit is missing, not understood or not one of the analyte's, or the value is not finite.
    """
    code = accepted(unit, analyte)
    if code is None:
        raise _refuse(value, unit, analyte, where)
    number = float(value) * analyte.factors[code]
    if not math.isfinite(number):
        raise UnitError(f"{analyte.name} is not a finite number.", where=where, fix="give a number")
    return float(f"{number:.12g}")


def from_canonical(value: float, unit: str, analyte: Any) -> float:
    """`value` in the canonical unit of `analyte` as a float in `unit`, to twelve digits. UnitError as above."""
    code = accepted(unit, analyte)
    if code is None:
        raise _refuse(value, unit, analyte, "")
    return float(f"{value / analyte.factors[code]:.12g}")
