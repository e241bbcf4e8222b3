"""`fetuin t50` and `fetuin audit` as a person calls them."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from fetuin.cli.main import main

KEYS = {"well", "sample", "t50_min", "ci_low", "ci_high", "censored", "model", "flags"}


@pytest.fixture
def plate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert (
        main(["t50", "simulate", "--seed", "5", "--mode", "clean", "--wells", "96", "--out", str(tmp_path / "sim")])
        == 0
    )
    capsys.readouterr()
    return tmp_path / "sim" / "sim_plate_clean_seed5.csv.gz"


def _json(capsys: pytest.CaptureFixture[str]) -> dict:  # type: ignore[type-arg]
    return json.loads(capsys.readouterr().out)


def test_a_simulated_plate_comes_back_near_its_truth(plate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["t50", str(plate), "--json"]) == 0
    body = _json(capsys)
    assert body["schema"] == "fetuin.t50/1"
    truth = {r["well"]: r for r in csv.DictReader((plate.parent / "sim_plate_clean_seed5_truth.csv").open())}
    assert len(body["wells"]) == 96
    for well in body["wells"]:
        assert set(well) >= KEYS
        assert (well["t50_min"] is None) == (well["censored"] or "no result" in well["flags"])
        if well["t50_min"] is not None:
            row = truth[well["well"]]
            assert abs(well["t50_min"] - float(row["T50_min"]) + float(row["read_offset_min"])) < 2


def test_exclusions_need_a_name_and_go_into_result_and_record(
    plate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    cut = ["--exclude", "B03", "--exclude", "C04@100-120", "--out", str(out), "--json"]
    assert main(["t50", str(plate), *cut]) == 2
    capsys.readouterr()
    assert main(["t50", str(plate), *cut, "--who", "A. Analyst", "--why", "bubble"]) == 0
    body = _json(capsys)
    wells = {w["well"]: w for w in body["wells"]}
    assert wells["B03"]["t50_min"] is None
    assert "excluded" in wells["B03"]["flags"]
    by_hand = [e for e in body["plates"][0]["exclusions"] if e["by"] == "A. Analyst"]
    assert {e["well"] for e in by_hand} == {"B03", "C04"}
    assert all(100 <= e["minute"] <= 120 for e in by_hand if e["well"] == "C04")
    suffixes = {p.name.removeprefix("sim_plate_clean_seed5") for p in out.iterdir()}
    assert suffixes == {".html", ".csv", ".xlsx", ".json", ".asm.json", ".fhir.json", "audit.jsonl"}
    assert main(["audit", "verify", str(out / "audit.jsonl"), "--json"]) == 0
    assert _json(capsys)["entries"] >= 2 + len(by_hand) - 1
    text = (out / "audit.jsonl").read_text().replace("A. Analyst", "B. Analyst", 1)
    (out / "audit.jsonl").write_text(text)
    assert main(["audit", "verify", str(out / "audit.jsonl"), "--json"]) == 1
    assert _json(capsys)["ok"] is False


def test_many_plates_in_one_call_and_a_bad_one_among_them(
    plate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("milk,1\n")
    assert main(["t50", str(plate), str(bad), str(plate), "--json"]) == 3
    body = _json(capsys)
    assert len(body["wells"]) == 192
    assert {w["source"] for w in body["wells"]} == {plate.name}
    assert [e["file"] for e in body["errors"]] == ["bad.csv"]


def test_one_bad_plate_is_an_error_and_no_empty_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("well,0,10\nA1,5,many\n")
    assert main(["t50", str(bad), "--json"]) == 3
    said = capsys.readouterr()
    assert "row 2, column 3" in said.err
    assert "wells" not in json.loads(said.out)


def test_the_layout_of_the_command_line(plate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names, made = tmp_path / "names.txt", tmp_path / "map.csv"
    names.write_text("serum 1\nserum 2\n")
    assert main(["t50", "layout", str(names), "--seed", "3", "--out", str(made)]) == 0
    capsys.readouterr()
    assert main(["t50", str(plate), "--layout", str(made), "--json"]) == 0
    body = _json(capsys)
    assert {"serum 1", "serum 2", "control low"} <= {w["sample"] for w in body["wells"]}
    assert {g["name"] for g in body["plates"][0]["groups"]} >= {"serum 1", "serum 2", "control_low"}


def test_people_get_a_table_and_the_research_line(plate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["t50", str(plate)]) == 0
    said = capsys.readouterr()
    assert "of 96 wells reported" in said.out
    assert "Research use only" in said.err


def test_formats_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["t50", "formats", "--json"]) == 0
    assert {"bmg_mars", "gen5", "softmax", "tecan", "magellan", "skanit", "tidy_csv", "wide_csv"} <= {
        f["name"] for f in _json(capsys)["formats"]
    }


def test_a_prediction_says_that_it_predicts_and_takes_in_a_measurement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serum = ["t50", "predict", "--phosphate", "1.8", "--calcium", "2.3", "--magnesium", "0.9"]
    assert main([*serum, "--json"]) == 0
    plain = _json(capsys)
    assert plain["ci_low"] < plain["t50_min"] < plain["ci_high"]
    assert "not a measurement" in plain["statement"]
    assert set(plain["assumed"]) == {"fetuin_a", "albumin", "bicarbonate", "citrate"}
    assert main([*serum, "--measured", "200", "--change", "magnesium=+0.1", "--out", str(tmp_path), "--json"]) == 0
    told = _json(capsys)
    assert 200 < told["t50_min"] < plain["t50_min"]
    assert told["ci_high"] / told["ci_low"] < plain["ci_high"] / plain["ci_low"]
    assert [w["change"] for w in told["what_if"]] == ["magnesium"]
    assert told["what_if"][0]["difference_min"] > 0
    assert "magnesium +0.1 mmol/L" in (tmp_path / "t50_prediction.html").read_text()


@pytest.mark.parametrize(
    ("extra", "code"), [([], 2), (["--phosphate", "100"], 3), (["--phosphate", "1", "--change", "x=1"], 2)]
)
def test_a_prediction_of_nothing_or_of_nonsense_is_refused(extra: list[str], code: int) -> None:
    assert main(["t50", "predict", *extra, "--json"]) == code


def _runs(tmp_path: Path, last: str) -> Path:
    """Eleven quiet runs and one more."""
    path = tmp_path / "runs.csv"
    steady = [f"R{k},{118 + 2 * (k % 3)},{258 + 3 * (k % 3)},> 600" for k in range(11)]
    path.write_text("run,control_low,control_mid,control_high\n" + "\n".join([*steady, last]) + "\n")
    return path


def test_controls_over_time_accept_and_reject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.csv"
    for last, code in (("R11,119,261", 0), ("R11,200,261", 1)):
        steady = "\n".join(f"R{k},{118 + 2 * (k % 3)},{258 + 3 * (k % 3)}" for k in range(11))
        path.write_text(f"run,control_low,control_mid\n{steady}\n{last}\n")
        assert main(["t50", "controls", str(path), "--baseline", "11", "--out", str(tmp_path), "--json"]) == code
        body = _json(capsys)
        assert body["last_accepted"] is (code == 0)
        assert any(v["rule"] == "1-3s" for v in body["violations"]) is (code == 1)
        assert "Levey-Jennings" in (tmp_path / "controls.html").read_text()


def test_a_control_that_never_turns_gives_no_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["t50", "controls", str(_runs(tmp_path, "R11,119,261,")), "--baseline", "11", "--json"]) == 4
    assert "control_high" in capsys.readouterr().err


def test_the_names_in_the_readers_file_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A MARS export names its wells; blanks are known by their name."""
    rows = [
        "User: USER",
        "Test ID: 1",
        "Nephelometry",
        "Well,,A01,A02,A03",
        "Content,Time [s],Sample X1,Sample X1,Blank B",
    ]
    rise = [4000 + round(1e5 / (1 + math.exp(-(3 * k - 150) / 8))) for k in range(100)]
    rows += [
        f"Raw Data (635),{k * 180},{y + (k * 37) % 11 * 20},{y + (k * 53) % 13 * 20},{4000 + (k * 7) % 5 * 9}"
        for k, y in enumerate(rise)
    ]
    path = tmp_path / "mars.csv"
    path.write_text("\n".join(rows) + "\n")
    assert main(["t50", str(path), "--json"]) == 0
    wells = {w["well"]: w for w in _json(capsys)["wells"]}
    assert [wells[w]["sample"] for w in ("A01", "A02", "A03")] == ["Sample X1", "Sample X1", "Blank B"]
    assert [wells[w]["role"] for w in ("A01", "A02", "A03")] == ["sample", "sample", "blank"]
    assert wells["A01"]["t50_min"] == pytest.approx(150, abs=2)
