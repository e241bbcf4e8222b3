"""FHIR out: valid R4B, references that resolve, provisional and preliminary, nothing firm where there is no answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from fetuin.diagnosis.assessment import Assessment
from fetuin.notice import RESEARCH_USE
from fetuin.reports.fhir_assessment import assessment_to_fhir

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def kinds(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {e["resource"]["resourceType"]: e["resource"] for e in bundle["entry"]}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["reference"]} if "reference" in value else set()
        return own.union(*(references(v) for v in value.values()))
    return set().union(*(references(v) for v in value)) if isinstance(value, list) else set()


def test_the_bundle_is_valid_r4(assessment: Assessment) -> None:
    bundle_class = pytest.importorskip("fhir.resources.R4B.bundle").Bundle
    text = json.dumps(assessment_to_fhir(assessment, recorded=WHEN))
    assert bundle_class.model_validate_json(text).type == "collection"


def test_every_reference_resolves_inside_the_bundle(assessment: Assessment) -> None:
    bundle = assessment_to_fhir(assessment, recorded=WHEN)
    assert references(bundle) == {e["fullUrl"] for e in bundle["entry"]} - {bundle["entry"][-1]["fullUrl"]}


def test_probabilities_are_per_cent_and_the_answer_is_provisional(assessment: Assessment) -> None:
    found = kinds(assessment_to_fhir(assessment, recorded=WHEN))
    risk = found["RiskAssessment"]
    assert risk["status"] == "preliminary"
    assert [p["probabilityDecimal"] for p in risk["prediction"]] == [93.0, 8.0, 5.0, 3.0, 0.4]
    assert "81 to 98" in risk["prediction"][0]["rationale"]
    assert found["Condition"]["verificationStatus"]["coding"][0]["code"] == "provisional"
    assert {t["reference"] for t in found["Provenance"]["target"]} == references(found["Provenance"]["target"])
    assert len(found["Provenance"]["target"]) == 2


def test_an_abstention_makes_no_condition(assessment: Assessment) -> None:
    shy = replace(assessment, abstained=True, answer="insufficient data", reason="Too little is known.")
    found = kinds(assessment_to_fhir(shy, recorded=WHEN))
    assert "Condition" not in found
    assert any(n["text"] == "Too little is known." for n in found["RiskAssessment"]["note"])


def test_every_resource_carries_the_research_use_line(assessment: Assessment) -> None:
    for entry in assessment_to_fhir(assessment, recorded=WHEN)["entry"]:
        assert RESEARCH_USE in entry["resource"]["text"]["div"]


def test_the_same_record_gives_the_same_bundle(assessment: Assessment) -> None:
    assert assessment_to_fhir(assessment, recorded=WHEN) == assessment_to_fhir(assessment, recorded=WHEN)


def test_the_shipped_examples_make_valid_bundles() -> None:
    import fetuin
    from fetuin.examples import examples

    bundle_class = pytest.importorskip("fhir.resources.R4B.bundle").Bundle
    for e in examples():
        with e.path() as file:
            a = fetuin.assess(fetuin.read_record(file), setting=e.setting)
        made = assessment_to_fhir(a, recorded=WHEN)
        bundle_class.model_validate_json(json.dumps(made))
        risk = kinds(made)["RiskAssessment"]
        assert sum(p["probabilityDecimal"] for p in risk["prediction"]) == pytest.approx(100, abs=0.1)
        outcomes = [p["outcome"]["text"] for p in risk["prediction"]]
        assert "a cause that is not in the catalogue" in outcomes
        assert "metastatic calcification" in outcomes
