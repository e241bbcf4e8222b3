"""Forward sensitivities: how states and outputs move when a parameter or a start value moves.

One run finds its steps and writes them down; the parameters, moved a little up and down, are then people in lanes who
walk the same steps. On a frozen mesh the solution is a smooth function of the parameters, so central differences are
good to six digits or more (the test compares them with extrapolated differences of SciPy); without it the choice of steps
would drown them. Cost: two people a parameter, without error control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fetuin.engine.model import Model
from fetuin.engine.schedule import Schedule
from fetuin.engine.solve import Solution, available_processors, prepare, solution_of
from fetuin.engine.work import Work
from fetuin.errors import UsageError

MOVE = 1e-5
"""Relative change of a parameter; a parameter of 0 is moved by this much."""
MESH = 1 << 14


@dataclass(frozen=True)
class Sensitivity:
    """A solution and its derivatives by the named parameters or start values."""

    names: tuple[str, ...]
    solution: Solution
    moved: Solution
    """2 x names people: each moved up, then each moved down."""
    steps: np.ndarray
    """(names,) by how much each was moved, up and down."""

    @cached_property
    def states(self) -> np.ndarray:
        """d state / d name, (names, times, states)."""
        return self._difference(self.moved.states)

    def __getitem__(self, name: str) -> np.ndarray:
        """d of a state or output by every name, (names, times)."""
        return self._difference(self.moved[name])

    def _difference(self, values: np.ndarray) -> np.ndarray:
        k = len(self.names)
        return (values[:k] - values[k:]) / (2.0 * self.steps.reshape((-1,) + (1,) * (values.ndim - 1)))


def sensitivity(
    model: Model, schedule: Schedule, times: Sequence[float] | np.ndarray, names: Sequence[str],
    parameters: Mapping[str, float] | None = None, start: Mapping[str, float] | None = None, rtol: float = 1e-8,
) -> Sensitivity:  # fmt: skip
    """Derivatives of the solution by the parameters or start values in `names`.

    Raises UsageError for an unknown name, NumericalError where the model cannot be integrated.
    """
    if unknown := [n for n in names if n not in model.parameters and n not in model.states]:
        raise UsageError(f"model {model.name} has no parameter or state {unknown}.")
    code, grid, p, y = prepare(model, [schedule], times, parameters, start, 1)
    solution, mesh = _record(code, schedule, grid, p, y, rtol)
    k = len(names)
    many_p, many_y, steps = np.repeat(p, 2 * k, 0), np.repeat(y, 2 * k, 0), np.zeros(k)
    for row, name in enumerate(names):
        table, known = (many_p, model.parameter_names) if name in model.parameters else (many_y, model.state_names)
        column = known.index(name)
        steps[row] = MOVE * (abs(table[row, column]) or 1.0)
        table[row, column] += steps[row]
        table[k + row, column] -= steps[row]
    work = Work(code, [schedule], grid, many_p, many_y, rtol, mode="replay", mesh=mesh)
    work.run(available_processors())
    return Sensitivity(tuple(names), solution, solution_of(work), steps)


def _record(code, schedule, grid, p, y, rtol) -> tuple[Solution, np.ndarray]:  # type: ignore[no-untyped-def]
    """One person with error control, and the steps taken."""
    size = MESH
    while True:
        work = Work(code, [schedule], grid, p, y, rtol, mode="record", mesh=np.zeros(size))
        work.run(1)
        if not work.mesh_was_full:
            return solution_of(work), work.task.mesh
        size *= 8
