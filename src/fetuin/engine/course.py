"""Schedules of many people as flat arrays, each schedule once, in the form the integrator walks through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fetuin.engine.model import Model
from fetuin.engine.schedule import INSTANT, Schedule
from fetuin.errors import UsageError


class Course(NamedTuple):
    """Schedules of all people. Segments and periods stand one after another; a person points at a run of periods."""

    durations: np.ndarray
    offsets: np.ndarray
    """(segments,) begin of each within its period"""
    inputs: np.ndarray
    boluses: np.ndarray
    lengths: np.ndarray
    """(periods,) duration of one repeat; `begins` of the first; `first` segment; `many` segments; `repeats`"""
    begins: np.ndarray
    first: np.ndarray
    many: np.ndarray
    repeats: np.ndarray
    mine: np.ndarray
    """(people, 2): first period of a person and how many"""


def course_of(model: Model, schedules: Sequence[Schedule], people: int, times: np.ndarray) -> tuple[Course, np.ndarray]:
    """The schedules as flat arrays (each once), and the inputs in force at each output time (people, times, inputs)."""
    if len(schedules) not in (1, people):
        raise UsageError(f"{len(schedules)} schedules for {people} people.", fix="one for all or one for each")
    distinct = {id(s): s for s in schedules}
    periods = {key: s.arrays(model) for key, s in distinct.items()}
    flat = [period for own in periods.values() for period in own]
    durations, inputs, boluses = ([np.ascontiguousarray(p[k], float) for p in flat] for k in range(3))
    many = np.array([len(d) for d in durations], np.int64)
    repeats = np.array([p[3] for p in flat], np.int64)
    lengths = np.array([d.sum() for d in durations])
    counts = np.array([len(own) for own in periods.values()], np.int64)
    firsts = np.cumsum(counts) - counts
    begins = np.concatenate([_running((lengths * repeats)[f : f + c]) for f, c in zip(firsts, counts, strict=True)])
    where = {key: row for row, key in enumerate(distinct)}
    rows = np.array([where[id(s)] for s in schedules]).repeat(people if len(schedules) == 1 else 1)
    course = Course(
        np.concatenate(durations), np.concatenate([_running(d) for d in durations]), np.concatenate(inputs),
        np.concatenate(boluses), lengths, begins, np.cumsum(many) - many, many, repeats,
        np.ascontiguousarray(np.stack([firsts, counts], 1)[rows]),
    )  # fmt: skip
    return course, np.array([inputs_at(s, model, times) for s in distinct.values()])[rows]


def _running(lengths: np.ndarray) -> np.ndarray:
    """Where each begins when they stand one after another."""
    return np.cumsum(lengths) - lengths


def inputs_at(schedule: Schedule, model: Model, times: np.ndarray) -> np.ndarray:
    """The inputs in force up to each time (those of the segment that ends there), (times, inputs)."""
    out = np.empty((len(times), len(model.inputs)))
    begins = 0.0
    for d, u, _, repeats in schedule.arrays(model):
        length = float(d.sum())
        mine = (times > begins + INSTANT) | (times <= 0) if begins == 0 else times > begins + INSTANT
        phase = np.where(times <= 0, 0.0, (times - begins) - length * np.floor((times - begins - INSTANT) / length))
        segment = np.clip(np.searchsorted(np.cumsum(d), phase - INSTANT), 0, len(d) - 1)
        out[mine] = u[segment[mine]]
        begins += length * repeats
    return out
