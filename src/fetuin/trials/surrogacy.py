"""T50 and CAC are surrogates, and unproven ones: the caution that every result prints, and what was published against them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fetuin.catalog import documents

CAUTION = (
    "T50 and CAC are surrogates that no trial has validated: a treatment that moves them is not thereby shown to prevent events. "
    "Published results contradict each other; they stand beside this one."
)


@dataclass(frozen=True)
class Finding:
    """One published finding on surrogacy: does it speak for, against, or is it open."""

    name: str
    says: str
    speaks: str
    source: str


@cache
def findings() -> tuple[Finding, ...]:
    """The published findings, those against first."""
    table = documents("fetuin.trials", "published_surrogacy")["findings"]
    listed = [Finding(**f) for f in table["finding"]]
    return tuple(sorted(listed, key=lambda f: ("against", "open", "for").index(f.speaks)))
