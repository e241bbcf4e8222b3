"""What a model is: names, numbers and one right-hand side written as ordinary arithmetic.

    def rhs(m, x, p, u):
        uptake = p.gut.rate * x.gut
        return {"gut": u.meal - uptake, "plasma": uptake - m.hill(x.plasma, 2.0, 4) * p.loss}

`m` is the maths namespace (`engine.maths`), `x` the states, `p` the parameters, `u` the inputs. A name with a
dot becomes a nested namespace: the parameter "gut.rate" is read as `p.gut.rate`. The same function is called with
floats (the plain twin) and with symbols (the trace). It may not branch on a state, hold an array or read a clock;
time enters through inputs, which are constant within a segment of the schedule, and through boluses.

States are amounts and never fall below zero, unless named in `signed`. For that to hold the right-hand side must be
quasi-positive: where a state is zero its derivative is not negative (every loss carries the state as a factor).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from fetuin.errors import UsageError

Equations = Callable[[Any, Any, Any, Any], Mapping[str, Any]]


def namespace(values: Mapping[str, Any]) -> SimpleNamespace:
    """Names and values as attributes; "a.b" becomes an attribute `b` of an attribute `a`."""
    root = SimpleNamespace()
    for name, value in values.items():
        *path, leaf = name.split(".")
        here = root
        for part in path:
            if not hasattr(here, part):
                setattr(here, part, SimpleNamespace())
            here = getattr(here, part)
        setattr(here, leaf, value)
    return root


@dataclass(frozen=True)
class Model:
    """A system of ordinary differential equations with named states, parameters and inputs.

    states      name -> value at the start
    parameters  name -> default value
    inputs      name -> value at rest (what a schedule does not name)
    rhs         rhs(m, x, p, u) -> {state: derivative per unit of time}; every state exactly once
    outputs     outputs(m, x, p, u) -> {name: value}: what can be read from the body but is not a state
    units       name -> unit, for states, parameters, inputs and outputs (a label, never converted here)
    scales      state -> typical size, which sets its absolute tolerance; default the start value, or 1 if that is 0
    signed      states that may be negative (a clock, a difference)
    time_unit   label of the unit of time
    """

    name: str
    states: Mapping[str, float]
    parameters: Mapping[str, float]
    inputs: Mapping[str, float]
    rhs: Equations
    outputs: Equations | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    signed: frozenset[str] = frozenset()
    time_unit: str = "d"

    def __post_init__(self) -> None:
        for what, found in (("scales", self.scales), ("signed", self.signed)):
            if unknown := set(found) - set(self.states):
                raise UsageError(f"model {self.name}: `{what}` names unknown states {sorted(unknown)}.")
        for group in (self.states, self.parameters, self.inputs):
            for name, value in group.items():
                if not all(part.isidentifier() for part in name.split(".")) or not float(value) == float(value):
                    raise UsageError(f"model {self.name}: {name} = {value} is no name with a finite value.")

    @cached_property
    def state_names(self) -> tuple[str, ...]:
        """The states in the order of every array."""
        return tuple(self.states)

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameters in the order of every array."""
        return tuple(self.parameters)

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The inputs in the order of every array."""
        return tuple(self.inputs)

    def scale(self, state: str) -> float:
        """The typical size of a state."""
        return abs(float(self.scales.get(state, self.states[state]))) or 1.0

    def derivatives(self, m: Any, x: Any, p: Any, u: Any) -> tuple[Any, ...]:
        """The right-hand side in the order of the states, with a clear error where one is missing or unknown."""
        found = self.rhs(m, x, p, u)
        missing, unknown = set(self.states) - set(found), set(found) - set(self.states)
        if missing or unknown:
            raise UsageError(
                f"model {self.name}: the right-hand side does not answer its states.",
                why=f"missing {sorted(missing)}, unknown {sorted(unknown)}",
            )
        return tuple(found[s] for s in self.states)
