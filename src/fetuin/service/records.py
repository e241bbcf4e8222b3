"""The record that a caller sends: a FHIR resource or phenopacket as JSON, a whole file as text, or the name of an example."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from fetuin.diagnosis.assessment import Assessment
from fetuin.errors import InputError
from fetuin.examples.shipped import example
from fetuin.knowledge.analyte import analytes
from fetuin.records import read_bytes
from fetuin.records.record import Record
from fetuin.service.body import Body

MOST_TEXT = 1_000_000


class Given(Body):
    """Exactly one of `record`, `text` and `example`."""

    record: dict[str, Any] | None = Field(None, description="FHIR R4 Bundle or resource, or a phenopacket")
    text: str | None = Field(None, max_length=MOST_TEXT, description="a whole file: tidy CSV, NDJSON, JSON Lines")
    name: str = Field("record", max_length=100, pattern=r"^[\w .-]+$", description="name of the file, for its ending")
    example: str | None = Field(None, max_length=100, description="name of a shipped example")

    @model_validator(mode="after")
    def _one(self) -> Given:
        if sum(x is not None for x in (self.record, self.text, self.example)) != 1:
            raise ValueError("give exactly one of: record, text, example")
        return self


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError


def records(given: Given) -> list[Record]:
    """Every person in what was given. InputError where there is none."""
    if given.example is not None:
        with example(given.example).path() as path:
            found = list(read_bytes(path.read_bytes(), path.name))
    elif given.text is not None:
        ending = given.name.rpartition(".")[2] if "." in given.name else "csv"
        found = list(read_bytes(given.text.encode(), f"record.{ending}"))
    else:
        found = list(read_bytes(json.dumps(given.record, default=_number).encode(), "record.json"))
    if not found:
        raise InputError(
            "No person was found.", where="record", fix="send a record with at least one value or condition"
        )
    return found


def one(given: Given) -> Record:
    """The one person in what was given."""
    found = records(given)
    if len(found) > 1:
        raise InputError("There is more than one person.", where="record", fix="send one person at a time")
    return found[0]


def timeline(record: Record) -> dict[str, Any]:
    """The data of a record in the order of time, each value with its reference interval and its place in the file."""
    known = analytes()

    def row(o: Any) -> dict[str, Any]:
        about = known.get(o.analyte)
        usual = about.interval(record.age, record.sex) if about else None
        return {
            "analyte": o.analyte, "label": about.name if about else o.analyte, "value": o.value, "unit": o.unit, "flag": o.flag,
            "censor": o.censor, "time": o.time.isoformat() if o.time else None, "printed": o.printed, "place": o.source.place,
            "low": o.low if o.low is not None else getattr(usual, "low", None),
            "high": o.high if o.high is not None else getattr(usual, "high", None),
        }  # fmt: skip

    def said(x: Any, when: Any) -> dict[str, Any]:
        return {
            "text": x.text,
            "presence": x.presence,
            "time": when.isoformat() if when else None,
            "place": x.source.place,
        }

    return {
        "id": record.id, "sex": record.sex, "age": record.age,
        "observations": [row(o) for o in sorted(record.observations, key=lambda o: (o.analyte, o.time.isoformat() if o.time else ""))],
        "conditions": [said(c, c.onset) for c in record.conditions],
        "medications": [said(m, m.start) | {"end": m.end.isoformat() if m.end else None, "inn": m.inn} for m in record.medications],
        "procedures": [said(p, p.time) for p in record.procedures],
        "tissue": [said(t, t.time) | {"site": t.site, "state": t.state, "modality": t.modality} for t in record.tissue],
        "variants": [{"gene": v.gene, "text": v.text, "presence": v.presence} for v in record.variants],
        "refusals": [{"what": r.what, "why": r.why, "fix": r.fix, "place": r.source.place} for r in record.refusals],
    }  # fmt: skip


def answered(a: Assessment, record: Record) -> dict[str, Any]:
    """An assessment with the timeline it rests on."""
    return a.to_dict() | {"timeline": timeline(record)}
