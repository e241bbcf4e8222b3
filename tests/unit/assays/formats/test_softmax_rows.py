"""The first row that a SoftMax file names must be a row of a plate."""

from __future__ import annotations

from pathlib import Path

import pytest

from fetuin.assays.formats.recognition import read_plates
from fetuin.errors import InputError

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "plates" / "softmax_plate_de.txt"


@pytest.mark.parametrize(
    ("first", "place"), [("96", "row 2, column 20 (T)"), ("-3", "row 2, column 20 (T)"), ("16", "row 4, column 1 (A)")]
)
def test_a_row_that_no_plate_has(first: str, place: str, tmp_path: Path) -> None:
    raw = SAMPLE.read_bytes()
    file = tmp_path / "plate.txt"
    file.write_bytes(raw.replace(b"\t96\t1\t2", f"\t96\t{first}\t2".encode(), 1))
    assert file.read_bytes() != raw
    with pytest.raises(InputError, match="row") as caught:
        read_plates(file)
    assert caught.value.where == f"plate.txt, {place}"
