"""Jobs over HTTP: acknowledged, watched, stopped, resumed; the same bits however the work was cut."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from tests.unit.service.conftest import Caller

from fetuin.runs import worker
from fetuin.service.kinds import kinds
from fetuin.service.settings import VARIABLE
from fetuin.service.work import cohort

BULK = Path(__file__).resolve().parents[2] / "data" / "records" / "bulk.ndjson"
PEOPLE = {"kind": "population", "parameters": {"n": 130, "days": 5.0, "seed": 4}}


@pytest.fixture
def working(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker in a thread."""
    monkeypatch.setenv(VARIABLE, app.state.service.settings.to_json())
    ended = threading.Event()
    works = {name: kind.work for name, kind in kinds().items()}
    thread = threading.Thread(target=worker.run, args=(app.state.service.db, works, ended.is_set))
    thread.start()
    yield
    ended.set()
    thread.join()


def waited(caller: Caller, job: str) -> dict[str, Any]:
    """The job when it has ended, by its events."""
    last: dict[str, Any] = {}
    with caller().stream("GET", f"/api/jobs/{job}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("data: "):
                last = json.loads(line[6:])
    return last


def test_a_population_is_simulated_and_the_bits_are_those_of_the_parts(caller: Caller, working: None) -> None:
    job = caller().post("/api/jobs", json=PEOPLE)
    assert job.status_code == 202, job.text
    ended = waited(caller, job.json()["id"])
    assert (ended["state"], ended["done"], ended["total"]) == ("done", 3, 3)
    told = caller().get(f"/api/jobs/{ended['id']}/result").json()
    kind = kinds()["population"]
    parameters = kind.checked(PEOPLE["parameters"])  # type: ignore[arg-type]
    unbroken = kind.work.join(parameters, [kind.work.chunk(parameters, k) for k in (0, 1, 2)])
    assert told["result"] == json.loads(json.dumps(unbroken))
    assert set(caller().get(f"/api/jobs/{ended['id']}/chunks").json()["chunks"]) == {"0", "1", "2"}


def test_a_trial_is_simulated_as_the_command_does_it(caller: Caller, working: None, tmp_path: Any) -> None:
    from fetuin.service.studies import shipped, table_of
    from fetuin.trials.run import run_trial

    name = next(n for n in shipped() if "mechan" not in n and not table_of(n).get("patients", {}).get("population"))
    job = (
        caller()
        .post("/api/jobs", json={"kind": "trial-simulate", "parameters": {"study": name, "n": 20, "seed": 3}})
        .json()
    )
    assert waited(caller, job["id"])["state"] == "done"
    told = caller().get(f"/api/jobs/{job['id']}/result").json()["result"]
    plain = run_trial(table_of(name), 20, 3).to_dict()
    assert json.dumps(told["scenarios"], sort_keys=True) == json.dumps(
        json.loads(json.dumps(plain["scenarios"])), sort_keys=True
    )


def test_two_trials_are_compared_as_the_command_does_it(caller: Caller, working: None) -> None:
    from fetuin.service.studies import table_of
    from fetuin.trials.comparison import body
    from fetuin.trials.run import run_trial

    told = {"a": "snf472_cac", "b": table_of("snf472_cac") | {"title": "the same again"}, "n": 10, "seed": 2}
    job = caller().post("/api/jobs", json={"kind": "trial-compare", "parameters": told}).json()
    assert waited(caller, job["id"])["state"] == "done"
    found = caller().get(f"/api/jobs/{job['id']}/result").json()["result"]
    plain = body(*(run_trial(told[k], 10, 2) for k in ("a", "b")))  # type: ignore[arg-type]
    assert found["characteristics"] == json.loads(json.dumps(plain["characteristics"]))


def test_outcomes_are_replayed(caller: Caller, working: None) -> None:
    from fetuin.validation.outcome import shipped

    name = shipped()[0].name
    job = caller().post("/api/jobs", json={"kind": "validate", "parameters": {"name": name}}).json()
    assert waited(caller, job["id"])["state"] == "done"
    told = caller().get(f"/api/jobs/{job['id']}/result").json()["result"]
    assert told["outcomes"][0]["name"] == name


def test_cancel_and_resume(caller: Caller) -> None:
    job = caller().post("/api/jobs", json=PEOPLE).json()["id"]
    assert caller().post(f"/api/jobs/{job}/cancel").json()["state"] == "cancelled"
    assert caller().get(f"/api/jobs/{job}/result").status_code == 400
    assert caller().post(f"/api/jobs/{job}/resume").json()["state"] == "queued"
    assert caller().delete(f"/api/jobs/{job}").status_code == 400
    caller().post(f"/api/jobs/{job}/cancel")
    assert caller().delete(f"/api/jobs/{job}").status_code == 204
    assert caller().get(f"/api/jobs/{job}").status_code == 404


def test_one_key_is_one_job(caller: Caller) -> None:
    key = {"Idempotency-Key": "a-key"}
    ids = {caller().post("/api/jobs", json=PEOPLE, headers=key).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    caller().post(f"/api/jobs/{ids.pop()}/cancel")


@pytest.mark.parametrize("body", [{"kind": "moon"}, {"kind": "population", "parameters": {"n": 0}}, {"kind": "population", "parameters": {"x": 1}},
                                  {"kind": "population", "parameters": {"population": "moon"}}, {"kind": "validate", "parameters": {"name": "no such"}},
                                  {"kind": "trial-simulate", "parameters": {"study": "/etc/passwd"}}, {"kind": "trial-simulate", "parameters": {"study": {}}}])  # fmt: skip
def test_what_cannot_be_done_is_told_at_once(caller: Caller, body: dict[str, Any]) -> None:
    answer = caller().post("/api/jobs", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert "moon" not in answer.text
    assert "root:" not in answer.text


def test_the_design_of_a_shipped_study(caller: Caller) -> None:
    from fetuin.service.studies import shipped

    assert set(caller().get("/api/trial/studies").json()["studies"]) == set(shipped())
    told = caller().post("/api/trial/design", json={"study": next(iter(shipped()))}).json()
    assert told["design"]["randomised"] > 0
    assert {e["endpoint"] for e in caller().post("/api/trial/design", json={}).json()["endpoints"]}
    assert caller().post("/api/trial/design", json={"study": "/etc/passwd"}).status_code == 422


def test_a_serum_is_solved_as_by_the_verb(caller: Caller) -> None:
    told = caller().post("/api/serum", json={"sera": [{"Ca_tot": 2.35, "P_i": 1.1}]}).json()
    assert told["sera"][0]["converged"]
    assert told["defaults"]
    assert caller().post("/api/serum", json={"sera": [{"moon": 1.0}]}).status_code == 422


def test_a_cohort_that_was_sent_is_assessed_and_goes_with_its_job(caller: Caller, working: None) -> None:
    import duckdb

    kept = caller().post("/api/inputs", files=[("files", ("Erika.ndjson", BULK.read_bytes()))])
    assert kept.status_code == 201
    number = kept.json()["input"]
    asked = {"kind": "cohort", "parameters": {"verb": "assess", "input": number}}
    assert caller("south").post("/api/jobs", json=asked).status_code == 404  # what another tenant sent is not there
    assert caller("south").delete(f"/api/inputs/{number}").status_code == 404
    assert caller("south").get("/api/inputs").json()["inputs"] == []
    assert [i["input"] for i in caller().get("/api/inputs").json()["inputs"]] == [number]
    job = caller().post("/api/jobs", json=asked).json()["id"]
    ended = waited(caller, job)
    assert ended["state"] == "done", ended
    told = caller().get(f"/api/jobs/{job}/result").json()["result"]
    table = caller().get(f"/api/jobs/{job}/people")
    assert table.content[:4] == b"PAR1"
    path = cohort.people(asked["parameters"] | {"setting": "general", "hide_tissue": False})
    assert duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall() == [(told["rows"],)] != [(0,)]
    assert "Erika" not in str(path)
    assert caller("south").get(f"/api/jobs/{job}/people").status_code == 404
    again = caller().post("/api/jobs", json=asked).json()["id"]
    assert waited(caller, again)["state"] == "done"
    assert caller().delete(f"/api/jobs/{again}").status_code == 204
    assert caller().get(f"/api/jobs/{job}/people").content == table.content  # two jobs asked for one run; one is gone
    assert caller().delete(f"/api/jobs/{job}").status_code == 204
    assert not path.parent.parent.exists()
    assert caller().delete(f"/api/inputs/{number}").status_code == 200
    assert caller().post("/api/jobs", json=asked).status_code == 404


def test_arms_are_compared_as_the_command_does(caller: Caller, working: None) -> None:
    parameters = {
        "record": {"example": "uraemic-tumoral-calcinosis"},
        "arms": ["sevelamer 4.8 g/d"],
        "years": 0.5,
        "n": 4,
    }
    wrong = caller().post("/api/jobs", json={"kind": "compare", "parameters": parameters | {"arms": ["sunshine 3"]}})
    assert wrong.status_code == 422
    job = caller().post("/api/jobs", json={"kind": "compare", "parameters": parameters}).json()["id"]
    ended = waited(caller, job)
    assert ended["state"] == "done", ended
    told = caller().get(f"/api/jobs/{job}/result").json()["result"]

    from fetuin.examples import example
    from fetuin.records import read_record
    from fetuin.reports.envelope import plain
    from fetuin.simulation.arms import compare

    with example("uraemic-tumoral-calcinosis").path() as path:
        expected = plain(compare(read_record(path), ["sevelamer 4.8 g/d"], 0.5, members=4, seed=1).to_dict())
    assert told == json.loads(json.dumps(expected))


def test_published_trials_are_replicated_one_a_chunk(caller: Caller, working: None) -> None:
    from fetuin.trials.replication import shipped

    job = caller().post("/api/jobs", json={"kind": "trial-replicate", "parameters": {"n": 20}}).json()["id"]
    ended = waited(caller, job)
    assert (ended["state"], ended["done"]) == ("done", len(shipped()))
    told = caller().get(f"/api/jobs/{job}/result").json()["result"]["trials"]
    assert [t["id"] for t in told] == [t["id"] for t in shipped()]


def test_the_trial_of_dialysate_magnesium_is_simulated_as_a_job(caller: Caller, working: None) -> None:
    asked = {"kind": "trial-simulate", "parameters": {"study": "dialysate_magnesium", "n": 4, "seed": 1}}
    job = caller().post("/api/jobs", json=asked).json()["id"]
    ended = waited(caller, job)
    assert ended["state"] == "done", ended
    parts = caller().get(f"/api/jobs/{job}/chunks").json()["chunks"].values()
    told = caller().get(f"/api/jobs/{job}/result").json()["result"]
    assert sum(p.get("trials", 0) for p in parts) == 4 * 2 * len(told["scenarios"])  # with effect and without
