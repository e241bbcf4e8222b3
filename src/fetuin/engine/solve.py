"""Integrate a model: one person or many, over schedules of events.

    solution = integrate(model, schedule, times)
    solution = integrate_many(model, schedules, times, parameters=..., start=...)

The first call for a model traces it and compiles its routines (about a second), later calls of any process load them
from the cache. Relative tolerance 1e-6 is for validation, 1e-4 for populations (errors of about 1e-4).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.engine.failure import Failure, explain
from fetuin.engine.model import Model
from fetuin.engine.schedule import Schedule
from fetuin.engine.work import MOST_STEPS, Work
from fetuin.errors import NumericalError, UsageError

if TYPE_CHECKING:
    from fetuin.engine.compiled import Compiled

Numbers = Mapping[str, float | np.ndarray] | np.ndarray | None


@dataclass(frozen=True)
class Solution:
    """States of people over time. Who failed is in `failures` and has no rows: nothing here is NaN."""

    model: Model
    times: np.ndarray
    states: np.ndarray
    """(people, times, states), amounts never below zero."""
    people: np.ndarray
    """(people,) which of those asked for the rows are."""
    parameters: np.ndarray
    inputs: np.ndarray = field(repr=False)
    """(people, times, inputs) the inputs in force up to each time."""
    failures: tuple[Failure, ...] = ()
    steps: int = 0
    rejected: int = 0
    compiled: Compiled = field(default=None, repr=False)  # type: ignore[assignment]

    def __getitem__(self, name: str) -> np.ndarray:
        """A state or an output by name, (people, times)."""
        if name in self.model.states:
            return self.states[..., self.model.state_names.index(name)]
        return self.outputs[name]

    @cached_property
    def outputs(self) -> dict[str, np.ndarray]:
        """Every output of the model, (people, times) each."""
        return self.compiled.observe(self.states, self.parameters, self.inputs)


def integrate(
    model: Model, schedule: Schedule, times: Sequence[float] | np.ndarray,
    parameters: Mapping[str, float] | None = None, start: Mapping[str, float] | None = None,
    rtol: float = 1e-6, **options: Any,
) -> Solution:  # fmt: skip
    """One person; NumericalError with the state, the time and the likely cause where it cannot be done."""
    return integrate_many(model, [schedule], times, parameters, start, rtol, threads=1, **options)


def integrate_many(
    model: Model, schedules: Sequence[Schedule] | Schedule, times: Sequence[float] | np.ndarray,
    parameters: Numbers = None, start: Numbers = None, rtol: float = 1e-6, *,
    count: int | None = None, threads: int | None = None, failures: str = "raise", lanes: int | None = None,
    steps: int = MOST_STEPS,
) -> Solution:  # fmt: skip
    """Many people at once.

    schedules   one for all, or one for each (the same object may recur)
    parameters  name -> number or one for each person; or (people, parameters); default those of the model
    start       the same for the states
    threads     default the processors this process may use; `lanes=1` asks for the scalar path
    failures    "raise", or "collect": people who fail have no rows and stand in `Solution.failures`
    """
    if failures not in ("raise", "collect"):
        raise UsageError(f"failures={failures!r}", fix="'raise' or 'collect'")
    many = [schedules] if isinstance(schedules, Schedule) else list(schedules)
    code, grid, p, y = prepare(model, many, times, parameters, start, count, lanes)
    work = Work(code, many, grid, p, y, _tolerance(rtol), steps)
    work.run(threads or available_processors())
    return solution_of(work, failures)


def available_processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare(
    model: Model, schedules: Sequence[Schedule], times: Sequence[float] | np.ndarray, parameters: Numbers,
    start: Numbers, count: int | None = None, lanes: int | None = None,
) -> tuple[Compiled, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Machine code, output times, parameters (people, parameters) and start (people, states), all checked."""
    from fetuin.engine.compiled import compiled_model

    count = count or _count(schedules, parameters, start)
    p = _table(model.parameters, parameters, count, f"model {model.name}, parameters")
    y = _table(model.states, start, count, f"model {model.name}, start")
    grid = _grid(times, min(s.duration for s in schedules))
    return compiled_model(model, lanes), grid, p, y


def solution_of(work: Work, failures: str = "raise") -> Solution:
    """Rows of those who arrived; an error, or a list, of those who did not."""
    from fetuin.engine import rosenbrock

    model, task = work.code.model, work.task
    lost = np.flatnonzero(task.status[:, 0] != rosenbrock.DONE)
    wrecks = tuple(explain(model, int(k), task, work.course) for k in lost)
    if wrecks and failures == "raise":
        raise wrecks[0].error(len(wrecks), len(task.status))
    kept = np.flatnonzero(task.status[:, 0] == rosenbrock.DONE)
    rows = (lambda a: a) if len(kept) == len(task.status) else (lambda a: a[kept])
    return Solution(model, task.times, rows(task.out), kept, rows(task.parameters), rows(work.inputs_at), wrecks,
                    int(task.status[:, 1].sum()), int(task.status[:, 2].sum()), work.code)  # fmt: skip


def _count(schedules: Sequence[Schedule], *tables: Numbers) -> int:
    sizes = {len(schedules)} if len(schedules) > 1 else set()
    for table in tables:
        values = table.values() if isinstance(table, Mapping) else []
        sizes |= {np.size(v) for v in values if np.ndim(v) == 1}
        if isinstance(table, np.ndarray):
            sizes.add(len(table))
    if len(sizes) > 1:
        raise UsageError(f"schedules, parameters and start speak of different numbers of people: {sorted(sizes)}.")
    return sizes.pop() if sizes else 1


def _table(defaults: Mapping[str, float], given: Numbers, people: int, where: str) -> np.ndarray:
    """(people, names), finite, from defaults and what is given."""
    table = np.tile(np.array([float(v) for v in defaults.values()]), (people, 1))
    if isinstance(given, np.ndarray):
        table = np.array(np.broadcast_to(given, table.shape), float)
    names = list(defaults)
    for name, value in given.items() if isinstance(given, Mapping) else ():
        if name not in names:
            raise UsageError(f"{where}: no '{name}'.", fix=f"one of {', '.join(names)}")
        table[:, names.index(name)] = value
    if not np.all(np.isfinite(table)):
        person, column = np.argwhere(~np.isfinite(table))[0]
        raise NumericalError(f"{where}: {names[column]} is {table[person, column]}.", where=f"person {person}",
                             fix="give a finite number")  # fmt: skip
    return np.ascontiguousarray(table)


def _grid(times: Sequence[float] | np.ndarray, duration: float) -> np.ndarray:
    grid = np.ascontiguousarray(times, float)
    if grid.ndim != 1 or not np.all(np.isfinite(grid)) or np.any(np.diff(grid) < 0):
        raise UsageError("output times must be finite and rise.")
    if len(grid) and (grid[0] < 0 or grid[-1] > duration * (1 + 1e-9) + 1e-9):
        raise UsageError(f"output times {grid[0]} .. {grid[-1]} lie outside the schedule, 0 .. {duration}.")
    return grid


def _tolerance(rtol: float) -> float:
    if not 1e-12 <= rtol <= 1e-1:
        raise UsageError(f"a relative tolerance of {rtol} is not possible.", fix="between 1e-12 and 0.1")
    return float(rtol)
