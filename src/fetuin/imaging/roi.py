"""Where to look: circles drawn on slices, or a mask from a file, as a boolean array on the grid of a volume."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError
from fetuin.imaging.volume import Volume

FORM = re.compile(r"^\s*([-\d.]+)\s*,\s*([-\d.]+)\s*,\s*([\d.]+)\s*,\s*(\d+)\s*-\s*(\d+)\s*$")


@dataclass(frozen=True)
class Circle:
    """A disc of `radius` mm about (row, column) in pixels, counted from 0, on slices `first` to `last` (ascending)."""

    row: float
    column: float
    radius: float
    first: int
    last: int


def parse(text: str) -> Circle:
    """`row,column,radius_mm,first-last` as a circle."""
    found = FORM.match(text)
    if not found:
        raise InputError(
            "not a region",
            where=f"--roi {text!r}",
            why='the form is "row,column,radius_mm,first-last"',
            fix='for example --roi "220,180,6,20-24"',
        )
    row, column, radius, first, last = found.groups()
    if float(radius) <= 0 or int(last) < int(first):
        raise InputError(
            "an empty region",
            where=f"--roi {text!r}",
            why="radius must be positive and first <= last",
            fix="correct the numbers",
        )
    return Circle(float(row), float(column), float(radius), int(first), int(last))


def disc(volume: Volume, circle: Circle) -> np.ndarray:
    """The pixels whose centre lies in the circle, on its slices."""
    slices, rows, columns = volume.values.shape
    if circle.last >= slices or not (0 <= circle.row < rows and 0 <= circle.column < columns):
        raise InputError(
            "the region lies outside the scan",
            where=f"roi {circle.row:g},{circle.column:g} slices {circle.first}-{circle.last}",
            why=f"the scan has {slices} slices of {rows} x {columns}",
            fix="count slices from 0 in ascending position",
        )
    _, dy, dx = volume.spacing
    r, c = np.ogrid[:rows, :columns]
    out = np.zeros(volume.values.shape, bool)
    out[circle.first : circle.last + 1] = ((r - circle.row) * dy) ** 2 + (
        (c - circle.column) * dx
    ) ** 2 <= circle.radius**2
    return out
