"""One person's resources become one Record.

Resources that are not of this person are refused by name. The record does not depend on the order of the resources nor on
their ids: everything is put in the order of its time and its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

from fetuin.records.fhir.clinical import read_condition, read_family, read_medication, read_procedure, read_report
from fetuin.records.fhir.context import Context, Placed
from fetuin.records.fhir.elements import codes, concept, items, obj, reference, text, time, when
from fetuin.records.fhir.observation import AGE, read_observation
from fetuin.records.gather import gather, moment
from fetuin.records.observe import number
from fetuin.records.record import Condition, Medication, Observation, Procedure, Record, Source, TissueFinding

YEAR = 365.2425
Reader = Callable[[dict[str, Any], str, Context], Iterator[Any]]
READERS: dict[str, Reader] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
    "DiagnosticReport": read_report,
    "FamilyMemberHistory": read_family,
    **dict.fromkeys(
        ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"), read_medication
    ),
}
SEX: dict[str, Literal["F", "M"]] = {"female": "F", "male": "M"}


def subject_of(r: dict[str, Any]) -> str:
    """The name of the person a resource is about, or "" where it does not say."""
    return reference(r.get("subject")) or reference(r.get("patient"))


def _read(resources: list[Placed], c: Context) -> list[Any]:
    found: list[Any] = []
    for p in resources:
        reader = READERS.get(text(p.resource.get("resourceType")))
        if reader:
            found += reader(p.resource, p.place, c)
    return found


def stated_age(resources: list[Placed]) -> tuple[float | None, bool]:
    """The newest age that an Observation states (LOINC 30525-0, in years or months), and whether it is approximate."""
    ages: list[tuple[float, float, bool]] = []
    for p in resources:
        r = p.resource
        if AGE in concept(r.get("code")).loincs() and r.get("resourceType") == "Observation":
            q = obj(r.get("valueQuantity"))
            years = {"a": 1.0, "mo": 12.0, "wk": YEAR / 7, "d": YEAR}.get(text(q.get("code")))
            value = number(q.get("value"))
            if years and value is not None and 0 <= float(value) <= 130 * years:
                seen = moment(when(r, "effectiveDateTime", "issued"))
                ages.append((seen, float(value) / years, "approximate" in codes(r.get("method"))))
    return max(ages)[1:] if ages else (None, False)


def _latest(found: list[Any]) -> datetime | None:
    """The time of the newest laboratory result; where none has a time, of the newest finding; then of anything else."""
    groups: tuple[list[datetime | None], ...] = (
        [x.time for x in found if isinstance(x, Observation)],
        [x.time for x in found if isinstance(x, TissueFinding)],
        [x.onset for x in found if isinstance(x, Condition)] + [x.time for x in found if isinstance(x, Procedure)],
        [x.start for x in found if isinstance(x, Medication)],
    )
    return next((max(ts) for g in groups if (ts := [t for t in g if t])), None)


def _age(patient: dict[str, Any], resources: list[Placed], found: list[Any]) -> tuple[float | None, bool]:
    """Age in years at the newest datum from the date of birth, or as stated; approximate where only the year is known."""
    born = text(patient.get("birthDate"))
    start, latest = time(born), _latest(found)
    if start and latest:
        years = (latest.astimezone(UTC) - start).total_seconds() / 86400 / YEAR
        if -0.01 <= years <= 130:
            return round(max(years, 0.0), 3), len(born) < 10
    return stated_age(resources)


def record_of(patient: Placed | None, resources: list[Placed], c: Context) -> Record:
    """The Record of one person from the resources that are theirs."""
    found = _read(resources, c)
    who = patient.resource if patient else {}
    age, approximate = _age(who, resources, found)
    return Record(
        id=text(who.get("id")),
        sex=SEX.get(text(who.get("gender")).lower()),
        age=age,
        age_approximate=approximate,
        **gather([*found, *c.refusals]),
        source=Source(c.file, "fhir", patient.place if patient else ""),
    )


def specimens(resources: list[Placed]) -> dict[str, dict[str, Any]]:
    """{name: resource} of what other resources point to."""
    kept = ("Specimen", "Medication")
    return {n: p.resource for p in resources if p.resource.get("resourceType") in kept for n in p.names}


def contained_patient(resources: list[Placed]) -> dict[str, Any] | None:
    """The Patient inside another resource, where no Patient stands by itself."""
    for p in resources:
        for inner in items(p.resource.get("contained")):
            if inner.get("resourceType") == "Patient":
                return inner
    return None
