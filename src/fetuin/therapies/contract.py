"""What a therapy file offers: a name, a dose with its unit, its maturity, its numbers, and what it moves.

A constant effect is a `Targets`; what begins and ends (a session, an infusion, a course of doses) is a list of `Act`s.
No therapy touches an equation: it moves Targets, or inputs that stand for a machine (dialysis) or a plate (diet).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from fetuin.errors import InputError
from fetuin.physiology.targets import NEUTRAL, Targets
from fetuin.therapies.dose import Dose, dose_of

OFTEN = {math.inf: "once", 1.0: "daily", 7 / 3: "every session", 3.5: "twice a week", 7.0: "weekly", 28.0: "every 4 wk",
         30.4375: "monthly", 91.3125: "every 3 mo", 182.625: "every 6 mo", 365.25: "yearly"}  # fmt: skip
"""Intervals [d] in words."""
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


@dataclass(frozen=True)
class Dosing:
    """Doses of one therapy in time: `amount` every `every` [d] for `days`, in a simulation that ends at `horizon` [d].

    All times count from the first dose. After `days` nothing more is given, but what was given may act on.
    """

    amount: float
    every: float
    days: float
    horizon: float
    route: str = ""

    @property
    def last(self) -> float:
        """The day on which the treatment ends."""
        return min(self.days, self.horizon)

    def times(self) -> list[float]:
        """The days of the doses."""
        if not math.isfinite(self.every):
            return [0.0]
        count = max(1, math.ceil(self.last / self.every - 1e-9))
        return [k * self.every for k in range(count)]


Effects = Callable[[float, Any], Targets]
Acts = Callable[[float, Any, float], tuple[Act, ...]]
Course = Callable[[Dosing, Any], tuple[Act, ...]]


@dataclass(frozen=True)
class Therapy:
    """A drug, a dialysate, a diet, an operation.

    One of three says what it does: effects(dose, parameters) -> Targets while it is taken; acts(dose, parameters, days)
    -> Acts that end with it (sessions); course(dosing, parameters) -> Acts with kinetics, which may outlast it.
    A dose of 0 must change nothing.

    dose_unit   "g/d" for what is taken day after day; "mg" for single doses, given every `interval` d unless said
    units       other words for an amount -> that amount in the own unit ("tablet": 0.8; "Ca": 2.5 of the salt)
    routes      routes a dose may name -> the share that reaches the blood
    caution     what a report must say beside the effect
    aliases     other names, spelled like file names
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
    course: Course | None = None
    interval: float = 1.0
    usual: float = 1.0
    units: Mapping[str, float] = field(default_factory=dict)
    routes: Mapping[str, float] = field(default_factory=dict)
    caution: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def per_day(self) -> bool:
        """True where the dose is a rate."""
        return self.dose_unit.endswith("/d") or self.dose_unit == "1"

    @property
    def amount_unit(self) -> str:
        """The unit of amount of a dose."""
        return self.dose_unit.removesuffix("/d")

    @property
    def example(self) -> str:
        """A usual dose, as one would write it."""
        if self.dose_unit == "1":
            return f'"{self.usual:g}"'
        often = "" if self.per_day else f" {OFTEN.get(self.interval, f'every {self.interval:g} d')}"
        return f'"{self.usual:g} {self.dose_unit}{often}"'

    def given(
        self, dose: float | str | Dose, start: float = 0.0, duration: float = math.inf, horizon: float = 3650.0
    ) -> tuple[Act, ...]:
        """The acts of a dose from `start` for `duration` days, within a simulation of `horizon` days.

        `dose`: a number in `dose_unit` (single doses at their usual interval), a text, or a Dose.
        """
        plan = dose_of(self, dose, self.name)
        if plan.amount == 0 or horizon <= start:
            return ()
        if plan.cycle is None:
            return self._stretch(plan, start, min(duration, horizon - start), math.isfinite(duration), horizon)
        found: list[Act] = []
        on, again = plan.cycle
        for k in range(math.ceil(min(duration, horizon - start) / again - 1e-9)):
            begin = start + k * again
            found += self._stretch(plan, begin, min(on, start + duration - begin), True, horizon)
        return tuple(found)

    def _stretch(self, plan: Dose, start: float, days: float, ends: bool, horizon: float) -> tuple[Act, ...]:
        end = start + days if ends else math.inf
        if self.course is not None:
            found = self.course(Dosing(plan.amount, plan.every, days, horizon - start, plan.route), self.parameters)
            return tuple(replace(a, start=a.start + start, until=a.until + start, name=self.name) for a in found)
        amount = plan.amount if self.dose_unit == "1" else plan.rate
        if self.acts is not None:
            acts = self.acts(amount, self.parameters, days)
            return tuple(
                Act(a.targets, a.inputs, a.start + start, min(a.duration, max(end - a.start - start, 1e-9)), a.every,
                    min(a.until + start, end), self.name) for a in acts if a.start + start < end
            )  # fmt: skip
        if self.effects is None:
            raise InputError(f"the therapy {self.name} says neither effects, acts nor a course.")
        return (Act(self.effects(amount, self.parameters), {}, start, end - start, name=self.name),)
