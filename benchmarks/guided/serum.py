"""Tables of sera (`fetuin serum FILE`)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import fuzz_plates
from guided.contract import Target

SEEDS = (
    b"case,Ca_tot,P_i,Mg_tot,pH\nA,2.4,1.1,0.8,7.4\nB,2.1,2.0,,7.3\n",
    b"case;Ca_tot [mg/dL];P_i [mg/dL];albumin [g/L]\nA;9,6;3,4;40\n",
)


def seeds() -> list[bytes]:
    """One with commas and one with semicolons and units."""
    return list(SEEDS)


def read(data: bytes, folder: Path) -> object:
    """The sera."""
    from fetuin.cli.serum_file import read_sera

    file = folder / "a.csv"
    file.write_bytes(data)
    return read_sera(file)


def spoil(data: bytes, draw: Random) -> bytes:
    """Lines and cells moved and replaced."""
    return fuzz_plates._text(data, draw)


TARGET = Target(
    seeds,
    read,
    ("csv",),
    ("Ca_tot", "P_i", "Mg_tot", "pH", "[mg/dL]", "[mmol/L]", "case", "albumin", "1e400", "nan", '"'),
    spoil,
)
