"""`fetuin therapies`, and the cautions of a simulation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fetuin.cli.main import main


def test_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapies", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "fetuin.therapies/1"
    assert found["n"] == len(found["therapies"]) > 35
    assert {"name", "maturity", "dose_unit", "moves", "harms_modelled", "harms_not_modelled", "numbers"} <= set(
        found["therapies"][0]
    )


def test_one_therapy_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapies", "etidronate"]) == 0
    said = capsys.readouterr().out
    assert "investigational" in said
    assert "phosphate rises while deposits stop" in said


def test_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapies", "snake oil"]) == 3
    assert "no therapy that is known" in capsys.readouterr().err


def test_a_simulation_prints_the_caution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.toml").write_text('days = 7\n[regimen]\nmagnesium = "15 mmol/d"\n')
    assert main(["simulate", "--scenario", str(tmp_path / "s.toml"), "--json"]) == 0
    assert "contradictory" in json.loads(capsys.readouterr().out)["cautions"]["magnesium"]
    assert main(["simulate", "--scenario", str(tmp_path / "s.toml")]) == 0
    assert "caution, magnesium" in capsys.readouterr().out


def test_a_dose_in_a_wrong_unit_says_what_would_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.toml").write_text('days = 7\n[regimen]\ndenosumab = "60 mmol every 6 mo"\n')
    assert main(["simulate", "--scenario", str(tmp_path / "s.toml")]) == 3
    said = capsys.readouterr().err
    assert "has the unit 'mmol'" in said
    assert "60 mg every 6 mo" in said
