"""Verbs that run as commands of their own: the answer is the command's, a file cannot hurt, and options cannot become flags."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.service.conftest import Caller

from fetuin.cli.main import main
from fetuin.errors import FetuinError, LimitError
from fetuin.service import command
from fetuin.service.command import answer
from fetuin.service.refusal import Refusal
from fetuin.service.settings import Limits

ROOT = Path(__file__).resolve().parents[3]
RECORD = ROOT / "tests" / "data" / "records" / "bundle.json"
CASES = ROOT / "tests" / "data" / "records" / "cases.jsonl"
LOTS = "sample,lot,t50_min\n" + "".join(
    f"s{k},{lot},{200 + 9 * k + 3 * (lot == 'b')}\n" for k in range(20) for lot in "ab"
)


def commanded(capsys: pytest.CaptureFixture[str], *words: object) -> dict:
    """What the command prints."""
    main([*map(str, words), "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def _ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.exit", lambda code=0: None)


def test_a_record_is_shown_and_converted_as_the_command_does(
    caller: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = caller().post("/api/record/show", files={"file": ("x.json", RECORD.read_bytes())}).json()
    assert shown["schema"] == "fetuin.record/1"
    expected = commanded(capsys, "record", "show", RECORD)
    values = [[(o["analyte"], o["value"]) for o in told["records"][0]["observations"]] for told in (shown, expected)]
    assert values[0] == values[1] != []
    written = caller().post(
        "/api/record/convert", files={"file": ("x.json", RECORD.read_bytes())}, data={"to": "tidy_csv"}
    )
    assert written.json()["texts"][0].splitlines()[0].startswith("id,kind,name")


def test_lots_are_compared_as_the_command_does(
    caller: Caller, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "lots.csv"
    file.write_text(LOTS)
    told = caller().post("/api/control/lots", files={"file": ("lots.csv", LOTS)}, data={"limit": "0.05"}).json()
    assert told["lots"] == commanded(capsys, "control", "lots", file, "--limit=0.05")["lots"]
    other = caller().post("/api/control/lots", files={"file": ("lots.csv", LOTS)}, data={"limit": "0.001"}).json()
    assert [x["within"] for x in other["lots"]] == [False]  # a negative verdict is an answer


def test_labelled_cases_are_judged(caller: Caller) -> None:
    told = caller().post("/api/evaluate", files={"cases": ("c.jsonl", CASES.read_bytes())}).json()
    assert told["schema"] == "fetuin.evaluate/1"
    assert told["n_cases"] > 0


@pytest.mark.parametrize("path", ["therapies?name=sevelamer", "tables?source=elicited", "version", "t50/formats"])
def test_what_needs_no_file_is_got(caller: Caller, path: str) -> None:
    told = caller(role="viewer").get(f"/api/{path}")
    assert told.status_code == 200
    assert told.json()["schema"].startswith("fetuin.")


def test_a_trial_is_analysed_by_a_shipped_study_and_by_a_sent_one(caller: Caller) -> None:
    rows = [f"{p},{arm},{day},{100 + 5 * (arm == 'treated') * (day > 0) + p % 7}" for p in range(40)
            for arm in (["control", "treated"][p % 2],) for day in (0, 365)]  # fmt: skip
    files = {"data": ("d.csv", "subject,arm,day,value\n" + "\n".join(rows))}
    told = caller().post("/api/trial/analyse", files=files, data={"study": "no_such_study"})
    assert told.status_code in (400, 422)
    assert "study" in told.text


@pytest.mark.parametrize("name", ["--out=/tmp/x", "-h", "a\nb", "--json"])
def test_an_option_cannot_become_a_flag(caller: Caller, name: str) -> None:
    assert caller().get("/api/therapies", params={"name": name}).status_code == 422


def test_an_error_of_the_command_keeps_its_code_and_shows_nothing_of_the_file(caller: Caller) -> None:
    told = caller().post("/api/control/lots", files={"file": ("geheim.csv", "Zanzibar,Quuxname\n1,2\n")})
    assert told.status_code == 422
    assert told.json()["error"]["code"] == "FET-I003"
    assert "Zanzibar" not in told.text
    assert "geheim" not in told.text


def test_time_and_memory_have_ends() -> None:
    with pytest.raises(LimitError, match="too long"):
        answer(["tables"], Limits(file_seconds=0.05))
    with pytest.raises(FetuinError):
        answer(["tables"], Limits(file_memory=40 * 2**20))


def test_a_plate_map_is_that_of_the_command(caller: Caller, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    samples = [f"s{k}" for k in range(20)]
    told = caller().post("/api/t50/layout", json={"samples": samples, "seed": 3}).json()
    (tmp_path / "samples.txt").write_text("\n".join(samples))
    commanded(capsys, "t50", "layout", tmp_path / "samples.txt", "--seed=3", f"--out={tmp_path / 'map.csv'}")
    assert told["layout"].splitlines() == (tmp_path / "map.csv").read_text().splitlines()
    many = caller().post("/api/t50/layout", json={"samples": samples, "seed": 3, "replicates": 90})
    assert many.status_code == 400


def test_more_commands_than_fit_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0.05)
    for _ in range(command.MOST):
        command._ROOM.acquire()
    try:
        with pytest.raises(Refusal) as refused:
            answer(["version"], Limits())
        assert refused.value.status == 503
        assert refused.value.headers["Retry-After"]
    finally:
        for _ in range(command.MOST):
            command._ROOM.release()
    assert json.loads(answer(["version"], Limits()))["schema"] == "fetuin.version/1"
