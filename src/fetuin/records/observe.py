"""One printed result becomes one Observation, or one Refusal that names it and says why and how to mend.

Every format ends here, so that the same result is read in the same way wherever it was written. The unit of the result
outranks the property of its code; what is missing is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from fetuin.errors import UnitError
from fetuin.knowledge.analyte import Analyte
from fetuin.records.record import Flag, Observation, Refusal, Source
from fetuin.units import accepted, to_canonical

_RESULT = re.compile(
    r"\s*(<=|>=|<|>|≤|≥)?\s*([+-]?\d{1,15}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)\s*(.{0,40}?)\s*", re.DOTALL
)
_WORDS: dict[str, Flag] = {
    **dict.fromkeys(
        ("high", "elevated", "raised", "increased", "h", "hh", "above normal", "hu", "very high", ">", "↑"), "H"
    ),
    **dict.fromkeys(
        ("low", "decreased", "reduced", "suppressed", "l", "ll", "below normal", "lu", "very low", "<", "↓"), "L"
    ),
    **dict.fromkeys(("normal", "n", "within normal limits", "wnl", "unremarkable", "in range"), "N"),
}

_BOUNDS: dict[str, Literal["<", ">"]] = {"<": "<", "<=": "<", "≤": "<", ">": ">", ">=": ">", "≥": ">"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A result as its source wrote it: number, unit and bound in the source's unit, before any conversion.

    `curated` is true where a person has already told total from ionised calcium and the like; traps are then not set.
    """

    value: Decimal | float | None
    unit: str | None
    censor: str | None = None
    flag: Flag | None = None
    low: Decimal | float | None = None
    high: Decimal | float | None = None
    low_unit: str | None = None
    high_unit: str | None = None
    time: datetime | None = None
    curated: bool = False
    source: Source = field(default_factory=Source)


def flag_of(words: object) -> Flag | None:
    """H, L or N of a word or an interpretation code; None where it says something else."""
    return _WORDS.get(words.strip().lower()) if isinstance(words, str) else None


def number(text: object) -> Decimal | None:
    """A finite number of a JSON value or text; None where it is none. A truth value is not a number."""
    if isinstance(text, Decimal):
        found = text
    elif isinstance(text, bool) or not isinstance(text, (int, float, str)):
        return None
    else:
        try:
            found = Decimal(str(text).strip())
        except InvalidOperation:
            return None
    return found if found.is_finite() and abs(found.adjusted()) < 60 else None


def split(text: str) -> tuple[str | None, Decimal, str] | None:
    """("<" or ">" or None, number, unit) of a text such as "< 2.5 pg/mL"; None where it does not begin with a number."""
    m = _RESULT.fullmatch(text) if len(text) <= 120 else None
    value = number(m.group(2)) if m else None
    return (censor_of(m.group(1)), value, m.group(3)) if m and value is not None else None


def censor_of(sign: str | None) -> Literal["<", ">"] | None:
    """ "<" or ">" of a comparator, or None where there is none. <= and >= bound a value just as well."""
    return _BOUNDS.get(sign or "")


def _bound(value: object, unit: str | None, analyte: Analyte) -> float | None:
    """A bound of the source's interval in the canonical unit; None where it is missing or cannot be converted."""
    if value is None or (found := number(value)) is None:
        return None
    try:
        return to_canonical(found, unit, analyte)
    except UnitError:
        return None


def _settled(analyte: Analyte, p: Printed, low: float | None, high: float | None) -> bool:
    """True where the source itself tells which of two analytes a result in the trap's band is."""
    trap, own = analyte.confusion, analyte.interval()
    if trap is None or p.curated or p.flag == trap.settled_by:
        return True
    known = [x for x in (low, high) if x is not None]
    middle = sum(known) / len(known) if known else None
    return bool(own and own.low and own.high and middle and own.low * 0.9 <= middle <= own.high * 1.1)


def _doubt(analyte: Analyte, x: float, p: Printed, low: float | None, high: float | None) -> str:
    """Why a converted value is not to be believed, or ""."""
    bottom, top = analyte.plausible
    if (x < bottom and p.censor != "<") or (x > top and p.censor != ">"):
        return f"{x:g} {analyte.canonical} lies outside {bottom:g} to {top:g}, what is seen in living people"
    trap = analyte.confusion
    if trap and p.censor is None and trap.low <= x <= trap.high and not _settled(analyte, p, low, high):
        return f"it may be {trap.other} under the code of {analyte.key}, and nothing in the source settles it"
    return ""


def _refused(what: str, why: str, fix: str, analyte: Analyte, p: Printed) -> list[Observation | Refusal]:
    """The refusal of a number; where the source also gave a word (high, low, normal), the word is kept."""
    word = Observation(analyte.key, None, analyte.canonical, p.time, p.flag, source=p.source)
    refusal = Refusal(what, why, fix, p.source)
    return [refusal, word] if p.flag else [refusal]


def observe(analyte: Analyte, p: Printed) -> list[Observation | Refusal]:
    """The Observation of a printed result in the canonical unit of its analyte, or the Refusal that says why not.

    Two come back where a number is refused and the source also gave a word for it.
    """
    if p.value is None:
        if p.flag is None:
            why = "it has neither a number nor a word such as high, low or normal"
            return [Refusal(analyte.name, why, "give a value", p.source)]
        return [Observation(analyte.key, None, analyte.canonical, p.time, p.flag, source=p.source)]
    try:
        x = to_canonical(p.value, p.unit, analyte)
    except UnitError as e:
        why = e.what.replace(f"{analyte.name} {p.value}", "it").rstrip(".")
        return _refused(f"{analyte.name} {p.value}", why, e.fix, analyte, p)
    low = _bound(p.low, p.low_unit or p.unit, analyte)
    high = _bound(p.high, p.high_unit or p.unit, analyte)
    unit = accepted(p.unit, analyte)
    if why := _doubt(analyte, x, p, low, high):
        fix = "check the code and the unit" + (f"; {analyte.hint}" if analyte.hint else "")
        return _refused(f"{analyte.name} {p.value} {unit}", why, fix, analyte, p)
    censor, printed = censor_of(p.censor), f"{p.censor or ''}{p.value} {unit}"
    return [Observation(analyte.key, x, analyte.canonical, p.time, p.flag, censor, low, high, printed, p.source)]
