"""A CDS Hooks client's flow, written from the specification: discovery, prefetch by template, cards, feedback, failures."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from tests.unit.service.conftest import Caller
from tests.unit.service.test_routes import bundle

from fetuin.examples.shipped import examples

MECHANISM, ORDERS = "/cds-services/fetuin-mechanism", "/cds-services/fetuin-orders"
PARTS = {"observations": "Observation", "conditions": "Condition", "medications": "MedicationRequest", "procedures": "Procedure",
         "reports": "DiagnosticReport"}  # fmt: skip


def prefetch(whole: dict[str, Any]) -> dict[str, Any]:
    """What an EHR that holds this bundle would send for the templates."""
    resources = [e["resource"] for e in whole["entry"]]
    found: dict[str, Any] = {"patient": next(r for r in resources if r["resourceType"] == "Patient") | {"id": "p1"}}
    for key, kind in PARTS.items():
        mine = [dict(r, subject={"reference": "Patient/p1"}) for r in resources if r["resourceType"] == kind]
        found[key] = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(mine),
            "entry": [{"resource": r} for r in mine],
        }
    return found


def call(whole: dict[str, Any] | None = None, hook: str = "patient-view", **context: Any) -> dict[str, Any]:
    return {
        "hook": hook, "hookInstance": str(uuid.uuid4()), "fhirServer": "https://ehr.example.org/fhir",
        "context": {"userId": "Practitioner/1", "patientId": "p1"} | context,
        "prefetch": prefetch(whole if whole is not None else bundle()),
    }  # fmt: skip


def is_card(card: dict[str, Any]) -> None:
    """The invariants of a card in CDS Hooks 2.0."""
    assert 0 < len(card["summary"]) < 140
    assert card["indicator"] in ("info", "warning", "critical")
    assert card["source"]["label"]
    uuid.UUID(card["uuid"])
    assert {"suggestions", "systemActions"} & set(card) == set()
    for link in card["links"]:
        assert link["type"] in ("absolute", "smart")
        assert link["url"].startswith("http")
        assert link["label"]
    for reason in card["overrideReasons"]:
        assert {"code", "display"} <= set(reason)


def test_discovery_names_both_services_with_templates(caller: Caller) -> None:
    services = caller(role="viewer").get("/cds-services").json()["services"]
    assert {s["hook"] for s in services} == {"patient-view", "order-select"}
    for s in services:
        assert {"hook", "id", "title", "description", "prefetch", "usageRequirements"} <= set(s)
        assert s["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert "{{context.patientId}}" in s["prefetch"]["observations"]
        assert "2777-1" in s["prefetch"]["observations"]  # phosphate


@pytest.mark.parametrize("example", [e.name for e in examples()])
def test_every_example_gives_cards_as_the_specification_says(caller: Caller, example: str) -> None:
    answer = caller().post(MECHANISM, json=call(bundle(example)))
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"cards"}
    for card in answer.json()["cards"]:
        is_card(card)


def test_the_card_says_what_the_engine_says_and_lets_it_be_reviewed(caller: Caller) -> None:
    card = caller().post(MECHANISM, json=call(bundle("dermatomyositis-hip"))).json()["cards"][-1]
    assert "ystrophic" in card["summary"]
    for part in ("Speaks for it", "Other explanations", "Not known, and what it would change", "Worth asking for next", "Limits",
                 "Research use only", "Ask again after", "dated result"):  # fmt: skip
        assert part in card["detail"], part
    assert "research use" in card["source"]["label"]


def test_the_same_call_again_has_the_same_cards(caller: Caller) -> None:
    body = call(bundle("calciphylaxis-on-haemodialysis"))
    first, again = (caller().post(MECHANISM, json=body).json()["cards"] for _ in range(2))
    assert [c["uuid"] for c in first] == [c["uuid"] for c in again]
    assert len({c["uuid"] for c in first}) == len(first) > 0


def test_calciphylaxis_is_said_to_be_outside_the_intended_use(caller: Caller) -> None:
    cards = caller().post(MECHANISM, json=call(bundle("calciphylaxis-on-haemodialysis"))).json()["cards"]
    assert cards[0]["indicator"] == "warning"
    assert "outside the intended use" in cards[0]["summary"]


def test_nothing_to_say_is_an_empty_list_and_only_that(caller: Caller) -> None:
    body = call()
    body["prefetch"] = {
        "patient": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-01-01"},
        "observations": {"resourceType": "Bundle", "type": "searchset", "entry": []},
        "conditions": {"resourceType": "Bundle", "type": "searchset"},
    }
    answer = caller().post(MECHANISM, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"cards": []}


@pytest.mark.parametrize("key", ["patient", "observations", "conditions"])
def test_a_needed_prefetch_that_is_missing_is_412_and_named(caller: Caller, key: str) -> None:
    body = call()
    del body["prefetch"][key]
    answer = caller().post(MECHANISM, json=body)
    assert answer.status_code == 412
    told = answer.json()
    assert told["resourceType"] == "OperationOutcome"
    assert f"prefetch.{key}" in told["issue"][0]["diagnostics"]


def test_no_prefetch_at_all_and_a_failed_search_are_412_too(caller: Caller) -> None:
    body = call()
    del body["prefetch"]
    assert caller().post(MECHANISM, json=body).status_code == 412
    body = call()
    body["prefetch"]["observations"] = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "exception"}],
    }
    answer = caller().post(MECHANISM, json=body)
    assert answer.status_code == 412
    assert "observations" in answer.text


def test_what_was_not_sent_or_only_in_part_stands_in_the_card(caller: Caller) -> None:
    body = call(bundle("dermatomyositis-hip"))
    del body["prefetch"]["reports"]
    body["prefetch"]["observations"]["link"] = [{"relation": "next", "url": "https://ehr.example.org/page2"}]
    detail = caller().post(MECHANISM, json=body).json()["cards"][-1]["detail"]
    section = detail.partition("only in part")[2].partition("**Limits")[0]
    assert "- reports" in section
    assert "- observations" in section


FAILURES: dict[str, Any] = {
    "another patient": lambda b: b["prefetch"]["patient"].update(id="p2"),
    "another hook": lambda b: b.update(hook="order-sign"),
    "no uuid": lambda b: b.update(hookInstance="17"),
    "no patient in the context": lambda b: b["context"].pop("patientId"),
    "patient id no text": lambda b: b["context"].update(patientId=7),
    "prefetch a list": lambda b: b.update(prefetch=[1]),
    "an entry list that is text": lambda b: b["prefetch"]["observations"].update(entry="x"),
    "an attachment": lambda b: b["prefetch"]["reports"].update(
        entry=[
            {
                "resource": {
                    "resourceType": "DiagnosticReport",
                    "presentedForm": [{"contentType": "application/pdf", "data": "AAAA"}],
                }
            }
        ]
    ),
    "a binary": lambda b: b["prefetch"]["reports"].update(
        entry=[{"resource": {"resourceType": "Binary", "data": "AAAA"}}]
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_an_operation_outcome_and_never_an_empty_list(caller: Caller, name: str) -> None:
    body = call()
    FAILURES[name](body)
    answer = caller().post(MECHANISM, json=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "cards" not in answer.json()


def test_a_fault_of_ours_is_an_operation_outcome_with_a_number(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from fetuin.service.routes import cds_hooks

    def broken(*_: Any) -> None:
        raise RuntimeError("Jane Doe")

    monkeypatch.setattr(cds_hooks, "assess", broken)
    answer = caller().post(MECHANISM, json=call())
    assert answer.status_code == 500
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert answer.headers["X-Request-Id"] in answer.text
    assert "Jane" not in answer.text


def test_too_slow_is_503_and_an_operation_outcome(app: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    import time
    from dataclasses import replace

    from fetuin.service.routes import cds_hooks

    service = app.state.service
    monkeypatch.setattr(cds_hooks, "assess", lambda *_: time.sleep(0.5))
    quick = replace(service.settings, limits=replace(service.settings.limits, hook_seconds=0.05))
    app.state.service = replace(service, settings=quick)
    try:
        answer = caller().post(MECHANISM, json=call())
    finally:
        app.state.service = service
    assert answer.status_code == 503
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "Retry-After" in answer.headers


def test_words_of_a_record_make_no_link_and_no_picture(caller: Caller) -> None:
    whole = bundle("dermatomyositis-hip")
    for e in whole["entry"]:
        if e["resource"]["resourceType"] == "Condition":
            e["resource"]["code"]["text"] = "Dermatomyositis ![x](https://evil.example/a.png) <img src=x>"
    detail = caller().post(MECHANISM, json=call(whole)).json()["cards"][-1]["detail"]
    assert not re.search(r"(?<!\\)\]\(", detail)
    assert "<img" not in detail
    assert "https://evil" not in detail


# --- orders ---


def order(kind: str = "ServiceRequest", **parts: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": "o1",
        "status": "draft",
        "intent": "proposal",
        "subject": {"reference": "Patient/p1"},
    } | parts


def asked(
    caller: Caller, whole: dict[str, Any], *orders: dict[str, Any], selections: list[str] | None = None
) -> list[dict[str, Any]]:
    drafts = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": o} for o in orders]}
    chosen = selections if selections is not None else [f"{o['resourceType']}/{o['id']}" for o in orders]
    answer = caller().post(ORDERS, json=call(whole, "order-select", selections=chosen, draftOrders=drafts))
    assert answer.status_code == 200, answer.text
    for card in answer.json()["cards"]:
        is_card(card)
    return answer.json()["cards"]


BIOPSY = order(code={"text": "Punch biopsy of skin"})
ENEMA = order("MedicationRequest", medicationCodeableConcept={"text": "Sodium phosphate enema 118 mL rectal"})
CALCIUM = order("MedicationRequest", medicationCodeableConcept={"text": "Calcium chloride 10 % injection"},
                dosageInstruction=[{"route": {"text": "intravenous"}, "site": {"text": "peripheral vein, left hand"}}])  # fmt: skip
PTHRP = order(code={"coding": [{"system": "http://loinc.org", "code": "15087-0"}]})
UREMIC, DERM = "calciphylaxis-on-haemodialysis", "dermatomyositis-hip"


def test_a_skin_biopsy_in_suspected_calciphylaxis_is_warned_of(caller: Caller) -> None:
    assert "biopsy" in asked(caller, bundle(UREMIC), BIOPSY)[0]["summary"]
    assert asked(caller, bundle(DERM), BIOPSY) == []
    assert asked(caller, bundle(UREMIC), order(code={"text": "Bone marrow biopsy"})) == []


def test_a_phosphate_enema_in_kidney_disease_is_warned_of(caller: Caller) -> None:
    assert "phosphate" in asked(caller, bundle(UREMIC), ENEMA)[0]["summary"]
    assert asked(caller, bundle(DERM), ENEMA) == []


def test_calcium_into_a_peripheral_vein_is_warned_of_and_a_central_line_is_not(caller: Caller) -> None:
    assert "peripheral" in asked(caller, bundle(DERM), CALCIUM)[0]["summary"]
    central = json.loads(json.dumps(CALCIUM).replace("peripheral vein, left hand", "central line"))
    assert asked(caller, bundle(DERM), central) == []


def test_pth_comes_before_pthrp(caller: Caller) -> None:
    whole = bundle("systemic-sclerosis-fingers")
    assert "PTH first" in asked(caller, whole, PTHRP)[0]["summary"]
    pth = {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "2731-8"}]},
           "valueQuantity": {"value": 12, "unit": "pg/mL", "system": "http://unitsofmeasure.org", "code": "pg/mL"}}  # fmt: skip
    assert asked(caller, whole | {"entry": [*whole["entry"], {"resource": pth}]}, PTHRP) == []


def test_only_selected_orders_count_and_each_has_its_own_card(caller: Caller) -> None:
    assert asked(caller, bundle(UREMIC), BIOPSY, selections=[]) == []
    both = asked(caller, bundle(UREMIC), BIOPSY, ENEMA | {"id": "o2"})
    assert len(both) == len({c["uuid"] for c in both}) == 2


def test_a_selection_that_is_not_drafted_is_a_failure(caller: Caller) -> None:
    drafts = {"resourceType": "Bundle", "type": "collection", "entry": []}
    answer = caller().post(ORDERS, json=call(None, "order-select", selections=["ServiceRequest/9"], draftOrders=drafts))
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"


# --- feedback ---


def test_feedback_is_kept_once_and_a_later_outcome_takes_its_place(app: Any, caller: Caller) -> None:
    from fetuin.runs.database import rows
    from fetuin.service.tables import FEEDBACK

    card = caller().post(MECHANISM, json=call(bundle(UREMIC))).json()["cards"][0]["uuid"]
    one = {"card": card, "outcome": "accepted", "acceptedSuggestions": [], "outcomeTimestamp": "2026-01-05T10:00:00Z"}
    for _ in range(3):
        assert caller().post(f"{MECHANISM}/feedback", json={"feedback": [one]}).status_code == 200
    two = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-01-05T10:05:00Z",
           "overrideReason": {"reason": {"code": "known", "system": "urn:fetuin:override-reason"}, "userComment": "seen"}}  # fmt: skip
    assert caller().post(f"{MECHANISM}/feedback", json={"feedback": [two]}).status_code == 200
    db = app.state.service.db
    with db.read() as c:
        mine = c.execute(rows(FEEDBACK, "north").where(FEEDBACK.c.card == card)).all()
        other = c.execute(rows(FEEDBACK, "south").where(FEEDBACK.c.card == card)).all()
    assert [r.outcome for r in mine] == ["overridden"]
    assert other == []


@pytest.mark.parametrize("body", [{}, {"feedback": []}, {"feedback": [{"card": "x", "outcome": "accepted", "outcomeTimestamp": "2026-01-05T10:00:00Z"}]},
                                  {"feedback": [{"card": str(uuid.uuid4()), "outcome": "maybe", "outcomeTimestamp": "2026-01-05T10:00:00Z"}]}])  # fmt: skip
def test_feedback_that_is_wrong_is_refused(caller: Caller, body: dict[str, Any]) -> None:
    answer = caller().post(f"{MECHANISM}/feedback", json=body)
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_an_unknown_service_is_404(caller: Caller) -> None:
    assert caller().post("/cds-services/none", json=call()).status_code == 404
    assert caller().post("/cds-services/none/feedback", json={"feedback": [
        {"card": str(uuid.uuid4()), "outcome": "accepted", "outcomeTimestamp": "2026-01-05T10:00:00Z"}]}).status_code == 404  # fmt: skip
