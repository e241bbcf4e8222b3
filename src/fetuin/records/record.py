"""The currency: what is known of one person, in the words of FHIR. Frozen, canonical units, time-stamped, source kept.

A plate, a scan, a hospital bundle and a simulated patient all end as `Observation`s in a `Record`. The unit of a value is
the canonical unit of its analyte (`docs/nomenclature.md`); conversion happened where the file was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

Flag = Literal["H", "L", "N"]
TissueState = Literal["viable", "damaged", "mixed", "not_reported"]
Presence = Literal["present", "absent"]  # what nobody reported is in neither list


@dataclass(frozen=True, slots=True)
class Source:
    """Where a datum came from: file or system, format, and the place in it (line, entry, JSON path)."""

    name: str = ""
    format: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """This analyte, this value, this unit, this time, from this source.

    `value` is in the canonical unit of the analyte, or None where the source gave only words (`flag`).
    `censor` is "<" or ">" where the value is a bound. `printed` keeps value and unit as the source wrote them.
    """

    analyte: str
    value: float | None
    unit: str
    time: datetime | None = None
    flag: Flag | None = None
    censor: Literal["<", ">"] | None = None
    low: float | None = None
    high: float | None = None
    printed: str = ""
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Condition:
    """A disease or problem. `code` is (system, code) or None; `text` is as written; absent when explicitly negated."""

    text: str
    code: tuple[str, str] | None = None
    presence: Presence = "present"
    onset: datetime | None = None
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Medication:
    """A medicine: `inn` is its international non-proprietary name in lower case, or "" where it was not recognised."""

    text: str
    inn: str = ""
    code: tuple[str, str] | None = None
    presence: Presence = "present"
    start: datetime | None = None
    end: datetime | None = None
    dose: str = ""
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something done to the person: dialysis, transplantation, parathyroidectomy, an infusion, a biopsy."""

    text: str
    code: tuple[str, str] | None = None
    presence: Presence = "present"
    time: datetime | None = None
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class TissueFinding:
    """What was seen in tissue: where, in what state, and the words of histology or imaging.

    `state` answers the first question: is the calcified tissue viable, damaged, both, or was it not reported?
    `modality` is "histology", "imaging", "examination" or "".
    """

    text: str = ""
    site: str = ""
    state: TissueState = "not_reported"
    modality: str = ""
    presence: Presence = "present"
    code: tuple[str, str] | None = None
    time: datetime | None = None
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Variant:
    """A gene and what was found in it."""

    gene: str
    text: str = ""
    zygosity: str = ""
    presence: Presence = "present"
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that was not read, and why: nothing is lost in silence."""

    what: str
    why: str
    fix: str = ""
    source: Source = field(default_factory=Source)


def _age_of(o: Observation) -> tuple[bool, float]:
    return o.time is not None, o.time.timestamp() if o.time else 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """One person. `id` is the source's; `sex` is "F", "M" or None; `age` in years at the latest datum, or None."""

    id: str = ""
    sex: Literal["F", "M"] | None = None
    age: float | None = None
    age_approximate: bool = False
    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    medications: tuple[Medication, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    tissue: tuple[TissueFinding, ...] = ()
    variants: tuple[Variant, ...] = ()
    notes: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    source: Source = field(default_factory=Source)
    _sorted: dict[str, tuple[Observation, ...]] | None = field(default=None, init=False, repr=False, compare=False)

    def of(self, analyte: str) -> tuple[Observation, ...]:
        """Every observation of one analyte, oldest first; those without a time come first."""
        if self._sorted is None:
            groups: dict[str, list[Observation]] = {}
            for o in self.observations:
                groups.setdefault(o.analyte, []).append(o)
            found = {a: tuple(sorted(mine, key=_age_of)) for a, mine in groups.items()}
            object.__setattr__(self, "_sorted", found)  # what is frozen stays what it says; this is only looked up once
            return found.get(analyte, ())
        return self._sorted.get(analyte, ())

    def latest(self, analyte: str) -> Observation | None:
        """The newest observation of one analyte, or None."""
        found = self.of(analyte)
        return found[-1] if found else None

    def texts(self) -> Iterator[tuple[str, Presence, Source]]:
        """Every phrase in the record with its presence: conditions, medicines, procedures, tissue, variants, notes."""
        said: tuple[Condition | Medication | Procedure, ...] = (*self.conditions, *self.medications, *self.procedures)
        for c in said:
            yield c.text, c.presence, c.source
        for t in self.tissue:
            yield f"{t.site} {t.text}".strip(), t.presence, t.source
        for v in self.variants:
            yield f"{v.gene} {v.text}".strip(), v.presence, v.source
        for n in self.notes:
            yield n, "present", self.source

    def without_tissue_state(self) -> Record:
        """The same record with the tissue's state not reported: it often leaks the diagnosis."""
        return replace(self, tissue=tuple(replace(t, state="not_reported") for t in self.tissue))
