"""Integrate a model: one person or many, over schedules of events.

    solution = integrate(model, schedule, times)
    solution = integrate_many(model, schedules, times, parameters=..., start=...)

The first call for a model traces it and compiles its routines (about a second), later calls of any process load them
from the cache. Relative tolerance 1e-6 is for validation, 1e-4 for populations (errors of about 1e-4).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.engine.course import course_of
from fetuin.engine.failure import Failure, explain
from fetuin.engine.model import Model
from fetuin.engine.schedule import Schedule
from fetuin.errors import MissingExtraError, NumericalError, UsageError

if TYPE_CHECKING:
    from fetuin.engine.compiled import Compiled

ABSOLUTE = 1e-2
"""Absolute tolerance of a state: this x relative tolerance x its scale."""
MOST_STEPS = 50_000_000
PIECE = 64
"""People a thread takes at a time."""
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
    from fetuin.engine.compiled import compiled_model

    if failures not in ("raise", "collect"):
        raise UsageError(f"failures={failures!r}", fix="'raise' or 'collect'")
    many = [schedules] if isinstance(schedules, Schedule) else list(schedules)
    count = count or _count(many, parameters, start)
    p = _table(model.parameters, parameters, count, f"model {model.name}, parameters")
    y = _table(model.states, start, count, f"model {model.name}, start")
    grid = _grid(times, min(s.duration for s in many))
    rtol = _tolerance(rtol)
    code = compiled_model(model, lanes)
    work = _Work(code, many, grid, p, y, rtol, steps)
    work.run(threads or available_processors())
    return work.solution(failures)


def available_processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Work:
    """Arrays of one call, handed in pieces to threads."""

    def __init__(self, code: Compiled, schedules: list[Schedule], times: np.ndarray, parameters: np.ndarray,
                 start: np.ndarray, rtol: float, most: int = MOST_STEPS, mode: int = 0,
                 mesh: np.ndarray | None = None) -> None:  # fmt: skip
        try:
            from fetuin.engine import rosenbrock
        except ImportError as error:
            raise MissingExtraError("numba", "fast") from error
        self.code, self.rtol = code, rtol
        people, n = start.shape
        self.course, self.inputs_at = course_of(code.model, schedules, people, times)
        self.task = rosenbrock.Task(
            parameters, start, times, tolerances(code.model, rtol), np.zeros((people, len(times), n)),
            np.zeros((people, 3), np.int64), np.zeros((people, 2 + 2 * n)), np.zeros(1) if mesh is None else mesh,
        )  # fmt: skip
        self.sizes = np.array([*code.addresses, code.lanes, n, parameters.shape[1], self.course.inputs.shape[1],
                               self.course.many.max(), len(times), len(self.task.mesh), mode, most], np.int64)  # fmt: skip
        self.march = rosenbrock.march.ctypes

    def piece(self, first: int, last: int) -> int:
        """People `first` .. `last` - 1 on the calling thread (which gives the interpreter free meanwhile)."""
        lanes = self._lanes()
        arrays = (self.sizes, *self.course, *self.task, *lanes)
        return self.march(*(a.ctypes.data_as(t) for a, t in zip(arrays, self.march.argtypes)), first, last, self.rtol)

    def _lanes(self) -> tuple[np.ndarray, ...]:
        from fetuin.engine import rosenbrock as r

        w, n, k = self.code.lanes, self.task.start.shape[1], self.task.parameters.shape[1]
        sizes = [n, n, r.STAGES * n, self.code.constants, k, self.course.inputs.shape[1], 3, self.code.work_size,
                 r.SIZES_ROWS, r.PLACE_ROWS, int(self.course.many.max()), 1]  # fmt: skip
        whole = (9, 11)
        return tuple(np.zeros((max(1, s), w), np.int64 if j in whole else float) for j, s in enumerate(sizes))

    def run(self, threads: int) -> None:
        """Everybody, in pieces."""
        people = len(self.task.start)
        size = min(PIECE, max(self.code.lanes, -(-people // threads)))
        bounds = [(a, min(a + size, people)) for a in range(0, people, size)]
        if threads == 1 or len(bounds) == 1:
            self.piece(0, people)
            return
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda ab: self.piece(*ab), bounds))

    def solution(self, failures: str) -> Solution:
        """Rows of those who arrived; an error, or a list, of those who did not."""
        from fetuin.engine import rosenbrock

        model, task = self.code.model, self.task
        lost = np.flatnonzero(task.status[:, 0] != rosenbrock.DONE)
        wrecks = tuple(explain(model, int(k), task, self.course) for k in lost)
        if wrecks and failures == "raise":
            raise wrecks[0].error(len(wrecks), len(task.status))
        kept = np.flatnonzero(task.status[:, 0] == rosenbrock.DONE)
        rows = (lambda a: a) if len(kept) == len(task.status) else (lambda a: a[kept])
        return Solution(model, task.times, rows(task.out), kept, rows(task.parameters), rows(self.inputs_at), wrecks,
                        int(task.status[:, 1].sum()), int(task.status[:, 2].sum()), self.code)  # fmt: skip


def tolerances(model: Model, rtol: float) -> np.ndarray:
    """(2, states): the absolute tolerance; its inverse for amounts and 0 for signed states."""
    absolute = ABSOLUTE * rtol * np.array([model.scale(s) for s in model.state_names])
    return np.array([absolute, np.where([s in model.signed for s in model.state_names], 0.0, 1.0 / absolute)])


def _count(schedules: list[Schedule], *tables: Numbers) -> int:
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
