"""What a word of a scenario, a person or an outcome may hold: a table, tables, a number. Anything else is refused."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fetuin.errors import InputError


def table(entry: Any, where: str) -> Mapping[str, Any]:
    """A table; nothing is an empty one. InputError for anything else."""
    if entry is None:
        return {}
    if not isinstance(entry, Mapping):
        raise InputError(f"{_shown(entry)} is no table.", where=where, fix="write { word = value, ... }")
    return entry


def tables(entry: Any, where: str) -> list[Mapping[str, Any]]:
    """One table or a list of tables, as a list. InputError for anything else."""
    return [table(e, where) for e in entry] if isinstance(entry, list) else [table(entry, where)] if entry else []


def known(entry: Mapping[str, Any], words: set[str], where: str) -> None:
    """Refuse unknown words, and what is no table."""
    if unknown := sorted(set(table(entry, where)) - words):
        raise InputError(f"unknown word {unknown[0]!r}.", where=where, fix=f"one of: {', '.join(sorted(words))}")


def number(entry: Any, where: str) -> float:
    """A finite number without a unit. InputError for anything else."""
    if isinstance(entry, bool) or not isinstance(entry, int | float) or not abs(entry) < math.inf:
        raise InputError(f"{_shown(entry)} is no number.", where=where, fix="a number without a unit")
    try:
        return float(entry)
    except OverflowError:  # an integer of hundreds of digits
        raise InputError("the number is too large.", where=where, fix="a smaller number") from None


def _shown(entry: Any) -> str:
    text = repr(entry)
    return text if len(text) <= 60 else text[:57] + "..."
