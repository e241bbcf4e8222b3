"""Real instrument files: the known sizes, and the curves as another reader has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fetuin.assays.formats.recognition import measured, read_plates
from fetuin.errors import InputError


@pytest.fixture(scope="module")
def plates(shared: Path) -> Path:
    return shared / "data" / "plates"


def test_mars_384(plates: Path) -> None:
    """264 wells x 65 times to 48 h."""
    (plate,) = read_plates(plates / "quicR_BMG_Omega_MARS_test384.xlsx")
    assert plate.reads.shape == (264, 65)
    assert np.isfinite(plate.reads).all()
    assert plate.minutes[0, 0] == 0
    assert plate.minutes[-1, -1] == 2880
    assert plate.mode == "fluorescence"
    assert plate.metadata["content A01"] == "Sample X1"
    assert plate.reads[plate.index("A04"), 16] == 3901


def test_mars_with_calculated_rows_before_the_reads(plates: Path) -> None:
    (plate,) = read_plates(plates / "quicR_BMG_Omega_MARS_test.xlsx")
    assert plate.reads.shape == (96, 65)
    assert "calculated" in plate.metadata  # the export holds no raw data
    assert measured([plate]) == [plate]


def test_gen5_96_hours(plates: Path) -> None:
    """96 wells x 557 reads of the first filter set; the run was stopped before the last read of the others."""
    found = read_plates(plates / "gen5_synergyH1_fibrillation_96h.txt")
    assert [p.reads.shape for p in found] == [(96, 557), (96, 556), (96, 556)]
    assert found[0].minutes[0, 0] == pytest.approx(7 + 31 / 60)
    assert found[0].reads[0, 0] == 211
    assert [p.metadata["read"] for p in found] == ["Read 2:450,490", "Read 3:295,350", "Read 3:295,335"]


def test_gen5_as_allotropy_reads_it(plates: Path) -> None:
    convert = pytest.importorskip("allotropy.to_allotrope").allotrope_from_file
    from allotropy.parser_factory import Vendor

    path = plates / "gen5_kinetic_growth_curve_20pts.txt"
    (plate,) = read_plates(path)
    peer = convert(str(path), Vendor.AGILENT_GEN5)["plate reader aggregate document"]["plate reader document"]
    seen = 0
    for document in peer:
        for one in document["measurement aggregate document"]["measurement document"]:
            i = plate.index(one["sample document"]["location identifier"])
            cube = one["absorption profile data cube"]["data"]
            np.testing.assert_allclose(cube["dimensions"][0], plate.minutes[i] * 60)
            np.testing.assert_allclose(cube["measures"][0], plate.reads[i])
            seen += 1
    assert seen == len(plate) == 24


def test_softmax_with_two_wavelengths_side_by_side(plates: Path) -> None:
    (first, second) = read_plates(plates / "softmax_fl_kinetic_4pts.txt")
    assert first.wells == ("A01", "A02", "A03", "B01", "B02", "B03")
    np.testing.assert_allclose(first.reads[0], [0, 39.50988, 75.11719, 107.20739])
    np.testing.assert_allclose(second.reads[0], [0, 19.75494, 37.55859, 53.60369])
    np.testing.assert_allclose(first.minutes[0], [0, 1.5, 3, 4.5])


@pytest.mark.parametrize("name", ["bmg_mars_pherastar_384_endpoint_absorbance.csv", "tecan_magellan_endpoint.xlsx"])
def test_an_end_point_export_is_refused_with_the_remedy(plates: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_plates(plates / name)
    assert "kinetic" in caught.value.fix
    assert "row " in caught.value.where


@pytest.mark.parametrize("mode", ["clean", "asym", "full"])
def test_simulated_plates(plates: Path, mode: str) -> None:
    (plate,) = read_plates(plates / f"sim_plate_{mode}_seed11.csv.gz")
    assert plate.reads.shape == (384, 145)
    assert plate.minutes[0, -1] == 600
