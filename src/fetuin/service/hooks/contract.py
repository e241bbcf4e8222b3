"""What a file of this folder offers, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fetuin.diagnosis.assessment import Assessment
from fetuin.records.record import Record


@dataclass(frozen=True)
class Seen:
    """What a hook is about: the context of the call, the record of the prefetch, its assessment, and what was not sent."""

    context: Mapping[str, Any]
    record: Record
    assessment: Assessment
    absent: tuple[str, ...]  # prefetch keys that were not sent or hold only a part


@dataclass(frozen=True)
class Advice:
    """One card before it is dressed: `key` tells it from the other cards of the same call."""

    key: str
    summary: str
    detail: str
    indicator: str = "info"
    reasons: tuple[str, ...] = ("known", "wrong", "person", "irrelevant")


@dataclass(frozen=True)
class Hook:
    """A CDS Hooks service. `advise` returns every card there is reason for; an empty list says that there is none."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: Mapping[str, str]
    needed: tuple[str, ...]
    context: tuple[str, ...]
    advise: Callable[[Seen], list[Advice]]
