"""Entries of the audit as FHIR R4 AuditEvents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fetuin.notice import RESEARCH_USE

TYPE = {
    "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
    "code": "rest",
    "display": "RESTful Operation",
}
ACTION = {
    "removed": "D",
    "cancelled": "U",
    "resumed": "U",
    "left out": "U",
}  # first word of what was done; E (execute) otherwise


def event(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One entry. Its hash and the one before stand in the details, so that the chain can be checked from here too."""
    action = next((a for word, a in ACTION.items() if entry["what"].startswith(word)), "E")
    details = [{"type": k, "valueString": str(entry[k])} for k in ("number", "previous", "hash", "version")]
    return {
        "resourceType": "AuditEvent", "type": TYPE, "action": action, "recorded": entry["at"], "outcome": "0",
        "outcomeDesc": entry["what"], "purposeOfEvent": [{"text": entry["why"]}],
        "agent": [{"requestor": True, "name": entry["who"], "who": {"display": entry["who"]}}],
        "source": {"observer": {"display": f"fetuin {entry['version']}. {RESEARCH_USE}"}},
        "entity": [{"name": entry["subject"], "detail": details}],
    }  # fmt: skip


def bundle(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A collection of them."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": event(e)} for e in entries]}
