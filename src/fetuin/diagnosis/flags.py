"""Warnings that stand beside the answer: what may mislead, what may harm, and where a person must judge at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from fetuin.diagnosis.evidence import Reading
from fetuin.quantities import quantity
from fetuin.records.record import Record

Flag = dict[str, str]
Seen = Mapping[str, Reading]


@dataclass(frozen=True)
class Alarm:
    """When a flag is raised."""

    calciphylaxis: float = quantity(
        0.2, "1", "assumption: facts on the engine", "probability of calciphylaxis", (0.1, 0.3)
    )


ALARM = Alarm()


def _flag(code: str, text: str, citation: str = "") -> Flag:
    return {"code": code, "text": text, "citation": citation}


def _state(seen: Seen, finding: str) -> str:
    return seen[finding].state if finding in seen else ""


def calciphylaxis(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """Calciphylaxis needs a person at once, and a biopsy may harm."""
    if answers.get("calciphylaxis", 0.0) > ALARM.calciphylaxis:
        text = (
            "Calciphylaxis is possible: it needs urgent human judgement now. Time-critical situations are outside the intended use "
            "of this software."
        )
        yield _flag("calciphylaxis_urgent", text, "Q022")
        text = (
            "A skin biopsy may harm: complications in 16 of 114, a first biopsy finds about half, and the same vessels are seen in 35 % "
            "of amputations without the disease. A clinical diagnosis and a bone scan come first."
        )
        yield _flag("biopsy_harm", text, "Q097")


def pseudohypercalcaemia(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """A high total calcium that ionised calcium does not confirm, or that a paraprotein or platelets may explain."""
    if _state(seen, "calcium_discordance") == "present":
        text = "Pseudohypercalcaemia: total calcium is high and ionised calcium is not. Ionised calcium decides."
        yield _flag("pseudohypercalcaemia", text, "Q044")
        return
    binders = ("paraprotein", "thrombocytosis", "myeloma", "globulin")
    bound = any(_state(seen, f) in ("present", "high") for f in binders)
    if _state(seen, "calcium") in ("high", "severe") and bound and record.latest("calcium_ionised") is None:
        text = "A paraprotein or many platelets may bind calcium: measure ionised calcium before acting on the total."
        yield _flag("pseudohypercalcaemia", text, "Q044")


def hypocalciuric(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """High calcium with a PTH that is not held down: familial hypocalciuric hypercalcaemia against PHPT."""
    unsuppressed = _state(seen, "pth") in ("normal", "high", "very_high")
    high = _state(seen, "calcium") in ("high", "severe") and _state(seen, "calcium_discordance") != "present"
    if not (high and unsuppressed) or _state(seen, "kidney") == "failure":
        return
    clearance = _state(seen, "calcium_clearance")
    if clearance == "low":
        text = "Calcium to creatinine clearance below 0.01: familial hypocalciuric hypercalcaemia must be excluded (CASR, GNA11, AP2S1) before any neck surgery."
    elif clearance:
        return
    else:
        text = "Hypercalcaemia with unsuppressed PTH is primary hyperparathyroidism or FHH: order the calcium to creatinine clearance ratio."
    yield _flag("fhh_or_phpt", text, "Q040")


def severe(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """Severe hypercalcaemia is an emergency, and this is no emergency software."""
    if _state(seen, "calcium") == "severe" and seen["calcium"].weights[-1] > 0.5:
        text = "Severe hypercalcaemia (3.25 mmol/L, 13 mg/dL or more) is an emergency. Time-critical situations are outside the intended use."
        yield _flag("severe_hypercalcaemia", text)


def adjusted(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """Adjusted calcium misleads in kidney failure."""
    if record.latest("calcium_adjusted") is not None and _state(seen, "kidney") == "failure":
        only = record.latest("calcium") is None and record.latest("calcium_ionised") is None
        text = "Albumin-adjusted calcium is not reliable in CKD 5D (agrees with ionised calcium in 42 %). "
        text += "No other calcium was given: ask for ionised calcium." if only else "It was not used."
        yield _flag("adjusted_calcium_in_kidney_failure", text, "Q045")


def bone(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """Bone is a look-alike."""
    if _state(seen, "ossification") == "present":
        text = "Ossification was described: it is bone, a look-alike of calcification. The published cases count traumatic myositis ossificans as dystrophic."
        yield _flag("ossification", text)


def unread(record: Record, seen: Seen, answers: Mapping[str, float]) -> Iterator[Flag]:
    """What could not be read."""
    if record.refusals:
        names = "; ".join(f"{r.what}: {r.why}" for r in record.refusals[:5])
        yield _flag("values_refused", f"{len(record.refusals)} value(s) were not read: {names}")


RULES: tuple[Callable[[Record, Seen, Mapping[str, float]], Iterator[Flag]], ...] = (
    calciphylaxis,
    severe,
    pseudohypercalcaemia,
    hypocalciuric,
    adjusted,
    bone,
    unread,
)


def flags(record: Record, found: tuple[Reading, ...], answers: Mapping[str, float]) -> tuple[Flag, ...]:
    """Every flag of a record, the most urgent first."""
    seen = {r.finding: r for r in found}
    return tuple(f for rule in RULES for f in rule(record, seen, answers))
