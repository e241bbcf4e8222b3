"""A FHIR client against the public schemas: what `$assess` gives is valid R4, and so is every refusal."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from tests.unit.service.conftest import Caller
from tests.unit.service.test_routes import bundle

from fetuin.examples.shipped import examples

HEAD = {"Content-Type": "application/fhir+json", "Accept": "application/fhir+json"}


def valid(resource: dict[str, Any]) -> Any:
    """The resource as the public R4B model reads it."""
    return get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("name", [e.name for e in examples()][:6])
def test_assess_gives_a_valid_bundle(caller: Caller, name: str) -> None:
    import json

    answer = caller().post("/fhir/$assess", content=json.dumps(bundle(name)), headers=HEAD)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/fhir+json")
    found = valid(answer.json())
    kinds = [e.resource.__class__.__name__ for e in found.entry]
    assert {"RiskAssessment", "Provenance"} <= set(kinds)


def test_parameters_name_the_setting(caller: Caller) -> None:
    body = {"resourceType": "Parameters", "parameter": [{"name": "record", "resource": bundle()},
                                                        {"name": "setting", "valueCode": "dermatology"}]}  # fmt: skip
    answer = caller().post("/fhir/$assess", json=body, headers=HEAD)
    risk = next(e["resource"] for e in answer.json()["entry"] if e["resource"]["resourceType"] == "RiskAssessment")
    assert "dermatology" in risk["method"]["text"]


@pytest.mark.parametrize("body", [[], {}, {"resourceType": "Patient"}, {"resourceType": "Bundle", "type": "collection"},
                                  {"resourceType": "Parameters", "parameter": [{"name": "record"}]}])  # fmt: skip
def test_a_refusal_is_a_valid_operation_outcome(caller: Caller, body: Any) -> None:
    answer = caller().post("/fhir/$assess", json=body, headers=HEAD)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/fhir+json")
    valid(answer.json())


def test_metadata_is_a_valid_capability_statement(caller: Caller) -> None:
    valid(caller(role="viewer").get("/fhir/metadata").json())


def test_without_a_credential_it_is_401_and_an_operation_outcome(running: Any) -> None:
    answer = running.get("/fhir/metadata")
    assert answer.status_code == 401
    valid(answer.json())


def test_the_audit_is_valid_fhir(caller: Caller) -> None:
    caller().post("/fhir/$assess", json=bundle(), headers=HEAD)
    found = caller(role="admin").get("/api/audit/fhir").json()
    assert found["entry"]
    valid(found)
