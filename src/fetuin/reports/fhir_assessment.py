"""An assessment as FHIR R4: a RiskAssessment, a provisional Condition where there is a firm answer, and Provenance.

The bundle is a `collection`; it stands beside the patient's own resources and never replaces one. Probabilities are in
per cent, as R4 asks of `probabilityDecimal`. Every resource carries the research-use line.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fetuin.diagnosis.assessment import Assessment, Probability
from fetuin.diagnosis.words import interval, likelihood_word, name_of, side, times
from fetuin.notice import RESEARCH_USE, USE_LIMITATION
from fetuin.versions import sentence, versions

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"


def _concept(text: str, system: str = "", code: str = "") -> dict[str, Any]:
    coding = {"coding": [{"system": system, "code": code}]} if code else {}
    return coding | {"text": text}


def _narrative(words: str) -> dict[str, str]:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(words)}</p><p>{escape(RESEARCH_USE)}</p></div>'
    return {"status": "generated", "div": div}


def _name(a: Assessment, kind: str) -> str:
    """The same record and version give the same address, so that a second export replaces the first."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{sentence()}/{a.record_id}/{a.setting}/{kind}')}"


def _prediction(p: Probability, a: Assessment) -> dict[str, Any]:
    spoken = [f"{side(e.weights[p.name])}: {e.label}, {e.datum} ({times(e.weights[p.name])})"
              for e in sorted(a.evidence, key=lambda e: -abs(e.weights.get(p.name, 0.0)))
              if side(e.weights.get(p.name, 0.0)) != "neutral"]  # fmt: skip
    return {
        "outcome": _concept(p.label or f"{name_of(p)} calcification"),
        "probabilityDecimal": round(100 * p.value, 2),
        "qualitativeRisk": _concept(likelihood_word(p.value)),
        "rationale": "; ".join([interval(p), *spoken[:6]]),
    }


def _subject(a: Assessment) -> dict[str, Any]:
    gender = {"F": "female", "M": "male"}.get(getattr(a.record, "sex", None) or "", "unknown")
    return {
        "resourceType": "Patient", "gender": gender, "text": _narrative("The person whom the record describes."),
        "identifier": [{"system": "urn:fetuin:record", "value": a.record_id or "unnamed"}],
    }  # fmt: skip


def _device() -> dict[str, Any]:
    return {
        "resourceType": "Device", "text": _narrative(sentence()),
        "version": [{"type": {"text": part}, "value": value} for part, value in versions().items()],
        "deviceName": [{"name": "fetuin", "type": "user-friendly-name"}], "note": [{"text": USE_LIMITATION}],
    }  # fmt: skip


def _risk(a: Assessment, when: str) -> dict[str, Any]:
    ask = [f"{t.label}: {t.reason}" for t in a.next_tests[:3]]
    notes = [a.summary, a.reason, a.flip, *(f.get("text", "") for f in a.flags), *a.limits, RESEARCH_USE]
    resource = {
        "resourceType": "RiskAssessment", "status": "preliminary", "text": _narrative(a.summary),
        "method": _concept(f"{sentence()}; prior for the setting: {a.setting}"),
        "code": _concept("Mechanism of pathologic calcification"),
        "subject": {"reference": _name(a, "Patient")}, "performer": {"reference": _name(a, "Device")},
        "occurrenceDateTime": when, "prediction": [_prediction(p, a) for p in a.mechanisms],
        "note": [{"text": n} for n in notes if n],
    }  # fmt: skip
    return resource | ({"mitigation": "Next: " + "; ".join(ask)} if ask else {})


def _condition(a: Assessment, when: str) -> dict[str, Any]:
    lead = next((p for p in a.mechanisms if p.name == a.answer), a.mechanisms[0])
    cause = f", most likely by {name_of(a.causes[0])}" if a.causes else ""
    return {
        "resourceType": "Condition", "text": _narrative(a.summary),
        "clinicalStatus": _concept("active", f"{TERMINOLOGY}condition-clinical", "active"),
        "verificationStatus": _concept("provisional", f"{TERMINOLOGY}condition-ver-status", "provisional"),
        "code": _concept(f"{name_of(lead)} calcification{cause}"),
        "subject": {"reference": _name(a, "Patient")}, "recordedDate": when,
        "evidence": [{"detail": [{"reference": _name(a, "RiskAssessment")}]}],
        "note": [{"text": f"{interval(lead)}. {RESEARCH_USE}"}],
    }  # fmt: skip


def _provenance(a: Assessment, kinds: list[str], when: str) -> dict[str, Any]:
    origin = getattr(getattr(a.record, "source", None), "name", "") or a.record_id or "unnamed record"
    return {
        "resourceType": "Provenance", "text": _narrative(f"Made by {sentence()} from {origin}."),
        "target": [{"reference": _name(a, k)} for k in kinds], "recorded": when,
        "activity": _concept("assessment of a record by published likelihoods"),
        "agent": [{"type": _concept("assembler", f"{TERMINOLOGY}provenance-participant-type", "assembler"),
                   "who": {"reference": _name(a, "Device")}}],
        "entity": [{"role": "source", "what": {"identifier": {"value": a.record_id or "unnamed"}, "display": origin}}],
    }  # fmt: skip


def assessment_to_fhir(a: Assessment, *, recorded: datetime | None = None) -> dict[str, Any]:
    """A FHIR R4 Bundle (collection). `recorded` is the time of the assessment: now, unless given.

    Without a firm answer there is no Condition: an abstention is not a diagnosis.
    """
    when = (recorded or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    resources = {"Patient": _subject(a), "Device": _device(), "RiskAssessment": _risk(a, when)}
    if not a.abstained and a.mechanisms:
        resources["Condition"] = _condition(a, when)
    made = [k for k in resources if k in ("RiskAssessment", "Condition")]
    resources["Provenance"] = _provenance(a, made, when)
    entry = [{"fullUrl": _name(a, kind), "resource": r} for kind, r in resources.items()]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": when, "entry": entry}
