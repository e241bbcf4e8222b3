"""What a target of the coverage-guided campaign offers: files to begin with, the parser, and how a file is spoiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """One parser of bytes from outside.

    seeds       good files, each as bytes
    read        reads one input; may write it into the folder first. What it returns is not looked at.
    libraries   packages beside fetuin whose branches guide the search
    words       pieces of the language: the search puts them in (a dictionary of libFuzzer)
    mutate      a mutation that knows the structure, used beside libFuzzer's own
    limited     True where the product calls the parser in a child with limited memory, so that MemoryError is handled there
    """

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes, Path], object]
    libraries: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    mutate: Callable[[bytes, Random], bytes] | None = None
    limited: bool = False


def of(folder: str, *endings: str) -> list[bytes]:
    """The files of a folder of the checkout with these endings."""
    return [p.read_bytes() for p in sorted((ROOT / folder).iterdir()) if p.name.endswith(endings)]
