"""A plate as the reader left it: wells, the minute at which each well was read, and the reads. Nothing interpreted.

Every format file makes a `Plate`, every analysis starts from one. Well names are padded ("A01", "P24", "AF48");
`well_name` accepts "a1" and "A01" alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from fetuin.errors import InputError

FORMATS = {6: (2, 3), 12: (3, 4), 24: (4, 6), 48: (6, 8), 96: (8, 12), 384: (16, 24), 1536: (32, 48)}
_WELL = re.compile(r"\s*([A-Za-z]|[Aa][A-Fa-f])0*([1-9]\d?)\s*")


def well_name(text: str) -> str:
    """The padded name of a well: "a1" -> "A01". Raises InputError where the text names no well of any plate."""
    match = _WELL.fullmatch(text)
    if not match or int(match[2]) > 48:
        raise InputError(
            f"'{text}' is not the name of a well.", where="well", why="expected a row A to AF and a column 1 to 48",
            fix="write it as A1 or A01", code="FET-I031",
        )  # fmt: skip
    return f"{match[1].upper()}{int(match[2]):02d}"


def row_column(well: str) -> tuple[int, int]:
    """Row and column of a well, both from 0: "B03" -> (1, 2)."""
    name = well_name(well)
    letters = name[:-2]
    row = ord(letters) - 65 if len(letters) == 1 else 26 + ord(letters[1]) - 65
    return row, int(name[-2:]) - 1


@dataclass(frozen=True)
class Plate:
    """One plate of kinetic reads.

    wells     padded well names, n_wells, each once
    minutes   (n_wells, n_points) the time of each read [min], the read offset of the well included; increasing
    reads     (n_wells, n_points) what the reader printed, in `unit`; NaN where a read is missing
    overflow  (n_wells, n_points) True where the detector was over its range (the read may be NaN or the ceiling)
    mode      "nephelometry", "absorbance", "fluorescence", ... ; "" where the file does not say
    unit      "RNU", "OD", "RFU", ... ; "" where the file does not say
    name      the plate's name or barcode; source: the file it was read from
    metadata  what else the file said, as text

    Raises InputError where shapes differ, a well stands twice, or time runs backwards.
    """

    wells: tuple[str, ...]
    minutes: np.ndarray
    reads: np.ndarray
    overflow: np.ndarray
    mode: str = ""
    unit: str = ""
    name: str = ""
    source: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wells", tuple(well_name(w) for w in self.wells))
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))
        for name, kind in (("minutes", float), ("reads", float), ("overflow", bool)):
            array = np.ascontiguousarray(getattr(self, name), dtype=kind)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        _check(self)

    def __len__(self) -> int:
        return len(self.wells)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the smallest standard plate that holds every well."""
        places = [row_column(w) for w in self.wells]
        rows, columns = max(r for r, _ in places) + 1, max(c for _, c in places) + 1
        return next(s for s in FORMATS.values() if s[0] >= rows and s[1] >= columns)

    @property
    def border(self) -> np.ndarray:
        """(n_wells,) True for wells in the outermost rows and columns of the plate."""
        rows, columns = self.shape
        places = [row_column(w) for w in self.wells]
        return np.array([r in (0, rows - 1) or c in (0, columns - 1) for r, c in places])

    def index(self, well: str) -> int:
        """The row of the arrays that belongs to a well; InputError where the plate has no such well."""
        name = well_name(well)
        if name not in self.wells:
            raise InputError(f"Well {name} is not on the plate.", where=self.source or self.name, code="FET-I032")
        return self.wells.index(name)

    def without(self, wells: set[str]) -> Plate:
        """The plate without some wells; what was left out is the caller's to record."""
        gone = {well_name(w) for w in wells}
        keep = [i for i, w in enumerate(self.wells) if w not in gone]
        return replace(
            self, wells=tuple(self.wells[i] for i in keep), minutes=self.minutes[keep], reads=self.reads[keep],
            overflow=self.overflow[keep],
        )  # fmt: skip


def _refuse(plate: Plate, what: str, why: str, fix: str = "") -> None:
    raise InputError(what, where=plate.source or plate.name or "plate", why=why, fix=fix, code="FET-I030")


def _check(plate: Plate) -> None:
    n = len(plate.wells)
    if n == 0:
        _refuse(plate, "The plate has no wells.", "a plate needs at least one well with reads")
    if plate.reads.ndim != 2 or not plate.reads.shape == plate.minutes.shape == plate.overflow.shape:
        shapes = [a.shape for a in (plate.minutes, plate.reads, plate.overflow)]
        _refuse(plate, "The arrays of the plate do not fit each other.", f"minutes, reads, overflow: {shapes}")
    if plate.reads.shape[0] != n:
        _refuse(plate, f"The plate names {n} wells but has {plate.reads.shape[0]} rows of reads.", "one row a well")
    if len(set(plate.wells)) < n:
        twice = sorted({w for w in plate.wells if plate.wells.count(w) > 1})
        _refuse(plate, f"Well {', '.join(twice)} stands more than once.", "each well has one row of reads")
    if np.isinf(plate.reads).any() or np.isinf(plate.minutes).any():
        _refuse(plate, "A read or a time is infinite.", "mark an overflow in `overflow`, a missing read as NaN")
    _check_time(plate)


def _check_time(plate: Plate) -> None:
    used = np.isfinite(plate.reads) | plate.overflow
    if (used & np.isnan(plate.minutes)).any():
        well = plate.wells[int(np.argmax((used & np.isnan(plate.minutes)).any(axis=1)))]
        _refuse(plate, f"Well {well} has a read without a time.", "every read needs its minute")
    for well, times in zip(plate.wells, plate.minutes):
        known = times[~np.isnan(times)]
        if (np.diff(known) <= 0).any():
            at = known[1:][np.diff(known) <= 0][0]
            _refuse(plate, f"Time does not increase in well {well} at {at:g} min.", "reads stand in the order of time")
