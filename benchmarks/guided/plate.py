"""Plate-reader files of every format: text, gzip, workbook by their first bytes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import fuzz_plates
from guided.contract import Target


def seeds() -> list[bytes]:
    """The samples of the tests."""
    return [p.read_bytes() for p in fuzz_plates.seeds()]


def ending(data: bytes) -> str:
    """The ending that the bytes ask for."""
    return ".xlsx" if data[:2] == b"PK" else ".csv.gz" if data[:2] == b"\x1f\x8b" else ".csv"


def read(data: bytes, folder: Path) -> object:
    """Every plate of the file."""
    from fetuin.assays.formats.recognition import read_plates

    file = folder / f"a{ending(data)}"
    file.write_bytes(data)
    return read_plates(file)


def spoil(data: bytes, draw: Random) -> bytes:
    """Lines and cells moved and replaced, in the sheet of a workbook too."""
    return fuzz_plates._cells(data, draw) if data[:2] == b"PK" else fuzz_plates._text(data, draw)


WORDS = ("##BLOCKS= 1", "Plate:", "PlateFormat", "TimeFormat", "Kinetic", "~End", "well", "time_min", "value", "read_offset_min", "User:",
         "Test name:", "Cycle 1", "Raw Data", "Time [s]", "Cycle Nr.", "SkanIt", "Software Version", "OVRFLW", "00:04:30", "0 h 4 min",
         "A1", "P24", "sample", "Temp. [°C]", "Well Row", "Content")  # fmt: skip
TARGET = Target(seeds, read, ("csv", "zipfile", "python_calamine"), WORDS, spoil)
