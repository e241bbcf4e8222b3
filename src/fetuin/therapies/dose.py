"""A dose as it is written: "800 mg three times a day", "70 mg weekly", "60 mg every 6 mo", "5 mg once",
"400 mg/d for 2 wk every 12 wk", "30 mg iv once". The unit must be written and be one that the therapy is given in.

`dose_of(therapy, text)` is the only reader. Amounts end in the therapy's own unit of amount, times in days.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fetuin.errors import InputError, UnitError

if TYPE_CHECKING:
    from fetuin.therapies.contract import Therapy

DAYS = {"h": 1 / 24, "hour": 1 / 24, "hours": 1 / 24, "d": 1.0, "day": 1.0, "days": 1.0, "wk": 7.0, "week": 7.0,
        "weeks": 7.0, "mo": 30.4375, "month": 30.4375, "months": 30.4375, "a": 365.25, "y": 365.25, "year": 365.25,
        "years": 365.25, "session": 7 / 3, "sessions": 7 / 3}  # fmt: skip
"""Days of each word; a dialysis session stands for a third of a week."""
SCALES = {"g": 1e3, "mg": 1.0, "ug": 1e-3, "mcg": 1e-3, "µg": 1e-3, "μg": 1e-3, "mol": 1e3, "mmol": 1.0, "umol": 1e-3,
          "kIU": 1e3, "IU": 1.0, "units": 1.0}  # fmt: skip
KINDS = {**dict.fromkeys(("g", "mg", "ug", "mcg", "µg", "μg"), "mass"),
         **dict.fromkeys(("mol", "mmol", "umol"), "substance"), **dict.fromkeys(("kIU", "IU", "units"), "activity")}  # fmt: skip
WEIGHT = 70.0
"""kg of the reference adult, for doses per kg (convention)."""
TIMES = {"once": 1, "twice": 2, "thrice": 3, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
WORDS = {"daily": 1.0, "weekly": 7.0, "fortnightly": 14.0, "monthly": 30.4375, "quarterly": 91.3125, "yearly": 365.25,
         "annually": 365.25}  # fmt: skip
ROUTES = {"oral": "oral", "po": "oral", "iv": "iv", "intravenous": "iv", "sc": "sc", "subcutaneous": "sc"}
_AMOUNT = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(.*)")
_CYCLE = re.compile(r"\bfor (\d+(?:\.\d+)?) ?([a-z]+) (?:of )?every (\d+(?:\.\d+)?) ?([a-z]+)$")
_EVERY = re.compile(r"\b(?:every |q)(\d+(?:\.\d+)?)? ?([a-z]+)$")
_TIMES = re.compile(
    r"\b(?:(\d+)x?|(once|twice|thrice|one|two|three|four|five|six))(?: times)? ?(?:an? |per |/)([a-z]+)$"
)


@dataclass(frozen=True)
class Dose:
    """What is given: `amount` [the therapy's own unit of amount] every `every` [d] (inf: once, never again).

    cycle   (days on, days from one start to the next), or None for without pause
    route   "oral", "iv", "sc", or "" for the usual one
    """

    amount: float
    every: float
    cycle: tuple[float, float] | None = None
    route: str = ""

    @property
    def rate(self) -> float:
        """Amount per day while it is taken."""
        return self.amount / self.every


def dose_of(therapy: Therapy, given: float | str | Dose, where: str = "") -> Dose:
    """The dose of a therapy from a number in its unit, a text, or a Dose. UnitError where the unit does not fit."""
    if isinstance(given, Dose):
        found = given
    elif isinstance(given, str):
        found = _read(therapy, given, where)
    else:
        found = Dose(float(given), 1.0 if therapy.per_day else therapy.interval)
    if not (math.isfinite(found.amount) and found.amount >= 0):
        raise InputError(f"{therapy.name} {given} {therapy.dose_unit} is no dose.", where=where,
                         fix="a finite dose, 0 or more")  # fmt: skip
    if found.route and found.route not in therapy.routes:
        raise InputError(f"{therapy.name} is not given '{found.route}' here.", where=where,
                         fix=f"one of: {', '.join(therapy.routes) or 'no route is written'}")  # fmt: skip
    if therapy.per_day and not math.isfinite(found.every):
        raise InputError(
            f"{therapy.name} is taken day after day, not once.", where=where, fix=f"in {therapy.dose_unit}"
        )
    return found


def _read(therapy: Therapy, text: str, where: str) -> Dose:
    m = _AMOUNT.fullmatch(text.strip().rstrip("."))
    if not m:
        raise InputError(f"'{text}' is no dose of {therapy.name}.", where=where, fix=f"for example {therapy.example}")
    amount, rest = float(m.group(1)), " ".join(m.group(2).split())
    if therapy.dose_unit == "1" and not rest:
        return Dose(amount, 1.0)
    unit, _, tail = rest.partition(" ")
    unit, _, per = (unit, "", "") if unit == therapy.amount_unit else unit.partition("/")
    if per == "kg" or per.startswith("kg/"):
        amount, per = amount * WEIGHT, per.removeprefix("kg").removeprefix("/")
    element, tail = _element(tail)
    route, tail = _route(tail)
    scale = _scale(therapy, unit, element, text, where)
    if per:
        if tail and not _CYCLE.search(tail):
            raise _unclear(therapy, text, where)
        every: float | None = _days("1", per, therapy, text, where)
    else:
        every = None
    cycle = None
    if c := _CYCLE.search(tail):
        cycle = (
            _days(c.group(1), c.group(2), therapy, text, where),
            _days(c.group(3), c.group(4), therapy, text, where),
        )
        if not 0 < cycle[0] < cycle[1]:
            raise InputError(f"'{text}': a cycle must end before it begins again.", where=where)
        tail = tail[: c.start()].strip()
    if tail:
        every = _interval(therapy, tail, text, where)
    if every is None and therapy.per_day:
        said = f"'{text}' of {therapy.name} says no time."
        raise UnitError(said, where=where, fix=f"in {therapy.dose_unit}, for example {therapy.example}")
    return Dose(amount * scale, therapy.interval if every is None else every, cycle, route)


def _element(tail: str) -> tuple[str, str]:
    """The element that an amount is counted as ("Ca", "La", "elemental") and the rest."""
    first, _, rest = tail.partition(" ")
    return (first, rest) if first in ("Ca", "La", "Fe", "Mg", "elemental") else ("", tail)


def _route(tail: str) -> tuple[str, str]:
    words = tail.split()
    found = [ROUTES[w.lower()] for w in words if w.lower() in ROUTES]
    return (found[0] if found else "", " ".join(w for w in words if w.lower() not in ROUTES).lower())


def _scale(therapy: Therapy, unit: str, element: str, text: str, where: str) -> float:
    """What one of `unit` is in the therapy's own unit of amount."""
    own = therapy.amount_unit
    if unit in therapy.units:
        return therapy.units[unit]
    if unit.rstrip("s") in therapy.units:
        return therapy.units[unit.rstrip("s")]
    share = 1.0
    if element:
        if element not in therapy.units:
            raise UnitError(f"the dose '{text}' of {therapy.name} counts '{element}'.", where=where,
                            fix=f"in {therapy.dose_unit}, for example {therapy.example}")  # fmt: skip
        share = therapy.units[element]
    if unit == own:
        return share
    if KINDS.get(unit) is None or KINDS.get(unit) != KINDS.get(own):
        said = f"has the unit '{unit}'" if unit else "has no unit"
        raise UnitError(f"the dose '{text}' of {therapy.name} {said}.", where=where,
                        fix=f"in {therapy.dose_unit}, for example {therapy.example}")  # fmt: skip
    return share * SCALES[unit] / SCALES[own]


def _days(number: str, word: str, therapy: Therapy, text: str, where: str) -> float:
    if word not in DAYS:
        raise UnitError(f"the dose '{text}' of {therapy.name} has the time '{word}'.", where=where,
                        fix=f"one of: {', '.join(DAYS)}")  # fmt: skip
    return float(number) * DAYS[word]


def _interval(therapy: Therapy, tail: str, text: str, where: str) -> float:
    """Days between doses from words; inf for once."""
    if tail == "once":
        return math.inf
    if tail in WORDS:
        return WORDS[tail]
    if (m := _TIMES.search(tail)) and m.start() == 0:
        return _days("1", m.group(3), therapy, text, where) / (int(m.group(1)) if m.group(1) else TIMES[m.group(2)])
    many, _, word = tail.partition(" ")
    if many in TIMES and word in WORDS:
        return WORDS[word] / TIMES[many]
    if (m := _EVERY.fullmatch(tail)) is not None:
        word = {"m": "mo", "w": "wk"}.get(m.group(2), m.group(2))
        return _days(m.group(1) or "1", word, therapy, text, where)
    raise _unclear(therapy, text, where)


def _unclear(therapy: Therapy, text: str, where: str) -> InputError:
    return InputError(f"'{text}' of {therapy.name}: how often is not understood.", where=where,
                      fix='once, daily, weekly, "three times a week", "every 6 mo", "for 2 wk every 12 wk"')  # fmt: skip
