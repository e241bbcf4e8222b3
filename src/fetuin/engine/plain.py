"""The slow, obvious twin: the same equations on plain floats, integrated by SciPy, one person, segment by segment.

It exists to be compared with (`tests/agreement/`) and to build on where no compiler is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.engine.maths import PLAIN
from fetuin.engine.model import Model, namespace
from fetuin.engine.schedule import Schedule
from fetuin.errors import NumericalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable


def evaluate(
    model: Model, states: Sequence[float], parameters: Mapping[str, float] | None = None,
    inputs: Mapping[str, float] | None = None,
) -> np.ndarray:  # fmt: skip
    """The derivatives at one point, shape (states,)."""
    p = namespace({**model.parameters, **(parameters or {})})
    u = namespace({**model.inputs, **(inputs or {})})
    return _right_hand_side(model, p, u)(0.0, np.asarray(states, float))


def observe(
    model: Model, states: Sequence[float], parameters: Mapping[str, float] | None = None,
    inputs: Mapping[str, float] | None = None,
) -> dict[str, float]:  # fmt: skip
    """The outputs at one point, by name."""
    if model.outputs is None:
        return {}
    p = namespace({**model.parameters, **(parameters or {})})
    u = namespace({**model.inputs, **(inputs or {})})
    x = namespace(dict(zip(model.state_names, map(float, states), strict=True)))
    return dict(model.outputs(PLAIN, x, p, u))


def integrate(
    model: Model,
    schedule: Schedule,
    times: Sequence[float] | np.ndarray,
    parameters: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    rtol: float = 1e-10,
    method: str = "Radau",
) -> np.ndarray:
    """States at `times` (rising, within the schedule), shape (times, states).

    Raises NumericalError where SciPy gives up, UsageError for times outside the schedule or unknown names.
    """
    grid = np.asarray(times, float)
    if len(grid) and (grid[0] < 0 or grid[-1] > schedule.duration * (1 + 1e-12) or np.any(np.diff(grid) < 0)):
        raise UsageError("output times must rise and lie within the schedule.")
    for given, known in ((parameters, model.parameters), (start, model.states)):
        if unknown := set(given or {}) - set(known):
            raise UsageError(f"model {model.name} has no {sorted(unknown)}.")
    p = namespace({**model.parameters, **(parameters or {})})
    y = np.array([{**model.states, **(start or {})}[s] for s in model.state_names], float)
    out = np.empty((len(grid), len(y)))
    out[grid <= 0] = y
    t = 0.0
    for durations, inputs, boluses, repeats in schedule.arrays(model):
        for _ in range(repeats):
            for duration, u, bolus in zip(durations, inputs, boluses, strict=True):
                wanted = (grid > t) & (grid <= t + duration * (1 + 1e-12))
                right_hand_side = _right_hand_side(model, p, namespace(dict(zip(model.input_names, u, strict=True))))
                y, out[wanted] = _segment(model, right_hand_side, y + bolus, duration, grid[wanted] - t, rtol, method)
                t += duration
    out[grid > t] = y
    return out


def _right_hand_side(model: Model, p: object, u: object) -> Callable[[float, np.ndarray], np.ndarray]:
    unsigned = np.array([s not in model.signed for s in model.state_names])

    def derivatives(_: float, y: np.ndarray) -> np.ndarray:
        seen = np.where(unsigned, np.maximum(y, 0.0), y)
        x = namespace(dict(zip(model.state_names, map(float, seen), strict=True)))
        return np.array(model.derivatives(PLAIN, x, p, u), float)

    return derivatives


def _segment(
    model: Model, right_hand_side: Callable[..., Any], y: np.ndarray, duration: float, wanted: np.ndarray, rtol: float, method: str
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    from scipy.integrate import solve_ivp

    atol = rtol * 1e-2 * np.array([model.scale(s) for s in model.state_names])
    found = solve_ivp(right_hand_side, (0.0, duration), y, method, rtol=rtol, atol=atol, dense_output=bool(len(wanted)))
    if not found.success or not np.all(np.isfinite(found.y[:, -1])):
        raise NumericalError(f"model {model.name}: SciPy {method} failed.", where=f"{found.t[-1]} d into a segment",
                             why=str(found.message))  # fmt: skip
    dense = found.sol(np.minimum(wanted, duration)).T if len(wanted) else np.empty((0, len(y)))
    return found.y[:, -1], dense
