"""What a file of this folder offers: when it speaks, its summary, its source. A rule warns or suggests; it never orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fetuin.diagnosis.evidence import readings
from fetuin.service.hooks.contract import Seen


@dataclass(frozen=True)
class Order:
    """A draft order in a few words: its codes, its text, its routes and sites in words."""

    reference: str
    kind: str
    codes: frozenset[tuple[str, str]]
    text: str
    route: str

    @classmethod
    def of(cls, resource: Mapping[str, Any]) -> Order:
        """From a ServiceRequest, MedicationRequest or other order."""
        about = [resource.get(k) for k in ("code", "medicationCodeableConcept", "orderDetail", "bodySite", "category")]
        codings = list(_codings(about))
        texts = [str(c.get("text", "")) for c in _concepts(about)] + [str(c.get("display", "")) for c in codings]
        dosing = [d for d in _all(resource.get("dosageInstruction")) if isinstance(d, Mapping)]
        where = [d.get(k) for d in dosing for k in ("route", "site", "method")]
        ways = [str(c.get("text", "")) for c in _concepts(where)] + [str(c.get("display", "")) for c in _codings(where)]
        ways += [str(d.get("text", "")) for d in dosing]
        return cls(
            f"{resource.get('resourceType')}/{resource.get('id')}", str(resource.get("resourceType")),
            frozenset((str(c.get("system", "")), str(c.get("code", ""))) for c in codings), " ".join(texts).lower(),
            " ".join(ways).lower(),
        )  # fmt: skip

    def says(self, pattern: str) -> bool:
        """Whether the words of the order match."""
        return re.search(pattern, f"{self.text} {self.route}") is not None


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _concepts(values: list[Any]) -> list[Mapping[str, Any]]:
    return [c for v in values for c in _all(v) if isinstance(c, Mapping)]


def _codings(values: list[Any]) -> list[Mapping[str, Any]]:
    return [g for c in _concepts(values) for g in _all(c.get("coding")) if isinstance(g, Mapping)]


@dataclass(frozen=True)
class Words:
    """What a rule says, and the data of this record that it rests on."""

    text: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """`speaks(order, seen)` returns Words, or None where it has nothing to say."""

    summary: str
    source: str
    speaks: Callable[[Order, Seen], Words | None]


def state(seen: Seen, finding: str) -> tuple[str, str]:
    """(state, datum) of a finding in the record, or ("", "")."""
    return next(((r.state, r.datum) for r in readings(seen.record) if r.finding == finding), ("", ""))
