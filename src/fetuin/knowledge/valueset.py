"""Code lists: one CSV each in `valuesets/`, its source in the first column."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `valuesets/<name>.csv`, each as {column: text}."""
    text = files("fetuin.knowledge").joinpath("valuesets", f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def column(name: str, key: str, value: str) -> dict[str, str]:
    """{row[key]: row[value]} of one code list."""
    return {r[key]: r[value] for r in rows(name)}
