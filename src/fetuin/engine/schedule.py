"""Events as data: what is held, added or given, and when; never `if t` in an equation.

A schedule is a list of periods, each a list of segments repeated some number of times (a dialysis week, repeated 52
times). Within a segment the inputs are constant; at its start, boluses are added to states. The grid follows from the
events alone. Output times are read from the dense output of the integrator and never move a step.
At the instant of an event the value *before* it is reported (a pre-dialysis sample); at time 0 the start value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError

if TYPE_CHECKING:
    from fetuin.engine.model import Model

INSTANT = 1e-9
"""Two events closer than this (in units of time) are one instant."""


@dataclass(frozen=True)
class Segment:
    """A stretch of time with constant inputs, and boluses into states at its start."""

    duration: float
    inputs: Mapping[str, float] = field(default_factory=dict)
    boluses: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """Segments in order, the whole repeated."""

    segments: tuple[Segment, ...]
    repeats: int = 1

    @property
    def duration(self) -> float:
        """Length of one repeat."""
        return sum(s.duration for s in self.segments)


@dataclass(frozen=True)
class Schedule:
    """Periods one after another."""

    periods: tuple[Period, ...]

    @property
    def duration(self) -> float:
        """Length of the whole."""
        return sum(p.duration * p.repeats for p in self.periods)

    def arrays(self, model: Model) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, int]]:
        """Per period: durations (s,), inputs (s, inputs), boluses (s, states), repeats. Unknown names are refused."""
        return [_period_arrays(period, model) for period in self.periods]

    @classmethod
    def rest(cls, duration: float, inputs: Mapping[str, float] | None = None) -> Schedule:
        """No events: the inputs held for the whole time."""
        return cls((Period((Segment(duration, dict(inputs or {})),)),))


@dataclass(frozen=True)
class Held:
    """An input is held at `value` from `start` for `duration`; again every `every` until `until`. The last one wins."""

    input: str
    value: float
    start: float = 0.0
    duration: float = math.inf
    every: float | None = None
    until: float = math.inf


@dataclass(frozen=True)
class Added:
    """`value` is added to an input from `start` for `duration` (a meal, an infusion); again every `every`."""

    input: str
    value: float
    start: float = 0.0
    duration: float = math.inf
    every: float | None = None
    until: float = math.inf


@dataclass(frozen=True)
class Bolus:
    """`amount` is added to a state at `start`; again every `every` until `until`."""

    state: str
    amount: float
    start: float = 0.0
    every: float | None = None
    until: float = math.inf
    duration: float = 0.0


@dataclass(frozen=True)
class Multiplied:
    """An input is multiplied by `value`, after what is held and added, from `start` for `duration`; again every `every`."""

    input: str
    value: float
    start: float = 0.0
    duration: float = math.inf
    every: float | None = None
    until: float = math.inf


Event = Held | Added | Multiplied | Bolus


def make_schedule(
    duration: float,
    events: Iterable[Event] = (),
    inputs: Mapping[str, float] | None = None,
    period: float = 7.0,
) -> Schedule:
    """A schedule of `duration` from events. Equal neighbouring periods are folded into one, repeated.

    `inputs` are held throughout unless an event says otherwise. `period` is the length that repeats (a week).
    """
    events = tuple(events)
    for event in events:
        _refuse_impossible(event)
    if not (math.isfinite(duration) and duration > 0):
        raise InputError(f"a schedule cannot last {duration}.", fix="give a positive number of days")
    count = max(1, math.ceil(duration / period - INSTANT))
    if not events:
        return Schedule.rest(duration, inputs)
    cycles: list[tuple[Segment, ...]] = []
    same = _same_as_before(events, period, duration, count)
    mine = _by_cycle(events, period, count)
    for k in range(count):
        begin, end = k * period, min((k + 1) * period, duration)
        cycles.append(cycles[-1] if same[k] else _cycle(begin, end, tuple(mine[k]), dict(inputs or {})))
    folded = [Period(segments, len(list(same))) for segments, same in groupby(cycles)]
    return Schedule(tuple(folded))


def _by_cycle(events: tuple[Event, ...], period: float, count: int) -> list[list[Event]]:
    """The events that may touch each cycle, in their order, so that a long list of short events stays cheap."""
    found: list[list[Event]] = [[] for _ in range(count)]
    for event in events:
        end = event.until if event.every is not None else event.start + event.duration
        first = max(0, math.floor(event.start / period) - 1)
        last = count - 1 if not math.isfinite(end) else min(count - 1, math.ceil(end / period) + 1)
        for k in range(first, last + 1):
            found[k].append(event)
    return found


def _same_as_before(events: tuple[Event, ...], period: float, duration: float, count: int) -> list[bool]:
    """Which cycles must equal the one before, because nothing begins or ends for good near them."""
    if any(e.every and abs(period / e.every - round(period / e.every)) > INSTANT for e in events):
        return [False] * count
    turns = {e.start for e in events} | {e.until for e in events}
    turns |= {e.start + e.duration for e in events if e.every is None}
    tail = max((e.duration for e in events if e.every is not None), default=0.0)
    turns |= {t + tail for t in turns}
    turning = {k + j for t in turns if math.isfinite(t) for k in [math.floor(t / period)] for j in (-1, 0, 1, 2)}
    whole = math.floor(duration / period + INSTANT)
    return [0 < k < whole and k not in turning for k in range(count)]


def _refuse_impossible(event: Event) -> None:
    amount = event.amount if isinstance(event, Bolus) else event.value
    numbers_ok = math.isfinite(amount) and math.isfinite(event.start) and event.start >= 0 and event.duration >= 0
    if not numbers_ok or (event.every is not None and not event.every > 0):
        raise InputError(f"an impossible event: {event}.", fix="times from 0 on, finite amounts, `every` above 0")
    if event.every is not None and event.duration > event.every + INSTANT:
        raise InputError(f"an event that begins again before it ends: {event}.", fix="make `duration` <= `every`")


def _occurrences(event: Event, begin: float, end: float) -> list[tuple[float, float]]:
    """(from, to) of an event's occurrences that touch [begin, end)."""
    if event.every is None:
        starts: Sequence[float] = [event.start]
    else:
        first = max(0, math.floor((begin - event.start - event.duration) / event.every))
        last = math.ceil((min(end, event.until) - event.start) / event.every)
        starts = [event.start + k * event.every for k in range(first, last + 1)]
    spans = [(s, min(s + event.duration, event.until) if event.duration else s) for s in starts if s < event.until]
    return [(s, e) for s, e in spans if s < end - INSTANT and (e > begin + INSTANT or s > begin - INSTANT)]


