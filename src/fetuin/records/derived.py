"""Values that follow from others by a published rule: each with its rule, its source and the observations it used.

A derived value never stands for a measured one: it is offered beside it. Where a rule does not apply, the reason is given
in place of the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fetuin.quantities import quantity
from fetuin.records.medicines import NEGATED
from fetuin.records.record import Observation, Record

CA_MG_DL = 4.0078  # mg/dL of calcium in 1 mmol/L: molar mass 40.078 g/mol (knowledge/analytes/calcium.toml)
P_MG_DL = 3.0974  # mg/dL of phosphorus in 1 mmol/L: 30.974 g/mol (knowledge/analytes/phosphate.toml)
D_NG_ML = 0.40064  # ng/mL of 25-OH-D in 1 nmol/L: 400.64 g/mol (knowledge/analytes/calcidiol.toml)
CREATININE_MG_DL = 0.011312  # mg/dL of creatinine in 1 umol/L: 113.12 g/mol (knowledge/analytes/creatinine.toml)
DIALYSIS_CODES = {"Z99.2", "N18.6", "Z49.31", "Z49.32"}
_DIALYSIS = re.compile(r"dialys|\b(esrd|eskd|ckd ?5d|capd|ccpd)\b", re.IGNORECASE)


@dataclass(frozen=True)
class CkdEpi2021:
    """eGFR = 142 min(S/k, 1)^a max(S/k, 1)^-1.200 0.9938^age (1.012 if female), S in mg/dL; for adults."""

    scale: float = quantity(142.0, "mL/min/{1.73_m2}", "inker2021, Q049", "rate at S = k and age 0")
    k_female: float = quantity(0.7, "mg/dL", "inker2021, Q049", "creatinine at the knee, women")
    k_male: float = quantity(0.9, "mg/dL", "inker2021, Q049", "creatinine at the knee, men")
    a_female: float = quantity(-0.241, "1", "inker2021, Q049", "exponent below the knee, women")
    a_male: float = quantity(-0.302, "1", "inker2021, Q049", "exponent below the knee, men")
    above: float = quantity(-1.2, "1", "inker2021, Q049", "exponent above the knee")
    per_year: float = quantity(0.9938, "1", "inker2021, Q049", "factor for each year of age")
    female: float = quantity(1.012, "1", "inker2021, Q049", "factor for women")
    adult: float = quantity(18.0, "a", "inker2021", "the equation was made for adults")


@dataclass(frozen=True)
class Adjustment:
    """Ca + 0.8 (4.0 - albumin), mg/dL and g/dL."""

    slope: float = quantity(0.8, "mg/dL per g/dL", "payne, Q043", "calcium bound by a gram of albumin")
    albumin: float = quantity(4.0, "g/dL", "payne, Q043", "the albumin to which calcium is adjusted")


@dataclass(frozen=True)
class PthLimit:
    """Upper limit of PTH = 119.73 - 6.07 Ca - 0.52 25-OH-D + 0.26 age: ng/L, mg/dL, ng/mL, years."""

    intercept: float = quantity(119.73, "ng/L", "harvey_nomogram, Q070", "upper limit; the mean has 90.73")
    calcium: float = quantity(-6.07, "ng/L per mg/dL", "harvey_nomogram, Q070", "total calcium")
    calcidiol: float = quantity(-0.52, "ng/L per ng/mL", "harvey_nomogram, Q070", "25-OH-D")
    age: float = quantity(0.26, "ng/L/a", "harvey_nomogram, Q070", "age")


@dataclass(frozen=True)
class Together:
    """How far apart in time two results may be to be used in one rule."""

    chemistry: float = quantity(7.0, "d", "assumption: chemistry of one illness week", "calcium, phosphate, albumin")
    calcidiol: float = quantity(120.0, "d", "assumption: half-life of 25-OH-D is weeks", "25-OH-D with calcium")


@dataclass(frozen=True)
class Derived:
    """One derived value. `value` is None where the rule does not apply, and `note` then says why."""

    analyte: str
    label: str
    value: float | None
    unit: str
    rule: str
    source: str
    used: tuple[Observation, ...] = ()
    note: str = ""


def egfr(creatinine: float, age: float, sex: str, p: CkdEpi2021 | None = None) -> float:
    """CKD-EPI 2021 [mL/min/{1.73_m2}] from creatinine [umol/L], age [years] and sex ("F", "M"). Source: inker2021."""
    p = p or CkdEpi2021()
    k, a = (p.k_female, p.a_female) if sex == "F" else (p.k_male, p.a_male)
    ratio = creatinine * CREATININE_MG_DL / k
    rate = p.scale * min(ratio, 1.0) ** a * max(ratio, 1.0) ** p.above * p.per_year**age
    return rate * (p.female if sex == "F" else 1.0)


def adjusted_calcium(calcium: float, albumin: float, p: Adjustment | None = None) -> float:
    """Albumin-adjusted calcium [mmol/L] from total calcium [mmol/L] and albumin [g/L]. Source: payne."""
    p = p or Adjustment()
    return calcium + p.slope * (p.albumin - albumin / 10.0) / CA_MG_DL


def pth_limit(calcium: float, calcidiol: float, age: float, p: PthLimit | None = None) -> float:
    """Upper limit of PTH [ng/L] given calcium [mmol/L], 25-OH-D [nmol/L] and age [years]. Source: harvey_nomogram."""
    p = p or PthLimit()
    return p.intercept + p.calcium * calcium * CA_MG_DL + p.calcidiol * calcidiol * D_NG_ML + p.age * age


def on_dialysis(record: Record) -> bool:
    """True where a code or a phrase of the record says CKD 5D; a phrase with a negation in it does not say it."""
    coded = any(c.code and c.code[1] in DIALYSIS_CODES and c.presence == "present" for c in record.conditions)
    said = [c.text for c in record.conditions if c.presence == "present"]
    said += [p.text for p in record.procedures if p.presence == "present"]
    return coded or any(_DIALYSIS.search(t) and not NEGATED.search(t) for t in said)


def _value(record: Record, analyte: str) -> Observation | None:
    """The newest observation of an analyte with a number that is not a bound."""
    numbers = [o for o in record.of(analyte) if o.value is not None and o.censor is None]
    return numbers[-1] if numbers else None


def _together(days: float, *found: Observation) -> bool:
    times = [o.time for o in found if o.time]
    return not times or (max(times) - min(times)).total_seconds() <= days * 86400


def _egfr(r: Record) -> Derived | None:
    c = _value(r, "creatinine")
    if c is None or c.value is None:
        return None
    why = "sex is not known" if r.sex is None else "age is not known" if r.age is None else ""
    why = why or ("the equation is for adults" if (r.age or 0) < CkdEpi2021().adult else "")
    x = None if why else egfr(c.value, r.age or 0.0, r.sex or "")
    return Derived("egfr", "eGFR", x, "mL/min/{1.73_m2}", "CKD-EPI 2021, creatinine", "inker2021, Q049", (c,), why)


def _products(r: Record) -> list[Derived]:
    ca, p = _value(r, "calcium"), _value(r, "phosphate")
    if ca is None or p is None or ca.value is None or p.value is None:
        return []
    far = "" if _together(Together().chemistry, ca, p) else "calcium and phosphate are not of the same week"
    si = None if far else ca.value * p.value
    us = None if si is None else si * CA_MG_DL * P_MG_DL
    rule, note = "total calcium x phosphate", far or "a feature, not a gate: judge the trends together (Q050)"
    pairs = ((si, "mmol2/L2"), (us, "mg2/dL2"))
    return [
        Derived("cxp", "Ca x P", x, unit, rule, "assumption: product of two results", (ca, p), note)
        for x, unit in pairs
    ]


def _adjusted(r: Record) -> Derived | None:
    ca, albumin = _value(r, "calcium"), _value(r, "albumin")
    if ca is None or albumin is None or ca.value is None or albumin.value is None:
        return None
    x: float | None = adjusted_calcium(ca.value, albumin.value)
    note = "offered beside the measured values"
    if r.latest("calcium_ionised"):
        note = "ionised calcium was measured and is preferred"
    if on_dialysis(r):
        x, note = None, "not used in CKD 5D: it agrees with ionised calcium in 42 % (Q045)"
    elif not _together(Together().chemistry, ca, albumin):
        x, note = None, "calcium and albumin are not of the same week"
    rule = "Ca + 0.8 (4.0 - albumin), mg/dL and g/dL"
    return Derived("calcium_adjusted", "Calcium, adjusted", x, "mmol/L", rule, "payne, Q043", (ca, albumin), note)


def _limit(r: Record) -> Derived | None:
    ca, d = _value(r, "calcium"), _value(r, "calcidiol")
    if ca is None or d is None or ca.value is None or d.value is None or r.age is None:
        return None
    why = "not for CKD 5D: read PTH against 2-9 x the upper limit of the assay (Q051)" if on_dialysis(r) else ""
    why = why or ("the rule was made in adults" if r.age < CkdEpi2021().adult else "")
    why = why or ("" if _together(Together().calcidiol, ca, d) else "calcium and 25-OH-D are too far apart in time")
    x = None if why else pth_limit(ca.value, d.value, r.age)
    rule = "119.73 - 6.07 Ca - 0.52 25-OH-D + 0.26 age"
    return Derived(
        "pth_limit", "PTH, upper limit for this person", x, "ng/L", rule, "harvey_nomogram, Q070", (ca, d), why
    )


def derive(record: Record) -> tuple[Derived, ...]:
    """Every derived value whose inputs the record holds, also those whose rule does not apply, with the reason."""
    found = [_egfr(record), *_products(record), _adjusted(record), _limit(record)]
    return tuple(d for d in found if d is not None)
