"""`fetuin compare`: one JSON object, a page, and refusals that name the arm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fetuin.cli.main import main

RECORD = """id,kind,name,value,unit,time,dose
p,person,age,60,,,
p,observation,calcium,2.3,mmol/L,2024-01-01,
p,observation,phosphate,1.6,mmol/L,2024-01-01,
p,observation,PTH,130,ng/L,2024-01-01,
p,observation,egfr,22,mL/min,2024-01-01,
p,observation,phosphate,1.7,mmol/L,2024-03-01,
p,observation,egfr,22,mL/min,2024-03-01,
"""


def test_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.csv"
    path.write_text(RECORD)
    words = ["compare", str(path), "--arm", "sevelamer 4.8 g/d", "--years", "0.2", "--n", "4"]
    assert main([*words, "--json", "--out", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "fetuin.compare/1"
    assert [a["name"] for a in found["arms"]] == ["as now", "sevelamer 4.8 g/d"]
    assert found["seed"] == 1
    assert found["most_important_lever"] == "sevelamer 4.8 g/d"
    page = (tmp_path / "compare.html").read_text()
    assert "Research use only" in page
    assert "What is not in these numbers" in page
    assert main(words) == 0
    assert "Phosphate" in capsys.readouterr().out


def test_an_arm_without_a_unit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.csv"
    path.write_text(RECORD)
    assert main(["compare", str(path), "--arm", "sevelamer 4.8"]) == 3
    assert "no unit" in capsys.readouterr().err
    assert main(["compare", str(path)]) == 2
