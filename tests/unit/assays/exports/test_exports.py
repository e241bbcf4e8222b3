"""Exports of a measured plate: what was measured comes back from each, and each is valid where a validator exists."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from fetuin.assays.exports import allotrope, fhir, tables
from fetuin.assays.layout import Layout, Well
from fetuin.assays.plate import Plate
from fetuin.assays.simulate_plate import simulate
from fetuin.assays.t50 import Exclusion, T50Result, measure


@pytest.fixture(scope="module")
def result() -> T50Result:
    drawn = simulate(3, "clean", wells=96, t50=np.linspace(150.0, 700.0, 96)).plate
    keep = [k for k in range(96) if k % 12 in (0, 5, 11)]
    plate = Plate(
        tuple(drawn.wells[k] for k in keep), drawn.minutes[keep], drawn.reads[keep], drawn.overflow[keep], "absorbance", "OD",
        "plate 1", "run.csv", {"date": "25/12/2025", "time": "10:15:00", "read": "405"},
    )  # fmt: skip
    wells = {w: Well(w, f"=serum {w}", group="", lot="L1") for w in plate.wells}
    wells["A01"] = Well("A01", "blank", "blank")
    wells["A06"] = Well("A06", "low", "control_low", lot="L1")
    out = Exclusion("B01", None, "bubble", "A. Analyst", "2026-01-01T10:00:00+00:00")
    return measure(plate, Layout(wells, 96, "map"), at="2026-01-01T10:00:00+00:00", exclude=[out])


def test_the_plate_holds_every_kind_of_result(result: T50Result) -> None:
    assert any(w.censored for w in result.wells)
    assert any(w.t50_min is not None for w in result.wells)
    assert result["B01"].t50_min is None


def test_csv_has_every_well_and_no_formula(result: T50Result) -> None:
    rows = list(csv.DictReader(io.StringIO(tables.csv_text(result))))
    assert [r["well"] for r in rows] == list(result.plate.wells)
    for row, well in zip(rows, result.wells):
        assert row["t50_min"] == ("" if well.t50_min is None else f"{float(f'{well.t50_min:.6g}')}")
        assert not row["sample"].startswith("=")
        assert row["use"].startswith("Research use only")


def test_xlsx_comes_back(result: T50Result, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(tables.write_xlsx(tmp_path / "a.xlsx", result)))
    assert book.sheet_names == ["wells", "groups", "left out", "about"]
    rows = book.get_sheet_by_name("wells").to_python()
    assert len(rows) == len(result.wells) + 1
    gone = book.get_sheet_by_name("left out").to_python()
    assert ["B01", "", "bubble", "A. Analyst", "2026-01-01T10:00:00+00:00"] in gone


def test_json_is_whole_and_strict(result: T50Result, tmp_path: Path) -> None:
    body = json.loads(tables.write_json(tmp_path / "a.json", result).read_text())
    assert len(body["wells"]) == len(result.wells)
    assert body["schema"] == "fetuin.t50/1"
    assert body["exclusions"][0]["by"] == "A. Analyst"


@pytest.mark.parametrize("mode", ["absorbance", "fluorescence", "luminescence", "nephelometry", ""])
def test_asm_is_valid(result: T50Result, mode: str) -> None:
    schemas = pytest.importorskip("allotropy.allotrope.schemas")
    schemas.validate_asm_schema(allotrope.document(replace(result, plate=replace(result.plate, mode=mode))))


def test_asm_holds_curves_and_results(result: T50Result) -> None:
    body = allotrope.document(result)["plate reader aggregate document"]
    first = body["plate reader document"][0]["measurement aggregate document"]
    cube = first["measurement document"][0]["absorption profile data cube"]["data"]
    np.testing.assert_allclose(np.array(cube["dimensions"][0]) / 60, result.plate.minutes[0], atol=1e-9)
    np.testing.assert_allclose(np.array(cube["measures"][0]) / 1000, result.plate.reads[0])
    assert first["measurement time"] == "2025-12-25T10:15:00+00:00"
    named = [d["calculated data name"] for d in body["calculated data aggregate document"]["calculated data document"]]
    assert named.count("T50") == sum(w.t50_min is not None for w in result.wells)
    assert named.count("T50 exceeds") == sum(w.censored for w in result.wells)
    assert len({d["measurement aggregate document"]["measurement document"][0]["measurement identifier"]
                for d in body["plate reader document"]}) == len(result.wells)  # fmt: skip


def test_a_date_that_can_be_read_in_two_ways_is_not_guessed(result: T50Result) -> None:
    unclear = replace(result, plate=replace(result.plate, metadata={"date": "1/2/2025", "time": "10:00:00"}))
    assert allotrope._time(unclear) == allotrope.UNKNOWN


def test_fhir_is_valid_and_says_what_was_measured(result: T50Result) -> None:
    made = fhir.bundle(result, issued=datetime(2026, 1, 1, tzinfo=UTC))
    bundle = pytest.importorskip("fhir.resources.R4B.bundle")
    bundle.Bundle.model_validate(json.loads(json.dumps(made)))
    seen = {e["resource"]["component"][0]["valueString"].split()[-1]: e["resource"] for e in made["entry"]
            if e["resource"].get("component")}  # fmt: skip
    assert "A01" not in seen  # a blank has no T50
    for well in result.wells[1:]:
        one = seen[well.well]
        if well.t50_min is not None:
            assert one["valueQuantity"] == {
                "value": round(well.t50_min, 2),
                "unit": "min",
                "system": fhir.UCUM,
                "code": "min",
            }
        elif well.censored:
            assert one["valueQuantity"]["comparator"] == ">"
        else:
            assert one["dataAbsentReason"]["coding"][0]["code"] == "error"
            assert "valueQuantity" not in one
    report = made["entry"][0]["resource"]
    assert {r["reference"] for r in report["result"]} == {e["fullUrl"] for e in made["entry"][1:]}
    assert report["conclusion"].startswith("Research use only")
