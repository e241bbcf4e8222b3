"""Every sample in tests/data/plates holds the same run in another dialect: it must come back to the digit."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from fetuin.assays.formats.document import open_document
from fetuin.assays.formats.recognition import measured, read_plates, recognise

DATA = Path(__file__).parents[3] / "data" / "plates"
EXPECTED = {  # sample: (format, plates in the file, mode)
    "bmg_all_cycles.csv": ("bmg_mars", 2, "nephelometry"),
    "bmg_all_cycles.xlsx": ("bmg_mars", 2, "nephelometry"),
    "bmg_table.txt": ("bmg_mars", 1, ""),
    "bmg_table_de.csv": ("bmg_mars", 1, "nephelometry"),
    "bmg_cycles.xlsx": ("bmg_mars", 1, "nephelometry"),
    "gen5_two_plates.txt": ("gen5", 2, "absorbance"),
    "gen5_columns.txt": ("gen5", 1, "absorbance"),
    "gen5_kinetic.xlsx": ("gen5", 1, "absorbance"),
    "softmax_time_utf16.txt": ("softmax", 1, "absorbance"),
    "softmax_plate_de.txt": ("softmax", 1, "absorbance"),
    "tecan_icontrol.xlsx": ("tecan", 1, "absorbance"),
    "tecan_icontrol_bom.csv": ("tecan", 1, "absorbance"),
    "tecan_wells_de.xlsx": ("tecan", 1, "absorbance"),
    "tecan_spark.csv": ("tecan", 1, "absorbance"),
    "magellan_stamped.xlsx": ("magellan", 1, ""),
    "magellan_elapsed.txt": ("magellan", 1, ""),
    "skanit_readings.xlsx": ("skanit", 1, "absorbance"),
    "skanit_list.xlsx": ("skanit", 1, "absorbance"),
    "tidy.xlsx": ("tidy_csv", 1, ""),
    "tidy_shuffled_de.csv": ("tidy_csv", 1, "nephelometry"),
    "wide.csv.gz": ("wide_csv", 1, ""),
    "wide.xlsx": ("wide_csv", 1, ""),
    "wide_offsets.csv": ("wide_csv", 1, ""),
}


def truth() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(minutes, {well: reads, NaN where missing or over range})."""
    rows = list(csv.reader((DATA / "truth.csv").open()))
    reads = {r[0]: np.array([float(c) if c and c != "OVER" else np.nan for c in r[1:]]) for r in rows[1:]}
    return np.array(rows[0][1:], dtype=float), reads


def test_every_sample_is_expected() -> None:
    there = {p.name for p in DATA.iterdir() if p.suffix in (".csv", ".txt", ".xlsx", ".gz")} - {"truth.csv"}
    assert there == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_comes_back_to_the_digit(name: str) -> None:
    known, count, mode = EXPECTED[name]
    assert recognise(open_document(DATA / name))[0] == known
    plates = read_plates(DATA / name)
    assert len(plates) == count
    minutes, reads = truth()
    for plate in measured(plates):
        assert set(plate.wells) == set(reads)
        assert plate.mode == mode
        assert plate.source == name
        for well in reads:
            i = plate.index(well)
            shift = 0.25 * sorted(reads).index(well) if name == "wide_offsets.csv" else 0.0
            known_time = ~np.isnan(plate.minutes[i])
            np.testing.assert_allclose(plate.minutes[i][known_time], (minutes + shift)[known_time], atol=1e-9)
            np.testing.assert_array_equal(plate.reads[i], reads[well])
            assert list(plate.overflow[i]) == [well == "B03" and k == 5 for k in range(6)]


def test_calculated_reads_are_kept_and_marked() -> None:
    plates = read_plates(DATA / "bmg_all_cycles.csv")
    assert [p.metadata.get("calculated", "") for p in plates] == ["", "Blank corrected based on Raw Data (635)"]
    assert [p.metadata["read"] for p in measured(plates)] == ["Raw Data (635)"]


def test_contents_and_header_are_kept_without_names_of_people() -> None:
    plate = read_plates(DATA / "bmg_all_cycles.csv")[0]
    assert plate.metadata["content A03"] == "control low"
    assert plate.name == "plate 7"
    assert plate.unit == "RNU"
    assert not any("USER" in v or "C:\\" in v for v in plate.metadata.values())
    assert read_plates(DATA / "bmg_table_de.csv")[0].metadata["content A01"] == "Plättchen 1"


def test_two_plates_in_a_gen5_file_keep_their_names_and_layouts() -> None:
    first, second = read_plates(DATA / "gen5_two_plates.txt")
    assert (first.name, second.name) == ("Plate 1", "Plate 2")
    assert second.metadata["content B03"] == "blank"
    assert first.minutes[0, -1] == 22.5
