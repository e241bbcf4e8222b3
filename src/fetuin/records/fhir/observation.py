"""FHIR Observation: a laboratory result, a finding in tissue, a gene, the age, or words.

The code tells the analyte, the unit of the result tells the unit. A result with several readings is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from fetuin.knowledge.analyte import Analyte, by_loinc, by_name, plain
from fetuin.records.fhir.context import Context
from fetuin.records.fhir.elements import OWN, Concept, codes, concept, items, obj, text, when
from fetuin.records.hpo import chemistry
from fetuin.records.observe import Printed, flag_of, number, observe, split
from fetuin.records.record import Condition, Flag, Observation, Presence, Refusal, TissueFinding, TissueState, Variant
from fetuin.units import accepted

Read = Observation | TissueFinding | Variant | Condition | str
_UNREAD = {"entered-in-error", "cancelled", "registered"}
_TISSUE = re.compile(r"calcif|calcinos|ossif|calciphyla|mineraliz|mineralis", re.IGNORECASE)
_ABSENT = {
    "neg",
    "nd",
    "absent",
    "negative",
    "not detected",
    "none",
    "no",
    "false",
    "la9634-2",
    "260385009",
    "2667000",
    "not seen",
}
_PRESENT = {"pos", "det", "present", "positive", "detected", "yes", "true", "la9633-4", "10828004", "52101004"}
_STATES: dict[str, TissueState] = {"viable": "viable", "damaged": "damaged", "mixed": "mixed"}
_MODALITY = {
    "imaging": "imaging",
    "exam": "examination",
    "pathology": "histology",
    "histology": "histology",
    "sp": "histology",
    "rad": "imaging",
}
GENE, HGVS, ZYGOSITY, AGE = "48018-6", "48004-6", "53034-5", "30525-0"


def analyte_of(c: Concept) -> Analyte | Refusal | None:
    """The analyte a code means; None where it is not one of ours; a Refusal where its codings disagree."""
    known = by_loinc()
    found = {known[code].key: known[code] for code in c.loincs() if code in known}
    if not found and not any(s == "http://loinc.org" for s, _, _ in c.codings):
        names = {plain(n) for n in (c.text, *(d for _, _, d in c.codings)) if n}
        found = {by_name()[n].key: by_name()[n] for n in names if n in by_name()}
    if len(found) > 1:
        return Refusal(" or ".join(sorted(found)), "its codings name different analytes", "keep one code a result")
    return next(iter(found.values()), None)


def _unit(q: dict[str, Any], analyte: Analyte) -> str | bool | None:
    """The unit of a Quantity: `code` and `unit` must agree where both are known; False where they do not."""
    code, unit = text(q.get("code")), text(q.get("unit"))
    a = accepted(code, analyte) if code else None
    b = a if code == unit else accepted(unit, analyte) if unit else None
    if a and b and analyte.factors[a] != analyte.factors[b]:
        return False
    return a or b or code or unit or None


def _flag(x: object) -> Flag | None:
    return next((f for c in sorted(codes(x)) if (f := flag_of(c))), None)


def _range(r: dict[str, Any], analyte: Analyte) -> dict[str, Any]:
    """The normal interval of a result. A bound without a unit is in the unit of the result, as laboratories write it."""
    for interval in items(r.get("referenceRange")):
        kind = codes(interval.get("type"))
        if kind and "normal" not in kind:
            continue
        low, high = obj(interval.get("low")), obj(interval.get("high"))
        units = [u if isinstance(u := _unit(q, analyte), str) else None for q in (low, high)]
        return {
            "low": number(low.get("value")),
            "high": number(high.get("value")),
            "low_unit": units[0],
            "high_unit": units[1],
        }
    return {}


_NUMBERS = ("valueQuantity", "valueString", "valueCodeableConcept", "valueInteger", "valueDecimal")


def _value(r: dict[str, Any], analyte: Analyte) -> tuple[Decimal | None, str | None, str | None, Flag | None] | str:
    """(value, unit, comparator, flag) of a result, or why it cannot be read."""
    q = obj(r.get("valueQuantity"))
    if q:
        unit, sign = _unit(q, analyte), text(q.get("comparator")) or None
        value = number(q.get("value"))
        if unit is False:
            return "its unit and the code of its unit say different things"
        if sign not in (None, "<", "<=", ">", ">="):
            return "its comparator is not one of <, <=, >, >="
        if value is None and q.get("value") is not None:
            return "its value is not a number"
        return value, unit, sign, None  # type: ignore[return-value]
    words = text(r.get("valueString")) or (
        concept(r["valueCodeableConcept"]).words() if "valueCodeableConcept" in r else ""
    )
    if found := split(words):
        return found[1], found[2] or None, found[0], None
    if words:
        flag = _flag(r.get("valueCodeableConcept")) or flag_of(words)
        return (None, None, None, flag) if flag else "its words are neither a number nor high, low or normal"
    bare = number(r.get("valueInteger", r.get("valueDecimal")))
    return bare, None, None, None


def _result(
    r: dict[str, Any], analyte: Analyte, time: datetime | None, place: str, c: Context
) -> Iterator[Observation]:
    if "dataAbsentReason" in r and not any(k in r for k in _NUMBERS):
        return
    found = _value(r, analyte)
    if isinstance(found, str):
        c.refuse(analyte.name, found, f"give a number and one of: {', '.join(analyte.factors)}", place)
        return
    value, unit, sign, word = found
    flag = _flag(r["interpretation"]) or word if "interpretation" in r else word
    usual = _range(r, analyte) if "referenceRange" in r else {}
    printed = Printed(value, unit, sign, flag, time=time, source=c.source(place), **usual)
    for x in observe(analyte, printed):
        if isinstance(x, Refusal):
            c.refusals.append(x)
        else:
            yield x


def _presence(r: dict[str, Any]) -> Presence | None:
    """Present or absent where the result or its interpretation says so in a code, a word or a truth value."""
    said = {str(r["valueBoolean"]).lower()} if isinstance(r.get("valueBoolean"), bool) else set()
    said |= codes(r.get("valueCodeableConcept")) | codes(r.get("interpretation")) | codes(r.get("valueString"))
    return "absent" if said & _ABSENT else "present" if said & _PRESENT else None


def _site(r: dict[str, Any], c: Context) -> tuple[str, bool]:
    """Where: the body site of the observation or of its specimen; and whether it was seen in a specimen."""
    specimen = c.follow(r.get("specimen"), r)
    site = concept(r.get("bodySite")).words() or concept(obj(specimen.get("collection")).get("bodySite")).words()
    return site, bool(specimen)


def _tissue(r: dict[str, Any], code: Concept, time: datetime | None, place: str, c: Context) -> TissueFinding:
    value = concept(r.get("valueCodeableConcept"))
    q = obj(r.get("valueQuantity"))
    amount = f"{q['value']} {text(q.get('unit'))}".strip() if number(q.get("value")) is not None else ""
    said = text(r.get("valueString")) or value.words() or amount
    own = any(s == OWN for s, _, _ in code.codings)
    words = (
        said
        if own
        else ": ".join(filter(None, (code.words(), said if _presence(r) is None or text(r.get("valueString")) else "")))
    )
    site, specimen = _site(r, c)
    kinds = codes(r.get("method")) | codes(r.get("category"))
    modality = next((m for k, m in _MODALITY.items() if k in kinds), "histology" if specimen else "")
    state: TissueState = "not_reported"
    for part in items(r.get("component")):
        if {"tissue-state", "tissue state", "state of the tissue"} & codes(part.get("code")):
            said_state = codes(part.get("valueCodeableConcept")) | codes(part.get("valueString"))
            state = next((_STATES[s] for s in sorted(said_state) if s in _STATES), "not_reported")
    found = value.code() if own else value.code() if value.codings and _presence(r) is None else code.code()
    return TissueFinding(words, site, state, modality, _presence(r) or "present", found, time, c.source(place))


def _gene(r: dict[str, Any], place: str, c: Context) -> Variant | None:
    said = {
        code: concept(part.get("valueCodeableConcept")).words() or text(part.get("valueString"))
        for part in items(r.get("component"))
        for code in concept(part.get("code")).loincs()
    }
    if not said.get(GENE):
        return None
    presence = _presence(r) or "present"
    return Variant(said[GENE], said.get(HGVS, ""), said.get(ZYGOSITY, ""), presence, c.source(place))


def _words(r: dict[str, Any], code: Concept, time: datetime | None, place: str, c: Context) -> Iterator[Read]:
    """An observation that is no analyte: a finding present or absent, a finding in tissue, or a sentence."""
    own = {x for s, x, _ in code.codings if s == OWN}
    said = text(r.get("valueString")) or concept(r.get("valueCodeableConcept")).words()
    if "note" in own:
        yield text(r.get("valueString"))
    elif "tissue-finding" in own or _TISSUE.search(f"{code.words()} {said}"):
        yield _tissue(r, code, time, place, c)
    elif presence := _presence(r):
        hpo = [o for _, x, _ in code.codings if presence == "present" for o in chemistry(x, c.source(place))]
        yield from hpo
        yield Condition(code.words(), code.code(), presence, time, c.source(place))
    elif said and not ({"social-history", "survey", "vital-signs"} & codes(r.get("category"))):
        yield f"{code.words()}: {said}" if code.words() else said


def read_observation(r: dict[str, Any], place: str, c: Context) -> Iterator[Read]:
    """Everything one Observation says; its components are results of their own, at the same time."""
    if codes(r.get("status")) & _UNREAD:
        return
    time = when(r, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    parts = [(r, place)]
    if "component" in r:
        parts += [(p, f"{place}.component[{i}]") for i, p in enumerate(items(r["component"]))]
        if gene := _gene(r, place, c):
            yield gene
            return
    for part, where in parts:
        code = concept(part.get("code"))
        analyte = analyte_of(code)
        if isinstance(analyte, Refusal):
            c.refuse(analyte.what, analyte.why, analyte.fix, where)
        elif analyte:
            yield from _result(part, analyte, time, where, c)
        elif part is r:
            yield from _words(r, code, time, where, c)
    if "note" in r:
        yield from filter(None, [text(n.get("text")) for n in items(r["note"])])
