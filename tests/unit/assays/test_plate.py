"""A plate holds what the reader left, and refuses what cannot be a plate."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays.plate import Plate, row_column, well_name
from fetuin.errors import InputError


def plate(wells=("A1", "b02"), minutes=None, reads=None, overflow=None, **more):
    minutes = np.array([[0.0, 3.0, 6.0], [0.1, 3.1, 6.1]]) if minutes is None else minutes
    reads = np.ones((2, 3)) if reads is None else reads
    overflow = np.zeros((2, 3), bool) if overflow is None else overflow
    return Plate(wells, minutes, reads, overflow, **more)


def test_wells_are_padded_and_found_under_either_name():
    p = plate()
    assert p.wells == ("A01", "B02")
    assert p.index("b2") == p.index("B02") == 1


@pytest.mark.parametrize(("text", "name"), [("a1", "A01"), ("P24", "P24"), (" h012 ", "H12"), ("AF48", "AF48")])
def test_well_names(text, name):
    assert well_name(text) == name


@pytest.mark.parametrize("text", ["", "A", "A0", "1A", "Z99", "AG1", "A1B", "A49"])
def test_what_is_not_a_well_is_refused(text):
    with pytest.raises(InputError, match="not the name of a well"):
        well_name(text)


def test_rows_after_z():
    assert row_column("AA01") == (26, 0)
    assert row_column("B03") == (1, 2)


def test_border_of_a_384_plate():
    wells = ("A05", "C12", "P24", "D24", "D23")
    p = Plate(wells, np.tile([0.0, 1.0], (5, 1)), np.ones((5, 2)), np.zeros((5, 2), bool))
    assert p.shape == (16, 24)
    assert p.border.tolist() == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"wells": ("A1", "A01")}, "more than once"),
        ({"wells": ("A1",)}, "names 1 wells but has 2 rows"),
        ({"minutes": np.array([[0.0, 3.0, 2.0], [0.0, 1.0, 2.0]])}, "does not increase in well A01 at 2 min"),
        ({"minutes": np.array([[0.0, 3.0, np.nan], [0.0, 1.0, 2.0]])}, "read without a time"),
        ({"reads": np.array([[1.0, np.inf, 1.0], [1.0, 1.0, 1.0]])}, "infinite"),
        ({"overflow": np.zeros((2, 2), bool)}, "do not fit"),
    ],
)
def test_what_cannot_be_a_plate_is_refused_by_name(change, message):
    with pytest.raises(InputError, match=message):
        plate(**change)


def test_a_plate_cannot_be_changed_in_place():
    with pytest.raises(ValueError):
        plate().reads[0, 0] = 5.0


def test_leaving_wells_out():
    assert plate().without({"a1"}).wells == ("B02",)
