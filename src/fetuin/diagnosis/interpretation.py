"""A laboratory value becomes soft classes: how well each class explains it, given assay error and biological variation.

Edges are reference limits; a value at the edge speaks half for either side. PTH is read against calcium, 25-OH-D and age
(the nomogram of Q070) outside advanced kidney disease, and in multiples of the assay's upper limit within it (Q051).
Ionised calcium outranks total; adjusted calcium is never used in kidney failure (Q044-Q046).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from fetuin.knowledge.analyte import analytes
from fetuin.knowledge.finding import findings
from fetuin.quantities import quantity
from fetuin.records.record import Observation, Record

Weights = tuple[float, ...]


@dataclass(frozen=True)
class Edges:
    """Limits that are no reference interval, and the numbers that soften them."""

    calcium_severe: float = quantity(3.25, "mmol/L", "assumption: 13 mg/dL, usual definition of severe hypercalcaemia")
    ionised_low: float = quantity(1.15, "mmol/L", "assumption: usual laboratory interval 1.15-1.32 mmol/L")
    ionised_high: float = quantity(1.32, "mmol/L", "assumption: usual laboratory interval 1.15-1.32 mmol/L")
    ionised_severe: float = quantity(1.65, "mmol/L", "assumption: half of 3.25 mmol/L total")
    pth_suppressed: float = quantity(18.0, "ng/L", "Q088, Q038", "below it a normal gland is held down", (10.0, 26.0))
    pth_uln: float = quantity(65.0, "ng/L", "assumption: usual assay interval 15-65 ng/L (confirmed in text)")
    pth_very_high: float = quantity(5.0, "1", "elicited", "multiples of the limit, outside kidney disease", (3.0, 8.0))
    ckd_low: float = quantity(0.5, "1", "elicited", "multiples of the assay limit in kidney failure", (0.3, 1.0))
    ckd_target_low: float = quantity(2.0, "1", "Q051", "KDIGO 2-9 x the assay limit")
    ckd_target_high: float = quantity(9.0, "1", "Q051", "KDIGO 2-9 x the assay limit")
    calcidiol_low: float = quantity(50.0, "nmol/L", "assumption: 20 ng/mL, usual limit of deficiency")
    calcidiol_high: float = quantity(160.0, "nmol/L", "Q081: above the 97.5 % of US adults (126 nmol/L), widened")
    calcidiol_toxic: float = quantity(
        250.0, "nmol/L", "assumption: 100 ng/mL; reported intoxications start at 150 (Q041)"
    )
    egfr_reduced: float = quantity(60.0, "mL/min/{1.73_m2}", "Q049", "definition of reduced kidney function")
    egfr_failure: float = quantity(15.0, "mL/min/{1.73_m2}", "Q049", "definition of kidney failure")
    clearance_low: float = quantity(0.01, "1", "Q040", "calcium to creatinine clearance ratio in FHH")
    other_tail: float = quantity(0.02, "1", "elicited", "chance that a class was read wrongly", (0.005, 0.05))


EDGES = Edges()


@dataclass(frozen=True)
class Nomogram:
    """Upper limit of PTH [ng/L] given calcium [mg/dL], 25-OH-D [ng/mL] and age [y]."""

    intercept: float = quantity(119.73, "ng/L", "Q070")
    calcium: float = quantity(-6.07, "ng/L per mg/dL", "Q070")
    calcidiol: float = quantity(-0.52, "ng/L per ng/mL", "Q070")
    age: float = quantity(0.26, "ng/L/a", "Q070")
    calcium_factor: float = quantity(4.0078, "mg/dL per mmol/L", "atomic weight of calcium 40.078 g/mol")
    calcidiol_factor: float = quantity(0.40061, "ng/mL per nmol/L", "molar mass 400.6 g/mol")
    usual_calcidiol: float = quantity(59.4, "nmol/L", "Q081", "median, where 25-OH-D is not known")
    usual_age: float = quantity(50.0, "a", "assumption: where age is not known")
    lowest: float = quantity(25.0, "ng/L", "assumption: the line is not carried below the range it was made on")


NOMOGRAM = Nomogram()


@dataclass(frozen=True)
class Noise:
    """Coefficient of variation of one result: assay and biological variation within a person together."""

    calcium: float = quantity(0.025, "1", "elicited", "total or adjusted calcium", (0.015, 0.035))
    phosphate: float = quantity(0.09, "1", "elicited", "phosphate", (0.06, 0.12))
    pth: float = quantity(0.2, "1", "elicited", "intact PTH", (0.1, 0.3))
    other: float = quantity(0.1, "1", "elicited", "every other analyte", (0.05, 0.2))


NOISE = Noise()


def _phi(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def soft(value: float, edges: tuple[float, ...], cv: float) -> Weights:
    """How well each class between the (rising) edges explains `value`; len(edges) + 1 numbers adding up to 1."""
    sd = max(abs(value) * cv, 1e-12)
    below = [0.0, *(_phi((e - value) / sd) for e in edges), 1.0]
    return tuple(max(b - a, 0.0) for a, b in pairwise(below))


def graded(o: Observation, edges: tuple[float, ...], cv: float) -> Weights:
    """`soft`, with a bound ("<", ">") spread over what lies beyond it."""
    assert o.value is not None
    if o.censor is None:
        return soft(o.value, edges, cv)
    factors = (0.2, 0.5, 0.8, 0.95) if o.censor == "<" else (1.05, 1.25, 1.6, 2.2)
    each = [soft(o.value * f, edges, cv) for f in factors]
    return tuple(sum(w) / len(each) for w in zip(*each, strict=True))


_FLAG_STATES = {"H": ("high", "severe", "very_high", "toxic"), "L": ("low", "suppressed"), "N": ("normal",)}


def from_flag(flag: str, states: tuple[str, ...]) -> Weights:
    """A word instead of a number: every class of that side is equally likely."""
    return tuple(1.0 if s in _FLAG_STATES[flag] else EDGES.other_tail for s in states)


def limits(o: Observation, record: Record) -> tuple[float, float]:
    """Lower and upper limit: those the laboratory printed, else the interval of the analyte for age and sex."""
    known = analytes().get(o.analyte)
    interval = known.interval(record.age, record.sex) if known else None
    low = o.low if o.low is not None else interval.low if interval else None
    high = o.high if o.high is not None else interval.high if interval else None
    return (low if low is not None else 0.0, high if high is not None else math.inf)


def _plain(o: Observation, record: Record, states: tuple[str, ...], cv: float = NOISE.other) -> Weights:
    low, high = limits(o, record)
    edges = {("low", "normal", "high"): (low, high), ("normal", "high"): (high,), ("low", "normal"): (low,)}[states]
    return graded(o, edges, cv)


def pth_limit(record: Record) -> float:
    """Upper limit of PTH [ng/L] for this person's calcium, 25-OH-D and age; the assay's where calcium is not known."""
    calcium = next(
        (o for a in ("calcium_adjusted", "calcium") if (o := record.latest(a)) and o.value is not None), None
    )
    if calcium is None or calcium.value is None:
        return EDGES.pth_uln
    n, d = NOMOGRAM, record.latest("calcidiol")
    calcidiol = d.value if d is not None and d.value is not None else n.usual_calcidiol
    age = n.usual_age if record.age is None else record.age
    line = (
        n.intercept
        + n.calcium * n.calcium_factor * calcium.value
        + n.calcidiol * n.calcidiol_factor * calcidiol
        + n.age * age
    )
    return max(n.lowest, line)


def read_pth(o: Observation, record: Record, kidney: str) -> Weights:
    """Classes of PTH: by the nomogram, or by multiples of the assay's limit in kidney failure."""
    uln = o.high or EDGES.pth_uln
    if kidney == "failure":
        edges = (EDGES.ckd_low * uln, EDGES.ckd_target_low * uln, EDGES.ckd_target_high * uln)
    else:
        limit = pth_limit(record) * (1.5 if kidney == "reduced" else 1.0)
        edges = (min(EDGES.pth_suppressed, 0.8 * limit), limit, EDGES.pth_very_high * limit)
    return graded(o, edges, NOISE.pth)


