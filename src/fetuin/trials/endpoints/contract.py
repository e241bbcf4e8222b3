"""What an endpoint file offers, and the `[endpoint]` table of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.words import Words

if TYPE_CHECKING:
    from fetuin.trials.estimand import Estimand
    from fetuin.trials.streams import Streams

Array = np.ndarray
WORDS = ("kind", "unit", "baseline", "follow_up", "analysis", "error", "failure", "offset")
ANALYSES = ("t_test", "change", "ancova", "mmrm", "cox")
EVENTS = "events"


@dataclass(frozen=True)
class Seen:
    """What was measured [T, n, V] and which values are only known to be above it."""

    values: Array
    censored: Array


Measure = Callable[[Array, Array, "Streams", Any], Seen]


@dataclass(frozen=True)
class Kind:
    """One kind of endpoint.

    measure(truth [T, n, V], day of measurement in the calendar [T, n, V], streams, error) -> Seen
    error   a frozen dataclass of quantities: the parts of the error of measurement, or None (events)
    reading name of the curve of a virtual patient that it measures
    """

    name: str
    unit: str
    reading: str
    error: Any
    measure: Measure | None
    limits: tuple[float, float] = (0.0, 1e6)
    words: str = ""
    offset: float = 0.0  # added before a logarithm, where zeros occur


@dataclass(frozen=True)
class Endpoint:
    """The endpoint of a study. `baseline` and `follow_up` are days whose values are averaged; `error` None: not added."""

    kind: Kind
    baseline: tuple[float, ...]
    follow_up: tuple[float, ...]
    analysis: str
    error: Any = None
    failure: float | None = None
    offset: float = 0.0

    @property
    def is_time(self) -> bool:
        """Time to an event."""
        return self.kind.name == EVENTS


@cache
def kinds() -> dict[str, Kind]:
    """{name: Kind} of the folder."""
    import fetuin.trials.endpoints as folder
    from fetuin.catalog import entries

    return entries(folder, "KIND")


def read_endpoint(study: Words, visits: tuple[float, ...], follow_up: float, estimand: Estimand) -> Endpoint:
    """The `[endpoint]` table. Units other than the canonical one are refused, not converted."""
    w = study.sub("endpoint", WORDS)
    kind = kinds()[w.choice("kind", kinds())]
    w.choice("unit", [kind.unit], kind.unit)
    analysis = w.choice("analysis", ANALYSES, "cox" if kind.name == EVENTS else "ancova")
    if (kind.name == EVENTS) != (analysis == "cox") or (analysis == "cox") != (estimand.scale == "hazard"):
        raise InputError(f"{analysis} of {kind.name} cannot give a {estimand.summary}.", where=w.at("analysis"),
                         why="events go with cox and a hazard ratio, measured values with the others",
                         fix="make endpoint.kind, endpoint.analysis and estimand.summary agree")  # fmt: skip
    error = _error(study, w, kind)
    failure, offset = (
        w.maybe("failure", *kind.limits),
        w.number("offset", 0.0, 1e4, kind.offset if estimand.scale == "log" else 0.0),
    )
    if kind.name == EVENTS:
        return Endpoint(kind, (), (follow_up,), analysis, None, failure, offset)
    base = _days(w, "baseline", visits, (visits[0],))
    late = _days(w, "follow_up", visits, (visits[-1],))
    if set(base) & set(late) or max(base) >= min(late) or min(late) <= 0:
        raise InputError("baseline and follow-up overlap.", where=w.at("follow_up"), why=f"baseline {list(base)}, follow-up {list(late)}",
                         fix="baseline days up to 0, follow-up days after them")  # fmt: skip
    if max(base) > 0:
        raise InputError(f"the baseline on day {max(base):g} is after randomisation.", where=w.at("baseline"),
                         why="treatment begins on day 0", fix="baseline days up to 0")  # fmt: skip
    return Endpoint(kind, base, late, analysis, error, failure, offset)


def _days(w: Words, name: str, visits: tuple[float, ...], default: tuple[float, ...]) -> tuple[float, ...]:
    days = w.numbers(name, -365.0, 3650.0, default)
    outside = [d for d in days if d not in visits]
    if outside:
        raise InputError(f"there is no visit on day {outside[0]:g}.", where=w.at(name), why=f"visits: {list(visits)}",
                         fix="one of the visits, or add the visit")  # fmt: skip
    return days


def _error(study: Words, w: Words, kind: Kind) -> Any:
    """Errors are added to virtual patients always, to a statistical generator only where the table is given."""
    mechanistic = (
        isinstance(study.table.get("patients"), Mapping) and study.table["patients"].get("generator") == "bank"
    )
    if "error" not in w or kind.error is None:
        if "error" in w:
            raise InputError(
                f"{kind.name} has no error of measurement.",
                where=w.at("error"),
                why="an event is seen or not",
                fix="drop it",
            )
        return kind.error if mechanistic else None
    known = {f.name: f for f in fields(kind.error)}
    part = w.sub("error", known)
    found: dict[str, Any] = {}
    for name in part.table:
        f = known[name]
        if isinstance(f.default, bool):
            found[name] = part.yes(name, f.default)
        elif isinstance(f.default, str):
            found[name] = part.choice(name, f.metadata["choices"])
        else:
            found[name] = part.number(name, *(f.metadata.get("spread") or (0.0, 1e6)))
    return type(kind.error)(**found)


def chosen(default: str, choices: tuple[str, ...], meaning: str) -> Any:
    """A dataclass field that is one of a few words."""
    return field(default=default, metadata={"choices": choices, "meaning": meaning})
