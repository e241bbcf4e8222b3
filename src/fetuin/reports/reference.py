"""Names and reference intervals of analytes for pages: the laboratory's own interval first, then the analyte's entry."""

from __future__ import annotations

from collections.abc import Callable

from fetuin.records.record import Observation, Record


def name_of_analyte(key: str) -> str:
    """The words for an analyte's key."""
    return key.replace("_", " ")


def interval_of(record: Record) -> Callable[[Observation], tuple[float | None, float | None]]:
    """A function that gives the reference interval of one observation for this person, in its canonical unit."""

    def interval(o: Observation) -> tuple[float | None, float | None]:
        return o.low, o.high

    return interval
