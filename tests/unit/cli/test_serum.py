"""`fetuin serum` from the command line: file and single serum, units in headers, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fetuin.cli.main import main


def ask(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, dict]:
    code = main(["serum", *map(str, args), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_file_answers_every_serum_under_the_same_names(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = ask(capsys, shared / "reference/speciation/plasma_si.csv")
    assert code == 0
    assert len(told["sera"]) == 6
    assert told["sera"][0]["SI_OCP"] == pytest.approx(1.6621, abs=1e-3)
    assert "not read" in told["notices"][0], "the result columns in the file are named, not passed over"


def test_units_in_the_header_are_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.csv"
    file.write_text("case;calcium [mg/dL];phosphate [mg/dL];albumin [g/dL];sex\nA;9,4;3,4;4,3;f\n")
    code, told = ask(capsys, file)
    row = told["sera"][0]
    assert code == 0
    assert (row["Ca_tot"], row["P_i"], row["albumin_gL"]) == pytest.approx((2.3454, 1.0977, 43.0), abs=1e-3)
    assert "Columns not read: sex." in told["notices"]
    assert set(told["defaults"]) >= {"pH", "HCO3", "Na"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("calcium,P_i\n2.3,1\n", "has no unit"), ("Ca_tot,P_i\n2.3,x\n", "'x' is not a number"), ("P_i\n1\n", "Ca_tot is missing"),
        ("Ca_tot,P_i\n2.3\n", "cells"), ("Ca_tot,P_i\n", "no row"), ("Ca_tot [furlong],P_i\n2.3,1\n", "cannot be in"),
        ("Ca_tot,P_i,pH\n2.3,1,3\n", "pH 3 cannot be blood"), ("Ca_tot,P_i\n2.3,\n", "P_i is missing"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text)
    code, told = ask(capsys, file)
    assert code == 3
    assert says in told["error"]["what"]


def test_one_serum_with_its_picture_and_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serum", "--ca", "9.4 mg/dL", "--phosphate", "1.1", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "Ionised calcium" in told.out
    assert "ocp_49_30" in told.out
    assert "Research use only" in told.err
    page = (tmp_path / "serum.html").read_text()
    assert page.count("<svg") == 2
    assert "Research use only" in page
    assert (tmp_path / "serum.csv").exists()


def test_carbon_dioxide_instead_of_ph(capsys: pytest.CaptureFixture[str]) -> None:
    _, told = ask(capsys, "--ca", 2.35, "--phosphate", 1.1, "--pco2", 44.98, "--hco3", 24)
    assert told["sera"][0]["pH_used"] == pytest.approx(7.40, abs=0.002)


def test_another_table_moves_only_its_phase(capsys: pytest.CaptureFixture[str]) -> None:
    _, a = ask(capsys, "--ca", 2.35, "--phosphate", 1.1)
    _, b = ask(capsys, "--ca", 2.35, "--phosphate", 1.1, "--constants", "ocp_48_46")
    assert b["sera"][0]["SI_OCP"] - a["sera"][0]["SI_OCP"] == pytest.approx(0.51, abs=1e-9)
    code, c = ask(capsys, "--ca", 2.35, "--phosphate", 1.1, "--constants", "none")
    assert code == 2
    assert "plasma37" in c["error"]["fix"]
