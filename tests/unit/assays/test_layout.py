"""Plate maps: lists and grids, CSV and XLSX, 96 and 384 wells; every error names its well."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from fetuin.assays.layout import Layout, Well, randomised, read_layout
from fetuin.errors import InputError, UsageError

LIST = "well,sample,group,role,lot,dilution\nA1,s1,g1,,L7,1\na02,s1,g1,sample,L7,1\nB1,,,blank,L7,\nC3,low,,control low,L7,1:2\n"
GRID = "sample\n,1,2,3\nA,s1,s1,blank\nB,low,mid,high\nlot\n,1,2,3\nA,L1,L1,L1\nB,L1,L1,L1\ndilution\n,1,2,3\nA,2,2,\nB,,,\n"


def _file(tmp_path: Path, text: str, name: str = "map.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list(tmp_path: Path) -> None:
    layout = read_layout(_file(tmp_path, LIST))
    assert layout.size == 96
    assert layout["A2"] == Well("A02", "s1", "sample", "g1", "L7", 1.0)
    assert layout["C03"].role == "control_low"
    assert layout["C03"].dilution == 2.0
    assert layout.role("blank") == ["B01"]
    assert layout.replicates()["g1"] == ["A01", "A02"]
    assert layout["H12"] == Well("H12", "")


def test_grids_with_titles(tmp_path: Path) -> None:
    layout = read_layout(_file(tmp_path, GRID))
    assert [layout[w].role for w in ("A1", "A3", "B1", "B2", "B3")] == [
        "sample", "blank", "control_low", "control_mid", "control_high",
    ]  # fmt: skip
    assert layout["A1"].lot == "L1"
    assert layout["A2"].dilution == 2.0


def test_a_workbook_and_384_wells(tmp_path: Path) -> None:
    path = tmp_path / "map.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("map")
        for i, row in enumerate((["well", "sample", "dilution"], ["A1", "s1", 1.5], ["P24", "s2", 4])):
            sheet.write_row(i, 0, row)
    layout = read_layout(path)
    assert layout.size == 384
    assert layout["A1"].dilution == 1.5
    assert layout["P24"].sample == "s2"
    with pytest.raises(InputError, match="P24"):
        read_layout(path, size=96)


@pytest.mark.parametrize(
    ("text", "well", "cell"),
    [
        ("well,sample,dilution\nB7,s,0\n", "B07", "row 2, column 3"),
        ("well,sample,dilution\nB7,s,ten\n", "B07", "row 2, column 3"),
        ("well,sample,role\nC2,s,emperor\n", "C02", "row 2, column 3"),
        ("well,sample\nA1,s\nD4,s\nd04,s\n", "D04", "row 4, column 1"),
        ("well,sample,group,lot\nA1,s,g,1\nA2,s,g,2\n", "A02", ""),
        ("well,sample,group\nA1,s,g\nA5,t,g\n", "A05", ""),
    ],
)
def test_errors_name_the_well(tmp_path: Path, text: str, well: str, cell: str) -> None:
    with pytest.raises(InputError) as caught:
        read_layout(_file(tmp_path, text))
    assert well in caught.value.message()
    assert "map.csv" in caught.value.where
    assert cell in caught.value.where


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "well,colour\nA1,red\n", "well,sample\nA0,s\n", "well,sample\n"])
def test_what_is_no_plate_map_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_layout(_file(tmp_path, text))
    assert "row" in caught.value.where
    assert "expected" in caught.value.message()


def test_the_map_must_fit_the_plate() -> None:
    layout = Layout({w: Well(w, "s") for w in ("A01", "B02")})
    layout.match(["A1", "B2", "C3"])
    with pytest.raises(InputError, match="B02"):
        layout.match(["A01"])


def test_a_randomised_map_comes_back_from_its_csv_and_from_its_seed(tmp_path: Path) -> None:
    made = randomised(["s1", "s2"], replicates=3, controls=2, blanks=1, seed=4, lot="L")
    assert made.csv() == randomised(["s1", "s2"], replicates=3, controls=2, blanks=1, seed=4, lot="L").csv()
    assert made.csv() != randomised(["s1", "s2"], replicates=3, controls=2, blanks=1, seed=5, lot="L").csv()
    again = read_layout(_file(tmp_path, made.csv()))
    assert dict(again.wells) == dict(made.wells)
    assert {k: len(v) for k, v in again.replicates().items()} == {
        "s1": 3, "s2": 3, "control_low": 2, "control_mid": 2, "control_high": 2,
    }  # fmt: skip
    with pytest.raises(UsageError):
        randomised([f"s{i}" for i in range(40)], replicates=3, seed=1)
