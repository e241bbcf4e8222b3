"""What a therapy file offers: a name, a dose with its unit, its maturity, its numbers, and what it moves.

A constant effect is a `Targets`; what begins and ends (a session, an infusion, a course of doses) is a list of `Act`s.
No therapy touches an equation: it moves Targets, or inputs that stand for a machine (dialysis) or a plate (diet).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fetuin.errors import InputError
from fetuin.physiology.targets import NEUTRAL, Targets

Maturity = Literal["established", "investigational", "hypothesis"]


@dataclass(frozen=True)
class Act:
    """Something done to a person: from `start` [d] for `duration` [d], again every `every` [d] until `until` [d].

    targets  what is moved; joined with every other act (fluxes add, folds multiply)
    inputs   inputs of the body that are held (a dialysate, a diet); the last act wins
    """

    targets: Targets = NEUTRAL
    inputs: Mapping[str, float] = field(default_factory=dict)
    start: float = 0.0
    duration: float = math.inf
    every: float | None = None
    until: float = math.inf
    name: str = ""

    def __post_init__(self) -> None:
        if not (self.start >= 0 and self.duration > 0) or (self.every is not None and not self.every >= self.duration):
            raise InputError(f"an impossible act: {self.name or 'unnamed'} from day {self.start} for {self.duration} d.",
                             why=f"repeated every {self.every} d", fix="start from 0 on, end before it begins again")  # fmt: skip


Effects = Callable[[float, Any], Targets]
Acts = Callable[[float, Any, float], tuple[Act, ...]]


@dataclass(frozen=True)
class Therapy:
    """A drug, a dialysate, a diet, an operation.

    effects(dose, parameters) -> Targets while it is taken; acts(dose, parameters, days) -> Acts where the effect has a
    course of its own (kinetics, sessions). One of the two is given. A dose of 0 must change nothing.
    """

    name: str
    dose_unit: str
    maturity: Maturity
    parameters: Any
    effects: Effects | None = None
    acts: Acts | None = None
    mechanism: str = ""
    harms_modelled: tuple[str, ...] = ()
    harms_not_modelled: tuple[str, ...] = ()

    def given(
        self, dose: float, start: float = 0.0, duration: float = math.inf, horizon: float = 3650.0
    ) -> tuple[Act, ...]:
        """The acts of a dose [dose_unit] from `start` for `duration` days, within a simulation of `horizon` days."""
        if not (math.isfinite(dose) and dose >= 0):
            raise InputError(f"{self.name} {dose} {self.dose_unit} is no dose.", fix="a finite dose, 0 or more")
        if dose == 0:
            return ()
        if self.acts is not None:
            length = min(duration, max(horizon - start, 0.0))
            found = self.acts(dose, self.parameters, length)
            end = start + duration
            return tuple(
                Act(a.targets, a.inputs, a.start + start, min(a.duration, max(end - a.start - start, 1e-9)), a.every,
                    min(a.until + start, end), self.name) for a in found if a.start + start < end
            )  # fmt: skip
        if self.effects is None:
            raise InputError(f"the therapy {self.name} says neither effects nor acts.")
        return (Act(self.effects(dose, self.parameters), {}, start, duration, name=self.name),)
