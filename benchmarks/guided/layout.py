"""Plate maps: which sample is in which well."""

from __future__ import annotations

from pathlib import Path
from random import Random

import fuzz_plates
from guided.contract import Target
from guided.plate import ending

LIST = b"well,sample,group,role,lot,dilution,comment\nA1,s1,g1,,L7,1,x\na02,s1,g1,sample,L7,1,\nB1,,,blank,L7,,\nC3,low,,control low,L7,1:2,\n"
GRID = b"sample\n,1,2,3\nA,s1,s1,blank\nB,low,mid,high\nlot\n,1,2,3\nA,L1,L1,L1\nB,L1,L1,L1\ndilution\n,1,2,3\nA,2,2,\nB,,,\n"


def seeds() -> list[bytes]:
    """A list, and grids with either delimiter."""
    return [LIST, GRID, GRID.replace(b",", b";")]


def read(data: bytes, folder: Path) -> object:
    """The layout."""
    from fetuin.assays.layout import read_layout

    file = folder / f"a{ending(data)}"
    file.write_bytes(data)
    return read_layout(file).csv()


def spoil(data: bytes, draw: Random) -> bytes:
    """Lines and cells moved and replaced."""
    return fuzz_plates._text(data, draw)


WORDS = (
    "well",
    "role",
    "sample",
    "control",
    "blank",
    "empty",
    "standard",
    "lot",
    "group",
    "dilution",
    "patient",
    "1:2",
    "P24",
    "A01",
    ";",
)
TARGET = Target(seeds, read, ("csv",), WORDS, spoil)
