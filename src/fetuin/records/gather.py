"""What was read of one person, put together: once each, in the order of time and words, whatever the order in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from fetuin.records.record import Condition, Medication, Observation, Procedure, Refusal, TissueFinding, Variant

Key = Callable[[Any], tuple[Any, ...]]


def moment(t: datetime | None) -> float:
    """A time as a number that can be compared; before all others where there is none."""
    return t.timestamp() if t else float("-inf")


def _digits(x: float | None) -> float:
    """A value to nine digits, so that a change of unit does not change the order."""
    return float(f"{x:.9g}") if x is not None else 0.0


_ORDER: dict[str, tuple[type, Key]] = {
    "observations": (
        Observation,
        lambda o: (moment(o.time), o.analyte, o.value is not None, _digits(o.value), o.flag or "", o.censor or ""),
    ),
    "conditions": (Condition, lambda x: (moment(x.onset), x.text, x.code or (), x.presence)),
    "medications": (Medication, lambda x: (moment(x.start), x.text, x.inn, x.presence)),
    "procedures": (Procedure, lambda x: (moment(x.time), x.text, x.presence)),
    "tissue": (TissueFinding, lambda x: (moment(x.time), x.site, x.text, x.state, x.modality)),
    "variants": (Variant, lambda x: (x.gene, x.text, x.zygosity)),
}


@cache
def _said(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(f.name for f in fields(kind) if f.name != "source"))


def gather(found: Iterable[Any]) -> dict[str, Any]:
    """{field of Record: what belongs there}; what is said twice in the same words at the same time is said once."""
    kinds: dict[type, list[Any]] = {}
    for x in found:
        kinds.setdefault(type(x), []).append(x)
    parts: dict[str, Any] = {}
    for name, (kind, key) in _ORDER.items():
        said = _said(kind)
        once = {said(x): x for x in reversed(kinds.get(kind, ()))}
        parts[name] = tuple(sorted(once.values(), key=key))
    parts["notes"] = tuple(sorted({x for x in kinds.get(str, ()) if x}))
    parts["refusals"] = tuple(kinds.get(Refusal, ()))
    return parts
