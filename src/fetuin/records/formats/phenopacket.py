"""GA4GH phenopacket v2 (JSON): phenotypic features present and excluded, measurements, diseases, genes, treatments.

An excluded feature is an absent condition. A feature whose name speaks of calcification is a finding in tissue. Both
spellings of the JSON are read, camelCase and snake_case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fetuin.errors import InputError
from fetuin.records.fhir.elements import LOINC, concept, items, obj, text, time
from fetuin.records.fhir.observation import analyte_of
from fetuin.records.formats.contract import Format
from fetuin.records.formats.front_door import load
from fetuin.records.gather import gather
from fetuin.records.hpo import chemistry
from fetuin.records.medicines import inns
from fetuin.records.observe import Printed, flag_of, number, observe
from fetuin.records.record import (
    Condition,
    Medication,
    Observation,
    Presence,
    Procedure,
    Record,
    Refusal,
    Source,
    TissueFinding,
    Variant,
)

FORMAT_NAME = "phenopacket"
_SYSTEMS = {
    "HP": "http://human-phenotype-ontology.org",
    "MONDO": "http://purl.obolibrary.org/obo/mondo.owl",
    "OMIM": "https://omim.org",
    "ORPHA": "http://www.orpha.net",
    "LOINC": LOINC,
    "UCUM": "http://unitsofmeasure.org",
}
_AGE = re.compile(
    r"P(?:(\d{1,3}(?:\.\d+)?)Y)?(?:(\d{1,4}(?:\.\d+)?)M)?(?:(\d{1,4}(?:\.\d+)?)W)?(?:(\d{1,5}(?:\.\d+)?)D)?"
)
_TISSUE = re.compile(r"calcif|calcinos|ossif|nephrocalc|calciphyla|lithiasis", re.IGNORECASE)
_SEX = {"FEMALE": "F", "MALE": "M"}
Found = Observation | Refusal | Condition | TissueFinding | Medication | Procedure | Variant


def _get(d: object, camel: str) -> Any:
    """An element by its camelCase or snake_case name."""
    x = obj(d)
    return x[camel] if camel in x else x.get(re.sub(r"([A-Z])", lambda m: "_" + m.group().lower(), camel))


def _term(x: object) -> tuple[str, tuple[str, str] | None]:
    """(label, (system, code)) of an ontology class {id, label}."""
    d = obj(x)
    code, label = text(d.get("id")), text(d.get("label"))
    prefix = code.split(":")[0].upper()
    kept = code.split(":", 1)[1] if prefix in ("LOINC", "UCUM") else code
    return label or code, ((_SYSTEMS.get(prefix, prefix.lower()), kept) if code else None)


def _age(subject: dict[str, Any], last: datetime | None) -> float | None:
    """Age in years at the last encounter, or from the date of birth."""
    at = obj(_get(subject, "timeAtLastEncounter"))
    said = text(_get(_get(at, "age"), "iso8601duration")) or text(_get(subject, "age"))
    m = _AGE.fullmatch(said) if len(said) > 1 else None
    if m:
        y, mo, w, d = (float(g or 0) for g in m.groups())
        return round(y + mo / 12 + (w * 7 + d) / 365.2425, 3)
    born = time(text(_get(subject, "dateOfBirth"))[:40])
    return round((last - born).total_seconds() / 86400 / 365.2425, 3) if born and last and last > born else None


def _feature(f: dict[str, Any], source: Source) -> Iterator[Found]:
    label, code = _term(f.get("type"))
    if not label:
        yield Refusal("phenotypicFeature", "it has no type", "give type.id and type.label", source)
        return
    presence: Presence = "absent" if f.get("excluded") is True or _get(f, "negated") is True else "present"
    if _TISSUE.search(label):
        yield TissueFinding(label, presence=presence, code=code, source=source)
        return
    if presence == "present" and code:
        yield from chemistry(code[1], source)
    onset = time(text(_get(f.get("onset"), "timestamp"))[:40])
    yield Condition(label, code, presence, onset, source)


def _measurement(m: dict[str, Any], source: Source) -> Iterator[Found]:
    label, code = _term(m.get("assay"))
    coding = {"system": code[0], "code": code[1], "display": label} if code else {}
    analyte = analyte_of(concept({"text": label, "coding": [coding] if coding else []}))
    if analyte is None or isinstance(analyte, Refusal):
        why = analyte.why if analyte else "its assay is not an analyte that is known here"
        yield Refusal("measurement", why, "give the LOINC code of the assay", source)
        return
    value = obj(m.get("value"))
    q = obj(value.get("quantity"))
    unit = text(obj(q.get("unit")).get("id")).removeprefix("UCUM:") or text(obj(q.get("unit")).get("label"))
    interval = obj(_get(q, "referenceRange"))
    when = time(text(_get(_get(m, "timeObserved"), "timestamp"))[:40])
    word = flag_of(_term(_get(value, "ontologyClass"))[0])
    yield from observe(
        analyte,
        Printed(
            number(q.get("value")),
            unit or None,
            None,
            word,
            number(interval.get("low")),
            number(interval.get("high")),
            time=when,
            source=source,
        ),
    )


def _disease(d: dict[str, Any], source: Source) -> Iterator[Found]:
    label, code = _term(d.get("term"))
    if label:
        yield Condition(label, code, "absent" if d.get("excluded") is True else "present", source=source)


def _interpretation(x: dict[str, Any], source: Source) -> Iterator[Found]:
    for g in items(_get(obj(x.get("diagnosis")), "genomicInterpretations")):
        call = obj(_get(_get(g, "variantInterpretation"), "variationDescriptor"))
        gene = text(_get(_get(call, "geneContext"), "symbol")) or text(_get(obj(g.get("gene")), "symbol"))
        status = text(_get(g, "interpretationStatus"))
        if gene and status not in ("REJECTED", "UNKNOWN_STATUS_REFUTED"):
            said = next((text(e.get("value")) for e in items(call.get("expressions"))), "") or text(call.get("label"))
            yield Variant(gene, said, text(obj(_get(call, "allelicState")).get("label")), source=source)


def _action(a: dict[str, Any], source: Source) -> Iterator[Found]:
    agent, code = _term(obj(a.get("treatment")).get("agent"))
    for inn in (inns(agent) or ("",)) if agent else ():
        yield Medication(agent, inn, code, source=source)
    done, code = _term(obj(a.get("procedure")).get("code"))
    if done:
        when = time(text(_get(_get(a.get("procedure"), "performed"), "timestamp"))[:40])
        yield Procedure(done, code, time=when, source=source)


_PARTS = (
    ("phenotypicFeatures", _feature),
    ("measurements", _measurement),
    ("diseases", _disease),
    ("interpretations", _interpretation),
    ("medicalActions", _action),
)


def read_packet(d: dict[str, Any], name: str, place: str = "") -> Record:
    """The Record of one phenopacket."""
    found: list[Found] = []
    for part, reader in _PARTS:
        for i, x in enumerate(items(_get(d, part))):
            found += reader(x, Source(name, FORMAT_NAME, f"{place}{part}[{i}]"))
    subject = obj(d.get("subject"))
    last = time(text(_get(_get(subject, "timeAtLastEncounter"), "timestamp"))[:40])
    times = [o.time for o in found if isinstance(o, Observation) and o.time]

    return Record(
        id=text(subject.get("id")) or text(d.get("id")),
        sex=_SEX.get(text(subject.get("sex")).upper()),  # type: ignore[arg-type]
        age=_age(subject, last or max(times, default=None)),
        **gather(found),
        source=Source(name, FORMAT_NAME, place),
    )


def read(data: bytes, name: str) -> Iterator[Record]:
    """One Record for a phenopacket; one for each member of a cohort or of a family's list."""
    d = load(data, name)
    members = items(obj(d).get("members")) if "members" in obj(d) else items(d)
    if not members:
        raise InputError(
            "The JSON is not a phenopacket.", where=name, fix="give subject and phenotypicFeatures (GA4GH v2)"
        )
    for i, m in enumerate(members):
        yield read_packet(m, name, f"members[{i}]." if len(members) > 1 else "")