def _cycle(begin: float, end: float, events: tuple[Event, ...], inputs: dict[str, float]) -> tuple[Segment, ...]:
    """The segments between `begin` and `end`, with times counted from `begin` so that equal cycles compare equal."""
    happening = [
        (event, round((s - begin) / INSTANT) * INSTANT, round(min(e - begin, end - begin) / INSTANT) * INSTANT)
        for event in events
        for s, e in _occurrences(event, begin, end)
    ]
    length = end - begin
    edges = {0.0, length} | {t for _, s, e in happening for t in (s, e) if INSTANT < t < length - INSTANT}
    ordered = sorted(edges)
    cuts = [ordered[0], *(b for a, b in pairwise(ordered) if b - a > INSTANT)]
    return tuple(_segment(a, b, happening, inputs) for a, b in pairwise(cuts))


def _segment(a: float, b: float, happening: list[tuple[Event, float, float]], inputs: dict[str, float]) -> Segment:
    held, added, boluses = dict(inputs), {}, {}  # type: dict[str, float], dict[str, float], dict[str, float]
    folds: dict[str, float] = {}
    for event, s, e in happening:
        if isinstance(event, Bolus):
            if abs(s - a) <= INSTANT:
                boluses[event.state] = boluses.get(event.state, 0.0) + event.amount
        elif s <= a + INSTANT and e >= b - INSTANT:
            if isinstance(event, Held):
                held[event.input] = event.value
            elif isinstance(event, Multiplied):
                folds[event.input] = folds.get(event.input, 1.0) * event.value
            else:
                added[event.input] = added.get(event.input, 0.0) + event.value
    for name, value in added.items():
        held[name] = held.get(name, 0.0) + value
    for name, value in folds.items():
        held[name] = held.get(name, 1.0) * value
    return Segment(round((b - a) / INSTANT) * INSTANT, held, boluses)


def _period_arrays(period: Period, model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    count = len(period.segments)
    inputs = np.tile(np.array(list(model.inputs.values()), float), (count, 1))
    boluses = np.zeros((count, len(model.states)))
    for row, segment in enumerate(period.segments):
        _fill(inputs[row], segment.inputs, model.input_names, "input", model.name)
        _fill(boluses[row], segment.boluses, model.state_names, "state", model.name)
    return np.array([s.duration for s in period.segments], float), inputs, boluses, period.repeats


def _fill(row: np.ndarray, values: Mapping[str, float], names: tuple[str, ...], kind: str, model: str) -> None:
    for name, value in values.items():
        if name not in names:
            raise InputError(f"a schedule names the {kind} '{name}', which model {model} has not.",
                             fix=f"one of {', '.join(names)}")  # fmt: skip
        row[names.index(name)] = value
