"""A Record becomes a FHIR R4 Bundle of type collection; read again, it is the same record.

Values are written as their source printed them where that converts to the same number, otherwise in the canonical unit.
Words that FHIR has no element for (the state of a tissue, a gene without a code) use codes of the system `urn:fetuin:code`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from fetuin.errors import UnitError
from fetuin.knowledge.analyte import analytes
from fetuin.records.fhir.elements import LOINC, OWN, UCUM
from fetuin.records.fhir.observation import AGE, GENE, HGVS, ZYGOSITY
from fetuin.records.observe import split
from fetuin.records.record import Condition, Medication, Observation, Procedure, Record, TissueFinding, Variant
from fetuin.units import to_canonical

_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_GENDER = {"F": "female", "M": "male", None: "unknown"}


def _coding(system: str, code: str) -> dict[str, str]:
    return {"system": system, "code": code} if system else {"code": code}


def _concept(text: str, code: tuple[str, str] | None = None, *more: tuple[str, str]) -> dict[str, Any]:
    codings = [_coding(*c) for c in (code, *more) if c]
    return ({"coding": codings} if codings else {}) | ({"text": text} if text else {})


def _time(name: str, t: datetime | None) -> dict[str, str]:
    return {name: t.isoformat()} if t else {}


def _quantity(value: Decimal | float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _printed(o: Observation) -> tuple[Decimal | float, str]:
    """The number and unit as printed, if they still mean the value; otherwise the canonical ones."""
    found = split(o.printed) if o.printed and o.value is not None else None
    try:
        if found and to_canonical(found[1], found[2], analytes()[o.analyte]) == o.value:
            return found[1], found[2]
    except UnitError:
        pass
    return o.value if o.value is not None else 0.0, o.unit


def _analyte_code(key: str, unit: str) -> dict[str, Any]:
    """The code whose property (moles or mass) is that of the unit; the first code where none says so."""
    a = analytes()[key]
    if not a.loinc:
        return {"text": a.key}
    fits = [c for c in a.loinc if ("Moles" if "mol" in unit else "Mass") in c.name]
    return {"coding": [{"system": LOINC, "code": (fits or a.loinc)[0].code}], "text": a.name}


def _interpretation(*codes: str | None) -> dict[str, Any]:
    said = [{"coding": [_coding(_INTERPRETATION, c)]} for c in codes if c]
    return {"interpretation": said} if said else {}


def _result(o: Observation) -> dict[str, Any]:
    """One laboratory result."""
    value: dict[str, Any] = {}
    number, unit = _printed(o)
    if o.value is not None:
        value = {"valueQuantity": _quantity(number, unit) | ({"comparator": o.censor} if o.censor else {})}
    bounds = {k: _quantity(x, o.unit) for k, x in (("low", o.low), ("high", o.high)) if x is not None}
    interval = {"referenceRange": [bounds]} if bounds else {}
    code = {"code": _analyte_code(o.analyte, unit)}
    return {
        "resourceType": "Observation",
        **code,
        **value,
        **interval,
        **_interpretation(o.flag),
        **_time("effectiveDateTime", o.time),
    }


def _own(code: str) -> dict[str, Any]:
    return {"coding": [_coding(OWN, code)]}


def _tissue(t: TissueFinding) -> dict[str, Any]:
    value: dict[str, Any] = {"valueString": t.text} if t.text else {}
    if t.code:
        value = {"valueCodeableConcept": _concept(t.text, t.code)}
    state = {"component": [{"code": _own("tissue-state"), "valueCodeableConcept": _own(t.state)}]}
    return {
        "resourceType": "Observation",
        "code": _own("tissue-finding"),
        **value,
        **({"bodySite": {"text": t.site}} if t.site else {}),
        **({"method": {"text": t.modality}} if t.modality else {}),
        **(state if t.state != "not_reported" else {}),
        **_interpretation("NEG" if t.presence == "absent" else None),
        **_time("effectiveDateTime", t.time),
    }


def _variant(v: Variant) -> dict[str, Any]:
    said = ((GENE, v.gene), (HGVS, v.text), (ZYGOSITY, v.zygosity))
    parts = [{"code": {"coding": [_coding(LOINC, c)]}, "valueCodeableConcept": {"text": s}} for c, s in said if s]
    code = {"coding": [_coding(LOINC, "69548-6")]}
    absent = _interpretation("NEG" if v.presence == "absent" else None)
    return {"resourceType": "Observation", "code": code, "component": parts, **absent}


def _condition(c: Condition) -> dict[str, Any]:
    status = _coding(_VERIFICATION, "refuted" if c.presence == "absent" else "confirmed")
    return {
        "resourceType": "Condition",
        "verificationStatus": {"coding": [status]},
        "code": _concept(c.text, c.code),
        **_time("onsetDateTime", c.onset),
    }


def _medication(m: Medication) -> dict[str, Any]:
    period = _time("start", m.start) | _time("end", m.end)
    inn = ((OWN, m.inn),) if m.inn else ()
    return {
        "resourceType": "MedicationStatement",
        "status": "not-taken" if m.presence == "absent" else "unknown",
        "medicationCodeableConcept": _concept(m.text, m.code, *inn),
        **({"effectivePeriod": period} if period else {}),
        **({"dosage": [{"text": m.dose}]} if m.dose else {}),
    }


def _procedure(p: Procedure) -> dict[str, Any]:
    status = "not-done" if p.presence == "absent" else "completed"
    time = _time("performedDateTime", p.time)
    return {"resourceType": "Procedure", "status": status, "code": _concept(p.text, p.code), **time}


def _age(record: Record) -> Iterator[dict[str, Any]]:
    if record.age is not None:
        code = {"coding": [_coding(LOINC, AGE)], "text": "Age"}
        method = {"method": {"text": "approximate"}} if record.age_approximate else {}
        yield {"resourceType": "Observation", "code": code, "valueQuantity": _quantity(record.age, "a"), **method}


def resources(record: Record) -> Iterator[dict[str, Any]]:
    """Every resource of a record but the Patient, in the order of the record."""
    yield from _age(record)
    for items, write in (
        (record.observations, _result),
        (record.conditions, _condition),
        (record.medications, _medication),
        (record.procedures, _procedure),
        (record.tissue, _tissue),
        (record.variants, _variant),
    ):
        yield from map(write, items)  # type: ignore[arg-type]
    for note in record.notes:
        yield {"resourceType": "Observation", "code": _own("note"), "valueString": note}


def to_fhir(record: Record) -> dict[str, Any]:
    """The record as a FHIR R4 Bundle (type collection); decimals are `Decimal` where the source's text was kept."""
    who = record.id or "person"
    patient = {"resourceType": "Patient", "id": who, "gender": _GENDER[record.sex]}
    entries = [{"fullUrl": f"urn:fetuin:Patient/{who}", "resource": patient}]
    for i, r in enumerate(resources(record), 1):
        subject = {"subject": {"reference": f"Patient/{who}"}}
        status = {} if "status" in r or r["resourceType"] == "Condition" else {"status": "final"}
        head = {"resourceType": r["resourceType"], "id": f"r{i}"}
        entries.append({"fullUrl": f"urn:fetuin:{r['resourceType']}/r{i}", "resource": head | status | r | subject})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _json(x: Any) -> str:
    """JSON text in which a Decimal keeps its digits: 1.30 stays 1.30."""
    if isinstance(x, Decimal):
        return str(x)
    if isinstance(x, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {_json(v)}" for k, v in x.items()) + "}"
    if isinstance(x, list):
        return "[" + ", ".join(map(_json, x)) + "]"
    return json.dumps(x, ensure_ascii=False, allow_nan=False)


def to_json(record: Record) -> str:
    """The Bundle as JSON text, one entry a line; a decimal is written digit for digit as its source wrote it."""
    bundle = to_fhir(record)
    head, entries = {k: v for k, v in bundle.items() if k != "entry"}, bundle["entry"]
    return _json(head)[:-1] + ', "entry": [\n' + ",\n".join(map(_json, entries)) + "\n]}\n"