def recognises(name: str, head: bytes) -> bool:
    """JSON with phenotypic features or a phenopacket schema, and no FHIR resource."""
    own = (
        b'"phenotypicFeatures"',
        b'"phenotypic_features"',
        b'"phenopacketSchemaVersion"',
        b'"phenopacket_schema_version"',
    )
    return head.lstrip()[:1] in (b"{", b"[") and b'"resourceType"' not in head and any(k in head for k in own)


def _class(label: str, code: tuple[str, str] | None) -> dict[str, str]:
    return {"id": code[1] if code else "", "label": label}


def _feature_of(words: str, code: tuple[str, str] | None, presence: str) -> dict[str, Any]:
    return {"type": _class(words, code), **({"excluded": True} if presence == "absent" else {})}


def _measurement_of(o: Observation) -> dict[str, Any]:
    from fetuin.knowledge.analyte import analytes

    a = analytes()[o.analyte]
    return {
        "assay": {"id": f"LOINC:{a.loinc[0].code}" if a.loinc else a.key, "label": a.name},
        "value": {"quantity": {"unit": {"id": f"UCUM:{o.unit}", "label": o.unit}, "value": o.value}},
        **({"timeObserved": {"timestamp": o.time.isoformat()}} if o.time else {}),
    }


def write(record: Record) -> str:
    """The record as a phenopacket: what v2 has a place for. Procedures, medicines and measurements with values included."""
    import json

    years = {"timeAtLastEncounter": {"age": {"iso8601duration": f"P{record.age:g}Y"}}} if record.age is not None else {}
    genes = [{"interpretationStatus": "CONTRIBUTORY", "gene": {"symbol": v.gene}} for v in record.variants]
    return json.dumps(
        {
            "id": record.id,
            "subject": {
                "id": record.id,
                "sex": {"F": "FEMALE", "M": "MALE"}.get(record.sex or "", "UNKNOWN_SEX"),
                **years,
            },
            "phenotypicFeatures": [
                *(_feature_of(c.text, c.code, c.presence) for c in record.conditions),
                *(_feature_of(f"{t.site} {t.text}".strip(), t.code, t.presence) for t in record.tissue),
            ],
            "measurements": [_measurement_of(o) for o in record.observations if o.value is not None],
            **({"interpretations": [{"diagnosis": {"genomicInterpretations": genes}}]} if genes else {}),
            "medicalActions": [{"treatment": {"agent": _class(m.inn or m.text, m.code)}} for m in record.medications]
            + [{"procedure": {"code": _class(p.text, p.code)}} for p in record.procedures],
            "metaData": {"phenopacketSchemaVersion": "2.0"},
        },
        ensure_ascii=False,
        indent=1,
    )


FORMAT = Format(FORMAT_NAME, "GA4GH phenopacket v2, JSON", recognises, read, write)
