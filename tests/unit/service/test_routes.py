"""The verbs over HTTP say what the verbs say."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from tests.unit.service.conftest import Caller

import fetuin
from fetuin.examples.shipped import example, examples
from fetuin.records import read_record

NAME = "dermatomyositis-hip"


def bundle(name: str = NAME) -> dict:
    with example(name).path() as path:
        return json.loads(path.read_text("utf-8"))


def test_the_examples_are_those_that_are_shipped(caller: Caller) -> None:
    listed = caller().get("/api/examples").json()["examples"]
    assert [e["name"] for e in listed] == [e.name for e in examples()]
    assert caller().get(f"/api/examples/{NAME}").json() == bundle()


@pytest.mark.parametrize("given", ["record", "example", "text"])
def test_an_assessment_is_that_of_the_verb(caller: Caller, given: str) -> None:
    body = {
        "record": {"record": bundle()},
        "example": {"example": NAME},
        "text": {"text": json.dumps(bundle()), "name": "a.json"},
    }[given]
    told = caller().post("/api/assess", json=body).json()
    with example(NAME).path() as path:
        expected = fetuin.assess(read_record(path)).to_dict()
    found = told["assessments"][0]
    assert told["schema"] == "fetuin.assess/1"
    assert found["answer"] == expected["answer"]
    assert found["mechanisms"] == json.loads(json.dumps(expected["mechanisms"]))
    assert found["timeline"]["conditions"]


def test_the_timeline_has_reference_bands(caller: Caller) -> None:
    told = caller().post("/api/assess", json={"example": "tumoral-calcinosis-fgf23"}).json()
    rows = told["assessments"][0]["timeline"]["observations"]
    assert rows
    assert all(r["unit"] for r in rows if r["value"] is not None)
    assert any(r["low"] is not None and r["high"] is not None for r in rows)


def test_hiding_what_speaks_most_for_the_answer_makes_it_less_sure(caller: Caller) -> None:
    body = {"example": NAME}
    plain = caller().post("/api/assess", json=body).json()["assessments"][0]
    lead = plain["mechanisms"][0]["name"]
    strongest = max(plain["evidence"], key=lambda e: e["weights"].get(lead, 0.0))["finding"]
    moved = caller().post("/api/assess/whatif", json=body | {"without": [strongest]}).json()

    def p(a: dict) -> float:
        return next(m["probability"] for m in a["mechanisms"] if m["name"] == lead)

    assert p(moved["before"]) == p(plain)
    assert p(moved["after"]) < p(plain)
    assert strongest not in {e["finding"] for e in moved["after"]["evidence"]}


def test_assuming_what_was_seen_changes_little_and_the_opposite_much(caller: Caller) -> None:
    body = {"example": "calciphylaxis-on-haemodialysis", "assumed": {"kidney": "normal"}}
    moved = caller().post("/api/assess/whatif", json=body).json()
    before = {m["name"]: m["probability"] for m in moved["before"]["mechanisms"]}
    after = {m["name"]: m["probability"] for m in moved["after"]["mechanisms"]}
    assert after["calciphylaxis"] < before["calciphylaxis"]


def test_an_unknown_finding_is_refused_with_those_that_are_known(caller: Caller) -> None:
    answer = caller().post("/api/assess/whatif", json={"example": NAME, "without": ["moon"]})
    assert answer.status_code == 400
    assert "kidney" in answer.json()["error"]["fix"]
    assert "moon" not in answer.text


def test_a_course_is_that_of_the_verb_and_remembered(caller: Caller) -> None:
    from fetuin.simulation.person import Person
    from fetuin.simulation.simulate import simulate

    body = {"person": {"gfr": "30 mL/min"}, "days": 90, "curves": ["calcium", "pth"], "points": 50}
    first = caller().post("/api/simulate", json=body)
    again = caller().post("/api/simulate", json=body)
    assert first.headers["X-Fetuin-Memory"] == "miss"
    assert again.headers["X-Fetuin-Memory"] == "hit"
    assert first.content == again.content
    assert "app;dur=" in again.headers["Server-Timing"]
    expected = simulate(Person(gfr=30.0), days=90.0)
    assert first.json()["final"]["pth"] == pytest.approx(float(expected["pth"][-1]), rel=1e-3)


def test_a_dose_without_its_unit_is_refused(caller: Caller) -> None:
    answer = caller().post("/api/simulate", json={"person": {"gfr": 30}})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"].startswith("FET-I")


def test_the_band_holds_its_median(caller: Caller) -> None:
    body = {"days": 30, "curves": ["calcium"], "points": 5, "n": 8, "seed": 3}
    told = caller().post("/api/simulate/band", json=body).json()["curves"]["calcium"]
    assert all(a <= m <= b for a, m, b in zip(told["p05"], told["median"], told["p95"]))


def test_a_simulated_plate_is_measured_with_its_curves_and_a_well_left_out(caller: Caller) -> None:
    made = caller().get("/api/t50/example?seed=2&wells=96").json()
    files = {"plate": ("Jane Doe.csv", made["plate"], "text/csv")}
    out = json.dumps([{"well": "A01", "why": "bubble"}])
    answer = caller().post("/api/t50", files=files, data={"exclude": out})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert len(told["wells"]) == 96
    one = told["plates"][0]["curves"]["A02"]
    assert len(one["minutes"]) == len(one["reads"]) == len(one["fit"])
    assert told["wells"][0]["t50_min"] is None
    assert told["plates"][0]["exclusions"][0]["reason"] == "bubble"
    assert "Jane" not in answer.text


def test_a_phantom_is_scored(caller: Caller, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from fetuin.imaging.phantom import write

    write("block", tmp_path)
    data = next(tmp_path.glob("*.nii.gz")).read_bytes()
    answer = caller().post("/api/ct", files={"scan": ("s.nii.gz", data)}, data={"kvp": "120"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["agatston"] > 0
    as_nifti = caller().post("/api/volume", files={"scan": ("s.nii.gz", data)})
    assert gzip.decompress(as_nifti.content)[:4] == (348).to_bytes(4, "little")


def test_a_planar_bone_scan_is_counted(caller: Caller, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from fetuin.imaging.bone_scan import Request, examine
    from fetuin.imaging.phantom import write

    write("nm_planar", tmp_path)
    file = next(f for f in sorted(tmp_path.rglob("*.dcm")))
    regions = ["bone:10-30,10-30", "soft:40-60,40-60"]
    answer = caller().post("/api/scan", files={"image": ("s.dcm", file.read_bytes())}, data={"region": regions})
    assert answer.status_code == 200, answer.text
    expected = examine([file], Request(regions)).body
    assert answer.json()["ratios"] == json.loads(json.dumps(expected["ratios"]))


def test_a_filled_sheet_is_scored_as_by_the_verb(caller: Caller, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from fetuin.imaging.scoring import blank, result

    head, *rows = blank("aac24").splitlines()
    filled = "\n".join([head, *(f"ann,p1{r[1:]}2" for r in rows)]) + "\n"
    (tmp_path / "film.csv").write_text(filled, "utf-8")
    answer = caller().post("/api/radiograph", files={"film": ("s.csv", filled)}, data={"sheet": "aac24"})
    assert answer.status_code == 200, answer.text
    expected = json.loads(json.dumps(result(tmp_path / "film.csv", "aac24"), default=float))
    assert {k: answer.json()[k] for k in expected} == expected


def test_a_prediction_without_any_value_is_refused(caller: Caller) -> None:
    assert caller().post("/api/t50/predict", json={}).status_code == 400
    assert caller().post("/api/t50/predict", json={"phosphate": 1.6}).json()["t50_min"] < 400


def test_ready_when_warm(running) -> None:  # type: ignore[no-untyped-def]
    for _ in range(300):
        if running.get("/health/ready").status_code == 200:
            break
        time.sleep(0.1)
    assert running.get("/health/ready").json() == {"status": "ready"}
    assert running.get("/health/live").json() == {"status": "alive"}
