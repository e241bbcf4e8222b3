"""What a cohort source offers: how it is recognised, and how it becomes the facts table that every verb reads.

The facts table has one row a fact with the columns of tidy CSV (`docs/reference/record-formats.md`), all text but `value`,
`low`, `high`, which may be numbers. A source yields the SQL of a relation with some of these columns; missing ones are empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXT = ("id", "kind", "name", "unit", "time", "flag", "code_system", "code", "presence", "site", "state", "modality")
NUMBER = ("value", "low", "high")


@dataclass(frozen=True)
class Source:
    """One kind of input. `relation(con, path, scratch)` returns SQL to select from; it may write to `scratch`."""

    name: str
    title: str
    recognises: Callable[[Path], bool]
    relation: Callable[[Any, Path, Path], str]


def quoted(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
