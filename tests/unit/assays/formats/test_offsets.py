"""A read offset that would put two reads of a well at one time is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from fetuin.assays.formats.recognition import read_plates
from fetuin.errors import InputError

WIDE = "well,read_offset_min,{first},{second}\nA1,0.5,4000,4100\nA2,{offset},4000,4100\n"
TIDY = "well,time_min,read_offset_min,value\nA1,0,0.5,4000\nA1,1,0.5,4100\nA2,0,{offset},4000\nA2,1,{offset},4100\n"


@pytest.mark.parametrize(("text", "place"), [(WIDE, "row 3, column 2 (B)"), (TIDY, "row 4, column 3 (C)")])
def test_an_offset_longer_than_any_run(text: str, place: str, tmp_path: Path) -> None:
    file = tmp_path / "plate.csv"
    file.write_text(text.format(first=0, second=4.5, offset="99999999999999999999"))
    with pytest.raises(InputError, match="read offset") as caught:
        read_plates(file)
    assert caught.value.where == f"plate.csv, {place}"


def test_an_offset_beside_which_two_times_are_one(tmp_path: Path) -> None:
    file = tmp_path / "plate.csv"
    file.write_text(WIDE.format(first="0.000000001", second="0.000000002", offset="9000000"))
    with pytest.raises(InputError, match="still differ") as caught:
        read_plates(file)
    assert caught.value.where == "plate.csv, row 3, column 2 (B)"
