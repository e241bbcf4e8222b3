"""FHIR: statuses, units, words, components, people."""

import json

import pytest

from fetuin.errors import InputError, LimitError
from fetuin.records import read_bytes
from fetuin.records.formats.fhir import MAX_ENTRIES


def people(*resources):
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    return list(read_bytes(json.dumps(bundle).encode(), "x.json"))


def lab(code="17861-6", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        **more,
    }


def q(value, unit=None, **more):
    return {"valueQuantity": {"value": value, **({"unit": unit} if unit else {}), **more}}


def test_the_unit_outranks_the_property_of_the_code():
    (r,) = people(lab("17861-6", **q(2.4, "mmol/L")), lab("2000-8", **q(9.6, "mg/dL")))
    assert sorted(round(o.value, 2) for o in r.observations) == [2.4, 2.4]


def test_a_missing_unit_is_refused_by_name_and_the_rest_is_read():
    (r,) = people(lab("2777-1", **q(6.5)), lab(**q(9.6, "mg/dL")))
    assert [o.analyte for o in r.observations] == ["calcium"]
    assert "Phosphate" in r.refusals[0].what
    assert r.refusals[0].source.place == "Bundle.entry[0].resource"


def test_code_and_unit_that_disagree_are_refused():
    (r,) = people(lab(**q(9.6, "mg/dL", code="mmol/L")))
    assert "different" in r.refusals[0].why


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_was_an_error_is_ignored(status):
    (r,) = people(lab(**q(9.6, "mg/dL")) | {"status": status}, lab("2731-8", **q(60, "pg/mL")))
    assert [o.analyte for o in r.observations] == ["pth"]


def test_text_values_and_bounds():
    (r,) = people(lab("2731-8", valueString="< 2.5 pg/mL"), lab("2777-1", valueCodeableConcept={"text": "High"}))
    by = {o.analyte: o for o in r.observations}
    assert (by["pth"].value, by["pth"].censor) == (2.5, "<")
    assert (by["phosphate"].value, by["phosphate"].flag) == (None, "H")


def test_verification_status():
    def c(text, status):
        return {
            "resourceType": "Condition",
            "code": {"text": text},
            "verificationStatus": {"coding": [{"code": status}]},
        }

    (r,) = people(c("a", "confirmed"), c("b", "refuted"), c("c", "entered-in-error"), c("d", "differential"))
    assert [(x.text, x.presence) for x in r.conditions] == [("a", "present"), ("b", "absent")]
    assert "differential" in r.refusals[0].why


def test_medicines_not_taken_and_two_in_one():
    def m(kind, text, status):
        return {"resourceType": kind, "status": status, "medicationCodeableConcept": {"text": text}}

    (r,) = people(
        m("MedicationStatement", "warfarin", "not-taken"),
        m("MedicationRequest", "calcium carbonate / colecalciferol", "active"),
    )
    assert {(x.inn, x.presence) for x in r.medications} == {
        ("warfarin", "absent"),
        ("calcium carbonate", "present"),
        ("cholecalciferol", "present"),
    }


def test_tissue_from_specimen_report_and_condition():
    specimen = {"resourceType": "Specimen", "id": "s", "collection": {"bodySite": {"text": "thigh"}}}
    report = {
        "resourceType": "DiagnosticReport",
        "category": [{"text": "pathology"}],
        "conclusion": "calcified arterioles",
        "specimen": [{"reference": "Specimen/s"}],
    }
    condition = {"resourceType": "Condition", "code": {"text": "Calcinosis cutis"}, "bodySite": [{"text": "elbow"}]}
    (r,) = people(specimen, report, condition)
    assert {(t.site, t.modality) for t in r.tissue} == {("thigh", "histology"), ("elbow", "")}


def test_components_and_age():
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "2000-01-01"}
    part = {"code": {"coding": [{"code": "1751-7"}]}, **q(41, "g/L")}
    (r,) = people(patient, lab(**q(9.6, "mg/dL"), component=[part], effectiveDateTime="2010-01-01"))
    assert {o.analyte for o in r.observations} == {"calcium", "albumin"}
    assert r.age == pytest.approx(10, abs=0.01)


def test_two_patients_are_two_records_and_a_nameless_result_is_an_error():
    a, b = ({"resourceType": "Patient", "id": x} for x in "ab")
    found = people(a, b, lab(**q(9.6, "mg/dL"), subject={"reference": "Patient/b"}))
    assert [(r.id, len(r.observations)) for r in found] == [("a", 0), ("b", 1)]
    with pytest.raises(InputError, match="no subject"):
        people(a, b, lab(**q(9.6, "mg/dL")))


def test_a_resource_of_another_is_refused():
    (r,) = people({"resourceType": "Patient", "id": "a"}, lab(**q(9.6, "mg/dL"), subject={"reference": "Patient/b"}))
    assert r.observations == ()
    assert "subject" in r.refusals[0].why


def test_too_many_entries():
    with pytest.raises(LimitError):
        people(*[{"resourceType": "Basic"}] * (MAX_ENTRIES + 1))


def test_nobody_is_an_error_not_an_empty_answer():
    with pytest.raises(InputError, match="no person"):
        people({"resourceType": "Organization"})
