"""Semantically neutral changes leave the record as it was; everything accepted is written and read back unchanged.

Neutral: the order of entries, ids, mg/dL against mmol/L, unrelated resources, a resource twice.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from dataclasses import fields, replace
from pathlib import Path

import pytest

from fetuin.diagnosis import assess
from fetuin.diagnosis.differential import differential
from fetuin.diagnosis.evidence import readings
from fetuin.knowledge.analyte import analytes
from fetuin.records import Record, Source, read_bytes, read_records, record_formats
from fetuin.units import from_canonical

ROOT = Path(__file__).resolve().parents[2]
RESULTS = {
    "calcium": "17861-6",
    "phosphate": "2777-1",
    "pth": "2731-8",
    "albumin": "1751-7",
    "creatinine": "2160-0",
    "calcidiol": "62292-8",
    "magnesium": "19123-9",
}
WORDS = ("sarcoidosis", "systemic sclerosis", "dermatomyositis", "breast cancer", "hypertension")
DRUGS = ("warfarin", "sevelamer", "calcium carbonate", "hydrochlorothiazide", "cholecalciferol")


def bare(x, digits=9):
    """A record or fact without its source, its printed form and more digits than a change of unit keeps."""
    if isinstance(x, Record):
        return {f.name: bare(getattr(x, f.name)) for f in fields(x) if f.name not in ("id", "source", "refusals")}
    if isinstance(x, tuple):
        return [bare(i) for i in x]
    if hasattr(x, "source"):
        return bare({f.name: getattr(x, f.name) for f in fields(x) if f.name not in ("source", "printed")})
    if isinstance(x, dict):
        return {k: bare(v) for k, v in x.items()}
    return float(f"{x:.{digits}g}") if isinstance(x, float) else x


def generated(rng: random.Random) -> dict:
    """A bundle of one person with results, conditions and medicines at random times."""
    me = {"subject": {"reference": "Patient/p"}}
    day = lambda: f"20{rng.randint(10, 24)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    found = [
        {"resourceType": "Patient", "id": "p", "gender": rng.choice(("male", "female")), "birthDate": "1958-04-05"}
    ]
    for _ in range(rng.randint(1, 8)):
        key = rng.choice(list(RESULTS))
        i = analytes()[key].interval(60)
        value = float(f"{rng.uniform(0.9 * i.low, 1.2 * i.high):.6g}")
        q = {"value": value, "unit": analytes()[key].canonical, "code": analytes()[key].canonical}
        code = {"coding": [{"system": "http://loinc.org", "code": RESULTS[key]}]}
        found.append(
            {
                "resourceType": "Observation",
                "id": f"o{len(found)}",
                "status": "final",
                "code": code,
                "valueQuantity": q,
                "effectiveDateTime": day(),
                **me,
            }
        )
    for word in rng.sample(WORDS, rng.randint(0, 3)):
        found.append(
            {"resourceType": "Condition", "id": f"c{len(found)}", "code": {"text": word}, "onsetDateTime": day(), **me}
        )
    for drug in rng.sample(DRUGS, rng.randint(0, 3)):
        found.append(
            {
                "resourceType": "MedicationRequest",
                "status": "active",
                "medicationCodeableConcept": {"text": drug},
                "authoredOn": day(),
                **me,
            }
        )
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in found]}


def changed(bundle: dict, rng: random.Random) -> dict:
    """The same person told in another way."""
    b = copy.deepcopy(bundle)
    keys = {code: key for key, code in RESULTS.items()}
    for e in b["entry"]:
        r = e["resource"]
        r["id"] = "q" if r["resourceType"] == "Patient" else f"z{rng.random()}"
        if "subject" in r:
            r["subject"] = {"reference": rng.choice(("Patient/q", "urn:uuid:q", "http://x.org/fhir/Patient/q"))}
        if r["resourceType"] == "Observation":
            a = analytes()[keys[r["code"]["coding"][0]["code"]]]
            unit = rng.choice(list(a.factors))
            r["valueQuantity"] = {
                "value": from_canonical(r["valueQuantity"]["value"], unit, a),
                "unit": unit,
                "code": unit,
            }
    b["entry"].append(copy.deepcopy(rng.choice(b["entry"][1:])))
    other = {
        "resourceType": "Observation",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8302-2"}]},
        "effectiveDateTime": "2026-01-01",
    }
    b["entry"] += [
        {"resource": {"resourceType": "Organization", "id": "o"}},
        {"resource": other | {"valueQuantity": {"value": 170, "code": "cm"}}},
    ]
    rng.shuffle(b["entry"])
    return b


def read(bundle: dict) -> Record:
    (record,) = read_bytes(json.dumps(bundle).encode(), "x.json")
    return record


def test_neutral_changes_leave_two_thousand_records_as_they_were():
    rng = random.Random(7)
    for _ in range(2000):
        bundle = generated(rng)
        assert bare(read(bundle)) == bare(read(changed(bundle, rng)))


def test_neutral_changes_leave_the_answer_of_two_thousand_records_identical():
    rng = random.Random(7)
    for _ in range(2000):
        bundle = generated(rng)
        one, other = read(bundle), read(changed(bundle, rng))
        told = [differential(readings(r)).answers() for r in (one, other)]
        assert told[0] == pytest.approx(told[1], abs=1e-7)  # a unit's change keeps nine digits of a value
        assert max(told[0], key=told[0].get) == max(told[1], key=told[1].get)


def test_neutral_changes_leave_the_whole_assessment_identical():
    rng = random.Random(11)
    for _ in range(40):
        bundle = generated(rng)
        a, b = assess(read(bundle)), assess(read(changed(bundle, rng)))
        # a datum is told in the unit of its source, so the sentence of the flip is compared from its last comma on
        told = [(x.answer, x.summary, x.flip.rpartition(",")[2]) for x in (a, b)]
        assert told[0] == told[1]
        assert [t.test for t in a.next_tests] == [t.test for t in b.next_tests]
        assert [e.finding for e in a.evidence] == [e.finding for e in b.evidence]


def test_a_change_that_matters_is_seen():
    rng = random.Random(8)
    bundle = generated(rng)
    other = copy.deepcopy(bundle)
    other["entry"][1]["resource"]["valueQuantity"]["value"] *= 1.01
    assert bare(read(bundle)) != bare(read(other))


def exact(r: Record) -> Record:
    """The record without sources and refusals: what must come back to the digit."""
    parts = {
        f.name: tuple(replace(i, source=Source()) if hasattr(i, "source") else i for i in getattr(r, f.name))
        for f in fields(r)
        if isinstance(getattr(r, f.name), tuple)
    }
    return replace(r, **parts | {"refusals": (), "source": Source()})


@pytest.mark.parametrize("name", ["fhir", "tidy_csv"])
@pytest.mark.parametrize("cases", ["dev.jsonl", "phenopackets.jsonl"])
def test_everything_accepted_is_read_back_unchanged(shared, name, cases):
    f = record_formats()[name]
    for record in read_records(shared / "data/cases" / cases):
        (again,) = read_bytes(f.write(record).encode(), f"x{f.suffix}")
        assert exact(again) == exact(record)


def test_generated_records_are_read_back_unchanged():
    rng, write = random.Random(9), record_formats()["fhir"].write
    for _ in range(200):
        record = read(generated(rng))
        (again,) = read_bytes(write(record).encode(), "x.json")
        assert exact(again) == exact(record)


def test_real_bundles_are_read_back_unchanged(shared):
    write = record_formats()["fhir"].write
    for path in sorted((shared / "data/synthea_r4").glob("*.json"))[:5]:
        for record in read_records(path):
            (again,) = read_bytes(write(record).encode(), "x.json")
            assert exact(again) == exact(record)


def test_five_hundred_mutated_bundles_are_clean():
    spec = importlib.util.spec_from_file_location("fuzz_fhir", ROOT / "benchmarks/fuzz_fhir.py")
    fuzz = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzz)
    counts, slowest = fuzz.campaign(500, seed=2)
    assert not {key: n for key, n in counts.items() if key[2]}
    assert slowest < fuzz.LIMIT_S
    assert sum(n for (_, outcome, _), n in counts.items() if outcome != "read") > 50
