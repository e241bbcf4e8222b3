"""A Record laid out in time: what was seen on which day, kidney function, medicines, dialysis, the lesions named.

Day 0 is the first dated observation that the body knows; undated values are taken as of the last day. In dialysis a
laboratory value is read just before the session next to its date, as clinics draw it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from fetuin.errors import FetuinError, NotEnoughDataError
from fetuin.knowledge.lesion import ALIASES, lesions
from fetuin.records.record import Medication, Record
from fetuin.simulation.observation import DIGITS, Laboratory
from fetuin.simulation.person import Person
from fetuin.simulation.regimen import known_therapies, therapy
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import WEEKDAYS, Prescription
from fetuin.therapies.dose import dose_of

NAMED = {"fgf23_intact": "fgf23"}
OTHER_CV = {"t50": 8.0, "urine_calcium_24h": 30.0, "bmd_spine": 1.3, "bmd_hip": 1.5}
"""Per cent; assumption: T50 between runs and within the person, 24-hour collections."""
CURVE = {"urine_calcium_24h": "urine_calcium"}
STAGES = ((60.0, "ckd_2"), (30.0, "ckd_3"), (15.0, "ckd_4"), (0.0, "ckd_5"))
NORMAL_GFR = 85.0  # mL/min
GFR_CV = 0.12  # assumption: within-person and estimating error of eGFR
LONGEST = 3653.0  # days of a record that are replayed; older values are left out


@dataclass(frozen=True)
class Seen:
    """One value: the curve it shows, its day, the value in the body's unit, and the spread of its logarithm."""

    analyte: str
    day: float
    value: float
    spread: float


@dataclass(frozen=True)
class Course:
    """What a record says about a person through time."""

    label: str
    begin: datetime | None
    days: float
    seen: tuple[Seen, ...]
    population: str
    base: Person
    gfr_end: float | None
    acts: tuple[Act, ...]
    notes: tuple[str, ...]


def course_of(record: Record) -> Course:
    """The course of a record. NotEnoughDataError where it holds no value that the body knows."""
    notes: list[str] = []
    values = _values(record, notes)
    dated = [t for _, t, _ in values if t is not None]
    end = max(dated, default=None)
    begin = min((t for t in dated if end and (end - t).days <= LONGEST), default=None)
    machine = _dialysis(record)
    days = 0.0 if begin is None or end is None else (end - begin).total_seconds() / 86400.0
    days = math.ceil(days / 7.0) * 7.0
    seen = [s for a, t, v in values if (s := _seen(a, t, v, begin, days, machine)) is not None]
    if not seen:
        raise NotEnoughDataError("the record holds no value that the body knows.", where=record.id,
                                 fix=f"one of: {', '.join(DIGITS)}, t50, urine_calcium_24h")  # fmt: skip
    gfr, gfr_end = (None, None) if machine else _filtration(record, begin, days)
    regimen, acts = _medicines(record, begin, end, days, notes)
    base = Person(
        name=record.id or "record", disorders=_lesions(record), gfr=gfr,
        dialysis=Prescription() if machine == "haemodialysis" else None, peritoneal=machine == "peritoneal",
        regimen=regimen, before=182.0 if machine else None,
    )  # fmt: skip
    return Course(
        record.id or "record", begin, days, tuple(sorted(seen, key=lambda s: s.day)), _population(machine, gfr), base,
        gfr_end, tuple(acts), tuple(notes),
    )  # fmt: skip


def _values(record: Record, notes: list[str]) -> list[tuple[str, datetime | None, float]]:
    """(curve, time, value) of every observation that a curve of the body shows."""
    found = []
    for o in record.observations:
        name = NAMED.get(o.analyte, o.analyte)
        if o.value is None or o.value <= 0 or not (hasattr(Laboratory, name) or name in OTHER_CV):
            continue
        if o.censor is not None:
            notes.append(f"{o.analyte} {o.censor}{o.value:g}: a bound is not used in the calibration")
            continue
        found.append((name, o.time, float(o.value)))
    return found


