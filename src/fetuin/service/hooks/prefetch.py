"""Prefetch: the templates that discovery offers, and the record in what a client sent. What is needed and missing is a 412."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from fetuin.errors import InputError, LimitError, NotEnoughDataError
from fetuin.knowledge.analyte import by_loinc
from fetuin.records.formats.fhir import MAX_ENTRIES, read_value
from fetuin.records.record import Record
from fetuin.service.refusal import Refusal

PERSON = "Patient/{{context.patientId}}"
ATTACHED = ("Binary", "DocumentReference", "Media")


@cache
def templates() -> dict[str, str]:
    """The templates, with the LOINC codes that are read, newest results first."""
    codes = ",".join(sorted(by_loinc()))
    mine = "patient={{context.patientId}}"
    return {
        "patient": PERSON,
        "observations": f"Observation?{mine}&code={codes}&_sort=-date&_count=500",
        "conditions": f"Condition?{mine}",
        "medications": f"MedicationRequest?{mine}",
        "procedures": f"Procedure?{mine}",
        "reports": f"DiagnosticReport?{mine}&_sort=-date&_count=50",
    }


def _failed(key: str, why: str) -> Refusal:
    return Refusal(412, f"The prefetch {key} is needed.", where=f"prefetch.{key}", why=why,
                   fix="send every key of `prefetch` that the description of this service lists as needed")  # fmt: skip


def _resources(value: Any, key: str) -> list[dict[str, Any]]:
    """The resources of one prefetch value; none where a search found nothing."""
    if value is None:
        return []
    if not isinstance(value, dict):
        raise InputError(
            "A prefetch value is no FHIR resource.", where=f"prefetch.{key}", fix="send the resource or the Bundle"
        )
    kind = value.get("resourceType")
    if kind == "OperationOutcome":
        raise _failed(key, "the client's own search failed")
    if kind != "Bundle":
        return [value]
    entries = value.get("entry") or []
    if not isinstance(entries, list):
        raise InputError(
            "Bundle.entry is not a list.", where=f"prefetch.{key}.entry", fix="write Bundle.entry as a list"
        )
    found = [e["resource"] for e in entries if isinstance(e, dict) and isinstance(e.get("resource"), dict)]
    return [r for r in found if r.get("resourceType") != "OperationOutcome"]


def _part(value: Any) -> bool:
    links = value.get("link") if isinstance(value, dict) else None
    return isinstance(links, list) and any(isinstance(x, dict) and x.get("relation") == "next" for x in links)


def record_of(prefetch: Mapping[str, Any], needed: tuple[str, ...], patient: str) -> tuple[Record, tuple[str, ...]]:
    """(the record, the keys that were not sent or hold only a part). Refusal 412 names the first needed key that is missing."""
    for key in needed:
        if key not in prefetch or (key == "patient" and prefetch[key] is None):
            raise _failed(key, "it was not sent")
    known = templates()
    sent = {k: _resources(v, k) for k, v in prefetch.items() if k in known}
    person = sent.get("patient") or [{}]
    if person[0].get("resourceType") != "Patient" or person[0].get("id") != patient:
        raise InputError("The Patient of the prefetch is not the patient of the context.", where="prefetch.patient",
                         fix="send the Patient whose id is context.patientId")  # fmt: skip
    every = [r for rs in sent.values() for r in rs]
    if len(every) > MAX_ENTRIES:
        raise LimitError(f"The prefetch has more than {MAX_ENTRIES} resources.", where="prefetch", fix="send less")
    if any(r.get("resourceType") in ATTACHED for r in every) or _attached(every):
        raise LimitError("The prefetch holds an attachment.", where="prefetch", fix="leave attachments out")
    absent = tuple(k for k in known if k not in prefetch or _part(prefetch[k]))
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in every]}
    found = list(read_value(bundle, "prefetch"))
    if len(found) != 1:
        raise NotEnoughDataError(
            "The prefetch speaks of more than one person.", where="prefetch", fix="send one person"
        )
    return found[0], absent


def _attached(resources: list[dict[str, Any]]) -> bool:
    """Whether an Attachment with its data stands in a report."""
    forms = [f for r in resources if isinstance(r.get("presentedForm"), list) for f in r["presentedForm"]]
    return any(isinstance(f, dict) and "data" in f for f in forms)