def read_calcium(o: Observation, record: Record) -> Weights:
    """Classes of calcium: low, normal, high, severe; ionised by its own limits."""
    if o.analyte == "calcium_ionised":
        edges = (o.low or EDGES.ionised_low, o.high or EDGES.ionised_high, EDGES.ionised_severe)
    else:
        low, high = limits(o, record)
        edges = (low, high, max(EDGES.calcium_severe, high))
    return graded(o, edges, NOISE.calcium)


def calcium_choice(record: Record, kidney: str) -> Observation | None:
    """The calcium to judge by: ionised, else adjusted (never in kidney failure), else total."""
    order = (
        ("calcium_ionised", "calcium", "calcium_adjusted")
        if kidney == "failure"
        else ("calcium_ionised", "calcium_adjusted", "calcium")
    )
    found = [o for a in order if (o := record.latest(a))]
    return next((o for o in found if o.value is not None or o.flag), None)


def egfr_2021(creatinine: float, age: float, female: bool) -> float:
    """eGFR [mL/min/1.73 m2] by CKD-EPI 2021 from creatinine [umol/L] of an adult (Q049)."""
    k, a = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine / 88.4 / k
    return 142.0 * min(ratio, 1.0) ** a * max(ratio, 1.0) ** -1.2 * 0.9938**age * (1.012 if female else 1.0)


def read_kidney(record: Record) -> tuple[Weights, Observation] | None:
    """Classes of kidney function from eGFR or creatinine: normal, reduced, failure; None where neither is known."""
    edges = (EDGES.egfr_failure, EDGES.egfr_reduced)
    egfr, creatinine = record.latest("egfr"), record.latest("creatinine")
    for o in (egfr, creatinine):
        if o is None or (o.value is None and o.flag is None):
            continue
        if o.value is None:
            worse = (o.flag == "L") if o.analyte == "egfr" else (o.flag == "H")
            return ((EDGES.other_tail, 1.0, 0.25) if worse else (1.0, EDGES.other_tail, EDGES.other_tail)), o
        if o.analyte == "egfr":
            return tuple(reversed(graded(o, edges, NOISE.other))), o
        if record.age is not None and record.age >= 18:
            g = egfr_2021(o.value, record.age, record.sex == "F")
            return tuple(reversed(soft(g, edges, NOISE.other))), o
        high = limits(o, record)[1]
        return graded(o, (high, 5 * high), NOISE.other), o
    return None


def read_analyte(finding: str, o: Observation, record: Record, kidney: str) -> Weights:
    """The classes of the finding that explain one observation, by value where there is one, else by its flag."""
    states = findings()[finding].states
    if o.value is None:
        return from_flag(o.flag or "N", states)
    if finding == "calcium":
        return read_calcium(o, record)
    if finding == "pth":
        return read_pth(o, record, kidney)
    if finding == "calcidiol":
        return graded(o, (EDGES.calcidiol_low, EDGES.calcidiol_high, EDGES.calcidiol_toxic), NOISE.other)
    if finding == "calcium_clearance":
        return graded(o, (EDGES.clearance_low,), NOISE.other)
    return _plain(o, record, states, NOISE.phosphate if finding == "phosphate" else NOISE.other)