def _seen(
    analyte: str, time: datetime | None, value: float, begin: datetime | None, days: float, machine: str
) -> Seen | None:
    day = days if time is None or begin is None else (time - begin).total_seconds() / 86400.0
    if day < 0:
        return None
    if machine == "haemodialysis":
        starts = [7.0 * w + d for w in range(int(days // 7) + 1) for d in WEEKDAYS[3] if 7.0 * w + d <= days]
        day = min(starts, key=lambda s: abs(s - day)) if starts else day
    cv = getattr(Laboratory, analyte, OTHER_CV.get(analyte, 15.0)) / 100.0
    return Seen(CURVE.get(analyte, analyte), min(day, days), value, math.sqrt(math.log1p(cv * cv)))


def _dialysis(record: Record) -> str:
    said = [text.lower() for text, presence, _ in record.texts() if presence == "present"]
    if any("peritoneal dialysis" in s for s in said):
        return "peritoneal"
    words = ("dialysis", "hemodiafiltration", "haemodiafiltration")
    return "haemodialysis" if any(w in s for s in said for w in words) else ""


def _filtration(record: Record, begin: datetime | None, days: float) -> tuple[float | None, float | None]:
    """eGFR at day 0 and at the last day: a line through the logarithms where there are several over half a year."""
    found = [(o.time, float(o.value)) for o in record.of("egfr") if o.value and o.value > 0]
    if not found:
        return None, None
    dated = [((t - begin).total_seconds() / 86400.0, v) for t, v in found if t is not None and begin is not None]
    last = min(max(found[-1][1], 1.0), 200.0)
    if len(dated) < 3 or max(d for d, _ in dated) - min(d for d, _ in dated) < 180.0:
        middle = float(np.median([v for _, v in found[-3:]]))
        return min(max(middle, 1.0), 200.0), None
    slope, level = np.polyfit([d for d, _ in dated], np.log([v for _, v in dated]), 1)
    first = float(np.clip(math.exp(level), 1.0, 200.0))
    return first, float(np.clip(math.exp(level + slope * days), 1.0, 200.0)) if days else last


def _population(machine: str, gfr: float | None) -> str:
    if machine:
        return "haemodialysis" if machine == "haemodialysis" else "peritoneal_dialysis"
    if gfr is None or gfr >= NORMAL_GFR:
        return "healthy_adult"
    return next(name for least, name in STAGES if gfr >= least)


def _lesions(record: Record) -> Mapping[str, float]:
    """Lesions that the record names as present; kidney disease is read from filtration instead."""
    names = {k.replace("_", " "): k for k in lesions()} | {a.replace("_", " "): k for a, k in ALIASES.items()}
    names |= {v.name.lower(): k for k, v in lesions().items()}
    said = [c.text.lower().replace("-", " ") for c in record.conditions if c.presence == "present"]
    found = {k for n, k in names.items() if len(n) > 3 and any(n in s for s in said)}
    return dict.fromkeys((k for k in sorted(found) if not k.startswith(("ckd", "secondary"))), 1.0)


def _medicines(
    record: Record, begin: datetime | None, end: datetime | None, days: float, notes: list[str]
) -> tuple[dict[str, str], list[Act]]:
    """Therapies taken all along (before day 0 too), and those that begin or end within the record."""
    regimen: dict[str, str] = {}
    acts: list[Act] = []
    known = set(known_therapies())
    for m in record.medications:
        name = m.inn.replace(" ", "_").replace("-", "_")
        if m.presence != "present" or name not in known:
            continue
        try:
            dose_of(therapy(name), m.dose, record.id)
        except FetuinError:
            notes.append(f"{m.text}: taken, but its dose '{m.dose}' is not understood; its effect is left to the fit")
            continue
        start, stop = _span(m, begin, days)
        if start <= 0 and stop >= days:
            regimen[name] = m.dose
        elif stop > max(start, 0.0):
            acts += therapy(name).given(m.dose, max(start, 0.0), stop - max(start, 0.0), days)
    return regimen, acts


def _span(m: Medication, begin: datetime | None, days: float) -> tuple[float, float]:
    """First and last day of a medicine, relative to day 0."""
    start = (m.start - begin).total_seconds() / 86400.0 if m.start and begin else -math.inf
    stop = (m.end - begin).total_seconds() / 86400.0 if m.end and begin else math.inf
    return start, stop
