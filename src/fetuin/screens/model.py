"""The Model screen: one person, two arms, the same person left alone, and the band of persons like them.

A request holds the person and what each arm does; an answer holds curves, means of what flowed between the organs, and
the reference intervals. The start of a person is kept, so that a slider costs one integration from day 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.trajectory import Trajectory
from fetuin.reports.trajectory import PANELS, WORDS, band
from fetuin.screens.controls import CONTROLS, Control, drugs
from fetuin.simulation.person import Person
from fetuin.simulation.population import draw
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import day_zero, output_grid, simulate_many
from fetuin.therapies.dialysis_prescription import Prescription, checked
from fetuin.therapies.diet import diet

RTOL = 1e-3  # curves then lie within 5e-4 of those at 1e-6, relative (tests/unit/screens), in a third of the time
PEOPLE, SEED, MOST_DAYS = 16, 1, 3650.0
PRESCRIBED = ("sessions", "hours", "dialysate_calcium")
MINERALS = ("calcium", "phosphate")
STORES = ("surface", "trabecular", "cortical")
PHASES = ("amorphous", "apatite")
CHARTS = (*PANELS, "t50")
NAMES = {**WORDS, "t50": "T50 of serum"}
FLOW_DAYS = 28.0  # four whole weeks of sessions


def choices() -> dict[str, Any]:
    """The sliders with their units, ends and neutral places; the drugs that the catalogue holds; the charts."""
    charts = [{"name": n, "label": NAMES.get(n, n), "band": band(n)} for n in CHARTS]
    places = [(f"deposit_{k}", x.title) for k, x in sites().items()]
    return {
        "controls": [c.to_dict() for c in (*CONTROLS, *drugs())],
        "charts": charts + [{"name": n, "label": f"Deposit: {x}", "band": None} for n, x in places],
        "deposits": places,
    }


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """{person, arms, days} -> {times, arms: [{curves, flows}], ghost, units}. Values in canonical units, times in days."""
    who, days = _person(request), _days(request)
    arms = [_scenario(who, a) for a in _arms(request)]
    ghost, found = _ghost(who, days), [_arm(who, repr(s), s, days) for s in arms]
    return {
        "times": ghost.times, "ghost": _shown(ghost), "arms": [_shown(t) for t in found], "units": dict(ghost.units) | {f"deposit_{k}": "mmol Ca" for k in sites()},
        "healthy": _healthy(), "dialysis": who.dialysis is not None, "days": days,
    }  # fmt: skip


def spread(request: Mapping[str, Any]) -> dict[str, Any]:
    """The 5th and 95th percentile of each arm over virtual persons who share this person's kidneys and dialysis."""
    who, days = _person(request), _days(request)
    people = _people(who)
    out = []
    for arm in _arms(request):
        t = _simulated(people, _scenario(who, arm), days)
        rows = {n: np.percentile(np.atleast_2d(t[n]), (5, 95), axis=0) for n in CHARTS if n in t.curves}
        out.append({n: {"low": r[0], "high": r[1]} for n, r in rows.items()})
    return {"times": t.times, "arms": out, "n": len(people), "seed": SEED, "failures": list(t.failures)}


def _days(request: Mapping[str, Any]) -> float:
    days = float(request.get("days") or 180.0)
    if not 1 <= days <= MOST_DAYS:
        raise InputError(f"{days:g} days cannot be shown.", where="days", fix=f"1 to {MOST_DAYS:g}")
    return days


