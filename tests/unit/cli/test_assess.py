"""`fetuin assess`: several files, several persons, one object, the right exit code, nothing lost, no secrets told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fetuin.cli.main import main
from fetuin.examples import example

CASE = {
    "id": "P1", "source": {"citation": "test"}, "age_years": 48, "sex": "F",
    "findings": {"sites": ["shoulder periarticular"], "tissue_state": "viable", "histology": None, "imaging": None},
    "labs": {"phosphate": {"value": 9.7, "unit": "mg/dL"}, "pth": {"value": 2362, "unit": "pg/mL"}},
    "history": ["peritoneal dialysis 3 y"],
}  # fmt: skip
OTHER = CASE | {"id": "P2", "history": ["dermatomyositis 12 y"], "labs": {}}


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(CASE) + "\n", "utf-8")
    return path


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.jsonl"
    path.write_text(json.dumps(CASE) + "\n" + json.dumps(OTHER) + "\n", "utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *argv: object, code: int = 0) -> dict[str, Any]:
    assert main(["assess", *map(str, argv), "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_person_of_every_file_is_answered_in_order(
    one: Path, two: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, one, two)
    assert found["schema"] == "fetuin.assess/1"
    assert [(Path(a["file"]).name, a["person"], a["record_id"]) for a in found["assessments"]] == [
        ("one.jsonl", 1, "P1"), ("two.jsonl", 1, "P1"), ("two.jsonl", 2, "P2"),
    ]  # fmt: skip
    assert found["failures"] == []


def test_the_answer_has_probabilities_evidence_and_what_is_missing(
    one: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = told(capsys, one)["assessments"][0]
    assert a["answer"] == "metastatic"
    assert all(0 <= p["low"] <= p["probability"] <= p["high"] <= 1 for p in a["mechanisms"])
    assert {e["layer"] for e in a["evidence"]} == {"tissue", "serum", "history"}
    assert any("9.7 mg/dL" in e["datum"] for e in a["evidence"])
    assert all(e["citations"] or e["quantities"] or e["elicited"] for e in a["evidence"])
    assert a["missing"]
    assert a["next_tests"]
    assert a["flip"]


def test_people_read_the_answer_on_stdout_and_the_line_on_stderr(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(one)]) == 0
    shown = capsys.readouterr()
    assert "Metastatic" in shown.out
    assert "Research use only" in shown.err


def test_hiding_the_tissue_leaves_it_out(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen, hidden = told(capsys, one), told(capsys, one, "--hide", "tissue")
    state = [[e["finding"] for e in x["assessments"][0]["evidence"]].count("tissue_state") for x in (seen, hidden)]
    assert state == [1, 0]


def test_the_setting_moves_the_prior(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    general, skin = told(capsys, one), told(capsys, one, "--setting", "dermatology")
    assert skin["assessments"][0]["setting"] == "dermatology"
    assert general["assessments"][0]["mechanisms"] != skin["assessments"][0]["mechanisms"]


def test_a_setting_nobody_knows_is_a_usage_error(one: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", str(one), "--setting", "moonbase"]) == 2
    assert "dermatology" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    one: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"resourceType": "Bundle", "secret": "Jane Doe", "secret": 1}', "utf-8")
    found = told(capsys, bad, one, tmp_path / "none.json", code=3)
    assert [a["record_id"] for a in found["assessments"]] == ["P1"]
    assert [Path(f["file"]).name for f in found["failures"]] == ["bad.json", "none.json"]
    assert all(f["what"] and f["fix"] and f["exit_code"] == 3 for f in found["failures"])
    assert "Jane" not in json.dumps(found)


def test_out_writes_a_page_a_json_and_a_bundle_for_each(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"
    assert main(["assess", str(two), "--out", str(out)]) == 0
    names = sorted(p.name for p in out.iterdir())
    stems = ["two-p1", "two-p2"]
    assert names == sorted(["index.html", *(f"{s}{x}" for s in stems for x in (".html", ".json", ".fhir.json"))])
    assert str(out / "index.html") in capsys.readouterr().err


def test_one_file_is_assessed_without_heavy_imports() -> None:
    code = (
        "import sys\nfrom fetuin.cli.main import main\n"
        "assert main(['assess', sys.argv[1], '--json']) == 0\n"
        "print('\\n'.join(sorted(m.partition('.')[0] for m in sys.modules)), file=sys.stderr)"
    )
    with example("uraemic-tumoral-calcinosis").path() as file:
        done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    heavy = {"scipy", "numba", "sympy", "pandas", "matplotlib", "pint", "fhir", "pydantic", "pyagrum", "jinja2"}
    assert not heavy & set(done.stderr.split())


def test_a_dash_is_standard_input(one: Path) -> None:
    code = "import sys\nfrom fetuin.cli.main import main\nsys.exit(main(['assess', '-', '--json']))"
    done = subprocess.run([sys.executable, "-c", code], input=one.read_bytes(), capture_output=True, check=True)
    assert json.loads(done.stdout)["assessments"][0]["record_id"] == "P1"
