"""FHIR Condition, Procedure, the four medication resources, DiagnosticReport and the family's history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fetuin.records.fhir.context import Context
from fetuin.records.fhir.elements import HPO, OWN, codes, concept, items, obj, text, when
from fetuin.records.hpo import chemistry
from fetuin.records.medicines import inn_of_code, inns
from fetuin.records.observe import number
from fetuin.records.record import Condition, Medication, Observation, Presence, Procedure, TissueFinding

_TISSUE = re.compile(r"calcif|calcinos|ossif|calciphyla", re.IGNORECASE)
_NEVER_HAPPENED = {"entered-in-error", "draft", "cancelled", "preparation", "intended", "unknown-intent"}
_NOT_ORDERED = {"proposal", "plan"}


def read_condition(r: dict[str, Any], place: str, c: Context) -> Iterator[Condition | TissueFinding | Observation]:
    """A Condition: refuted is absent, entered in error is nothing, a candidate of a differential is refused by name."""
    status = codes(r.get("verificationStatus"))
    if "entered-in-error" in status:
        return
    code = concept(r.get("code"))
    stages = [concept(s.get("summary")).words() for s in items(r.get("stage"))]
    words = ", ".join(dict.fromkeys(filter(None, (code.words(), *stages))))
    if not words:
        c.refuse("Condition", "it has neither a text nor a code", "give Condition.code", place)
        return
    if "differential" in status:
        c.refuse("Condition", "it is one candidate of a differential, not a finding", "confirm or refute it", place)
        return
    presence: Presence = "absent" if "refuted" in status else "present"
    onset = when(r, "onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate")
    source = c.source(place)
    yield Condition(words, code.code(), presence, onset, source)
    site = "; ".join(filter(None, (concept(b).words() for b in items(r.get("bodySite")))))
    if site and _TISSUE.search(words):
        yield TissueFinding(words, site, presence=presence, code=code.code(), time=onset, source=source)
    if presence == "present":
        yield from (o for s, x, _ in code.codings if s == HPO for o in chemistry(x, source))


def _dose(r: dict[str, Any]) -> str:
    """The dose in words: as written, or from the first quantity."""
    given = [*items(r.get("dosageInstruction")), *items(r.get("dosage"))]
    first = given[0] if given else {}
    if said := text(first.get("text")):
        return said
    rates = items(first.get("doseAndRate"))
    q = obj((rates[0] if rates else first).get("doseQuantity") or obj(first.get("dose")))
    value = number(q.get("value"))
    return f"{value} {text(q.get('unit')) or text(q.get('code'))}".strip() if value is not None else ""


def _medicine(r: dict[str, Any], c: Context) -> Any:
    if "medicationCodeableConcept" in r:
        return concept(r["medicationCodeableConcept"])
    target = r.get("medicationReference") or obj(r.get("medication")).get("reference")
    found = c.follow(target, r)
    if found:
        return concept(found.get("code"))
    said = concept(r.get("medication"))
    return said if said.words() else concept({"text": text(obj(target).get("display"))})


def read_medication(r: dict[str, Any], place: str, c: Context) -> Iterator[Medication]:
    """A request, statement, administration or dispense: one Medication for each ingredient that is recognised."""
    status = codes(r.get("status"))
    if status & _NEVER_HAPPENED or codes(r.get("intent")) & _NOT_ORDERED:
        return
    code = _medicine(r, c)
    words = code.words()
    if not words:
        c.refuse(text(r.get("resourceType")), "the medicine has neither a text nor a code", "name the medicine", place)
        return
    own = [x for s, x, _ in code.codings if s == OWN]
    coded = tuple(filter(None, (inn_of_code(s, x) for s, x, _ in code.codings)))
    found = tuple(own) or coded or inns(words) or ("",)
    absent = bool(status & {"not-taken", "not-done"}) or r.get("doNotPerform") is True
    start = when(
        r,
        "effectiveDateTime",
        "effectivePeriod",
        "occurrenceDateTime",
        "occurencePeriod",
        "authoredOn",
        "whenHandedOver",
        "dateAsserted",
    )
    end = when({"end": obj(r.get("effectivePeriod")).get("end")}, "end")
    plain = [(s, x, d) for s, x, d in code.codings if s != OWN]
    kept = type(code)(code.text, tuple(plain)).code()
    said = code.text if own and code.text else words
    for inn in found:
        yield Medication(said, inn, kept, "absent" if absent else "present", start, end, _dose(r), c.source(place))


def read_procedure(r: dict[str, Any], place: str, c: Context) -> Iterator[Procedure]:
    """A Procedure: not done is absent; what was never begun is nothing."""
    status = codes(r.get("status"))
    if status & _NEVER_HAPPENED:
        return
    code = concept(r.get("code"))
    sites = [concept(b).words() for b in items(r.get("bodySite"))]
    words = ", ".join(filter(None, (code.words(), *sites)))
    if not words:
        c.refuse("Procedure", "it has neither a text nor a code", "give Procedure.code", place)
        return
    time = when(r, "performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod", "recorded")
    yield Procedure(words, code.code(), "absent" if "not-done" in status else "present", time, c.source(place))


_PATHOLOGY, _IMAGING = (
    {"pat", "sp", "path", "cp", "hp", "lp7839-6", "pathology", "histology"},
    {"rad", "ct", "img", "imaging", "lp29684-5", "nms", "nmr", "rus", "xrc", "radiology"},
)


def read_report(r: dict[str, Any], place: str, c: Context) -> Iterator[TissueFinding | Condition | str]:
    """A DiagnosticReport: of pathology or imaging a finding in tissue, otherwise a sentence; its codes are conditions."""
    if codes(r.get("status")) & {"entered-in-error", "cancelled", "registered"}:
        return
    kind = codes(r.get("category"))
    modality = "histology" if kind & _PATHOLOGY else "imaging" if kind & _IMAGING else ""
    time = when(r, "effectiveDateTime", "effectivePeriod", "issued")
    specimens = [c.follow(s, r) for s in items(r.get("specimen"))]
    sites = [
        concept(obj(s.get("collection")).get("bodySite")).words() or concept(s.get("type")).words() for s in specimens
    ]
    words = text(r.get("conclusion"))
    source = c.source(place)
    if words and modality:
        yield TissueFinding(words, "; ".join(filter(None, sites)), modality=modality, time=time, source=source)
    elif words:
        yield words
    for code in map(concept, items(r.get("conclusionCode"))):
        yield Condition(code.words(), code.code(), "present", time, source)


def read_family(r: dict[str, Any], place: str, c: Context) -> Iterator[str]:
    """The family's history as a sentence for each disease."""
    if codes(r.get("status")) & {"entered-in-error"}:
        return
    who = concept(r.get("relationship")).words() or "relative"
    for said in (concept(x.get("code")).words() for x in items(r.get("condition"))):
        if said:
            yield f"family history, {who}: {said}"
