"""The sourced quantities of the reasoning: `quantities.jsonl`, one a line, each with citation, tier and what was read.

Tier A: cohort, case-control or method study; B: review, guideline, textbook, single case series; C: secondary page, to be
replaced by a primary source; D: from memory. A number that no text gives is not here: it says `elicited` where it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fetuin.knowledge.source import UnknownSourceError

ELICITED = "elicited"


@dataclass(frozen=True)
class Cited:
    """One sourced quantity. `value` is a number or a small object as in the source; `note` says how far it was read."""

    id: str
    use: str
    quantity: str
    value: Any
    population: str
    source: str
    url: str
    tier: str
    note: str

    def text(self) -> str:
        """The citation in one line."""
        return f"{self.source} ({self.id}, tier {self.tier})"


@cache
def cited() -> dict[str, Cited]:
    """{id: Cited} of every sourced quantity that ships."""
    lines = files("fetuin.knowledge").joinpath("quantities.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    names = ("id", "use", "quantity", "value", "population", "source", "url", "tier", "note")
    text = dict.fromkeys(names, "")
    return {r["id"]: Cited(**{n: r.get(n) if r.get(n) is not None else text[n] for n in names}) for r in rows}


def sources(value: str | list[str], where: str) -> tuple[str, ...]:
    """The ids behind a number, or ("elicited",) or an assumption; UnknownSourceError for an id that is not there."""
    ids = (value,) if isinstance(value, str) else tuple(value)
    for i in ids:
        if not (i.startswith((ELICITED, "assumption")) or i in cited()):
            fix = "give an id of knowledge/quantities.jsonl, 'elicited' or 'assumption: why'"
            raise UnknownSourceError(f"{i!r} is not a known source.", where=where, fix=fix)
    if not ids:
        raise UnknownSourceError("A number has no source.", where=where, fix="write source = 'elicited' or an id")
    return ids


def elicited(ids: tuple[str, ...]) -> bool:
    """True where no text was read that gives the number."""
    return all(i.startswith((ELICITED, "assumption")) for i in ids)
