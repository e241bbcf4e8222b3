"""Names and reference intervals of analytes for pages: the laboratory's own interval first, then the analyte's entry."""

from __future__ import annotations

from collections.abc import Callable

from fetuin.knowledge.analyte import analytes
from fetuin.records.record import Observation, Record

Interval = tuple[float | None, float | None]


def name_of_analyte(key: str) -> str:
    """The words for an analyte's key."""
    entry = analytes().get(key)
    return entry.name if entry else key.replace("_", " ")


def interval_of(record: Record) -> Callable[[Observation], Interval]:
    """A function that gives the reference interval of one observation for this person, in its canonical unit."""

    def interval(o: Observation) -> Interval:
        entry = analytes().get(o.analyte)
        if o.low is not None or o.high is not None or entry is None:
            return o.low, o.high
        found = entry.interval(record.age, record.sex)
        return (found.low, found.high) if found else (None, None)

    return interval