def _arms(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    arms = list(request.get("arms") or [{}])
    if len(arms) > 2:
        raise InputError(f"{len(arms)} arms cannot be shown side by side.", where="arms", fix="one or two")
    return arms


def _number(c: Control, table: Mapping[str, Any]) -> float:
    """The value of a control; beyond the ends of its slider it is refused."""
    value = float(table.get(c.key, c.neutral))
    if not c.low <= value <= c.high:
        raise InputError(
            f"{c.label} {value:g} {c.unit} is out of range.", where=c.key, fix=f"{c.low:g} to {c.high:g} {c.unit}"
        )
    return value


def _person(request: Mapping[str, Any]) -> Person:
    table = request.get("person") or {}
    gfr = _number(CONTROLS[0], table)
    machine = Prescription() if table.get("dialysis") else None
    return Person(name="this person", gfr=gfr, dialysis=machine)


def _scenario(who: Person, arm: Mapping[str, Any]) -> Scenario:
    """What an arm does from day 0; a control at its neutral place does nothing."""
    known = {c.key: c for c in (*CONTROLS[1:], *drugs())}
    if unknown := sorted(set(arm) - set(known)):
        raise InputError(f"There is no control '{unknown[0][:40]}'.", where="arms", fix=f"one of: {', '.join(known)}")
    set_ = {k: _number(known[k], arm) for k in arm if float(arm[k]) != known[k].neutral}
    eaten = {k.removeprefix("diet_"): v for k, v in set_.items() if k.startswith("diet_")}
    machine = None
    if who.dialysis is not None and any(k in set_ for k in PRESCRIBED):
        moved: dict[str, Any] = {k.removeprefix("dialysate_"): v for k, v in set_.items() if k in PRESCRIBED}
        machine = checked(replace(who.dialysis, **moved))
    doses = {k: v for k, v in set_.items() if known[k].group == "drugs"}
    return Scenario("arm", (diet(eaten),) if eaten else (), regimen=doses, dialysis=machine)


@lru_cache(maxsize=64)
def _start(gfr: float | None, dialysis: bool) -> Person:
    machine = Prescription() if dialysis else None
    return day_zero([Person(name="this person", gfr=gfr, dialysis=machine)])[0][0]


def _started(who: Person) -> Person:
    return _start(who.gfr, who.dialysis is not None)


@lru_cache(maxsize=16)
def _drawn(gfr: float | None, dialysis: bool) -> tuple[Person, ...]:
    base = Person(gfr=gfr, dialysis=Prescription() if dialysis else None)
    name = "haemodialysis" if dialysis else "healthy_adult"
    return tuple(draw(name, PEOPLE, SEED, base))


def _people(who: Person) -> tuple[Person, ...]:
    return _drawn(who.gfr, who.dialysis is not None)


def _simulated(people: tuple[Person, ...], plan: Scenario, days: float) -> Trajectory:
    """On dialysis values are read before the first session of each week, as clinics do; else every day."""
    times = output_grid(days)
    if people[0].dialysis is not None and days > 56:
        times = np.arange(0.0, days + 1e-9, 7.0)
    return simulate_many(
        people, plan, float(times[-1]), times=times, rtol=RTOL, failures="raise" if len(people) == 1 else "collect"
    )


@lru_cache(maxsize=64)
def _alone(gfr: float | None, dialysis: bool, days: float) -> Trajectory:
    return _simulated((_start(gfr, dialysis),), Scenario(), days)


class _Plan:
    """A scenario that is the same where its words are the same, for the memory of what was simulated last."""

    def __init__(self, words: str, scenario: Scenario) -> None:
        self.words, self.scenario = words, scenario

    def __hash__(self) -> int:
        return hash(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Plan) and other.words == self.words


@lru_cache(maxsize=64)
def _kept(gfr: float | None, dialysis: bool, plan: _Plan, days: float) -> Trajectory:
    return _simulated((_start(gfr, dialysis),), plan.scenario, days)


def _arm(who: Person, words: str, scenario: Scenario, days: float) -> Trajectory:
    """The arm that a slider did not move is not simulated again."""
    return _kept(who.gfr, who.dialysis is not None, _Plan(words, scenario), days)


def _ghost(who: Person, days: float) -> Trajectory:
    return _alone(who.gfr, who.dialysis is not None, days)


@lru_cache(maxsize=1)
def _healthy() -> dict[str, float]:
    seen = day_zero([Person()])[0][1]
    return {n: seen[n] for n in PANELS if n in seen}


def _shown(t: Trajectory) -> dict[str, Any]:
    curves = {n: np.atleast_2d(t[n])[0] for n in CHARTS if n in t.curves}
    for site in sites():  # calcium of both phases
        curves[f"deposit_{site}"] = np.sum([np.atleast_2d(t[f"{site}_{phase}"])[0] for phase in PHASES], axis=0)
    return {"curves": curves, "flows": _flows(t), "final": {n: float(c[-1]) for n, c in curves.items()}}


def _flows(t: Trajectory) -> dict[str, dict[str, float]]:
    """Means of the last four weeks [mmol/d], from the ledgers: eaten, absorbed, urine, dialysate, to bone."""
    since = max(float(t.times[-1]) - FLOW_DAYS, 0.0)
    span = float(t.times[-1]) - since

    def mean(name: str) -> float:
        return float(np.atleast_2d(t[name])[0, -1] - t.at(name, since)[0]) / span

    out = {}
    for m in MINERALS:
        found = {w: mean(f"{m}_{w}") for w in ("in", "faeces", "urine", "dialysate")}
        found["absorbed"] = found["in"] - found["faeces"]
        out[m] = found
    out["calcium"]["bone"] = sum(mean(n) for n in STORES)
    return out
