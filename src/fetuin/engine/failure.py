"""What to say when a person cannot be integrated: which state, when, and the likely cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.engine.model import Model
from fetuin.engine.plain import evaluate
from fetuin.errors import NumericalError


@dataclass(frozen=True)
class Failure:
    """One person who could not be integrated."""

    model: str
    person: int
    time: float
    state: str
    value: float
    derivative: float
    cause: str

    def message(self) -> str:
        """One sentence."""
        return (
            f"person {self.person}: stopped at t = {self.time:.6g} on '{self.state}' = {self.value:.4g}; {self.cause}"
        )

    def error(self, failed: int = 1, of: int = 1) -> NumericalError:
        """The same as an error; `failed` of `of` people failed."""
        among = f" ({failed} of {of} people failed; this is the first)" if of > 1 else ""
        return NumericalError(
            f"model {self.model}: the integration stopped{among}.",
            where=f"person {self.person}, t = {self.time:.6g}, state '{self.state}' = {self.value:.6g}"
            f", changing by {self.derivative:.4g} a unit of time",
            why=self.cause,
            fix="look at the parameters and doses that move this state; failures='collect' keeps the other people",
        )


def explain(model: Model, person: int, task: Any, course: Any) -> Failure:
    """The failure of a person from what the integrator wrote down when it gave up."""
    n = len(model.states)
    time, step, *rest = task.wreck[person]
    states, errors = np.array(rest[:n]), np.array(rest[n:])
    code = int(task.status[person, 0])
    parameters = dict(zip(model.parameter_names, map(float, task.parameters[person]), strict=True))
    inputs = dict(zip(model.input_names, map(float, inputs_in_force(course, person, time)), strict=True))
    slopes = _slopes(model, states, parameters, inputs)
    state, cause = _cause(model, states, errors, slopes, task.tolerances[0], code, step)
    return Failure(model.name, person, float(time), model.state_names[state], float(states[state]),
                   float(slopes[state]), cause)  # fmt: skip


def inputs_in_force(course: Any, person: int, time: float) -> np.ndarray:
    """The inputs of the segment that holds `time` (the later one at an edge)."""
    first, count = course.mine[person]
    period = first + max(0, int(np.searchsorted(course.begins[first : first + count], time + 1e-12, "right")) - 1)
    rows = slice(course.first[period], course.first[period] + course.many[period])
    ends = np.cumsum(course.durations[rows])
    phase = (time - course.begins[period]) % ends[-1]
    return course.inputs[rows][min(int(np.searchsorted(ends, phase + 1e-12, "right")), len(ends) - 1)]


def _slopes(model: Model, states: np.ndarray, parameters: dict[str, Any], inputs: dict[str, Any]) -> np.ndarray:
    try:
        return evaluate(model, list(states), parameters, inputs)
    except (ArithmeticError, ValueError):
        return np.full(len(states), np.nan)


def _cause(
    model: Model, states: np.ndarray, errors: np.ndarray, slopes: np.ndarray, absolute: np.ndarray, code: int, step: float
) -> tuple[int, str]:  # fmt: skip
    if code == -2:
        return int(np.argmax(np.abs(errors) / absolute)), "too many steps: the state moves too fast or oscillates"
    if not np.all(np.isfinite(states)):
        return int(np.argmin(np.isfinite(states))), "a bolus or a start value is not finite"
    if not np.all(np.isfinite(slopes)):
        return int(np.argmin(np.isfinite(slopes))), "its equation divides by zero or overflows here (a parameter of 0?)"
    scale = np.abs(states) + np.array([model.scale(s) for s in model.state_names])
    sinking = np.array([s not in model.signed for s in model.state_names]) & (states <= absolute) & (slopes < 0)
    if np.any(sinking):
        worst = int(np.argmin(np.where(sinking, slopes / scale, 0.0)))
        return worst, "it is empty and its equation still takes from it (a loss that lacks the state as a factor)"
    growing = int(np.argmax(np.abs(slopes) / scale))
    if np.abs(slopes[growing]) / scale[growing] > 1e6 or np.abs(states[growing]) > 1e6 * model.scale(
        model.state_names[growing]
    ):
        return growing, "it runs away: production outgrows every loss"
    worst = int(np.nanargmax(np.abs(errors) / absolute)) if np.any(np.isfinite(errors)) else growing
    return worst, f"no step down to {step:.1e} keeps its error in bounds: a jump or a pole in its equation"
