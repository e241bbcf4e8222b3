"""Arms compared for one person: the same members of the ensemble in each, so that a difference has its own interval.

result = compare(record, ["sevelamer 4.8 g/d", "sevelamer 4.8 g/d; cinacalcet 30 mg/d"], years=5)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation.calibration import RTOL
from fetuin.simulation.individual import MEMBERS, Fitted, Individual, individual, predictive_check
from fetuin.simulation.outlook import Interval, Line, difference, interval, lines
from fetuin.simulation.regimen import therapy
from fetuin.simulation.regimen_text import Arm, arm
from fetuin.simulation.simulate import carried

NOW = "as now"
YEARS = (0.02, 30.0)
LEVER_MEMBERS = 48
EVERY = 28.0  # days between values kept; in haemodialysis the value before the first session of a week
GOALS = ("coronary_agatston", "t50", "phosphate")
"""What a lever is judged by: the first of these that the trajectory holds and that the person has something of."""

LIMITS = (
    "Intervals come from what varies between people and from the record; that the equations themselves may be wrong is not in them.",
    "Growth of deposits follows one set of constants for everybody: its interval is too narrow.",
    "Doses are taken as written: adherence, appetite and interactions are not simulated.",
)


@dataclass(frozen=True)
class Outcome:
    """One line of one arm: its value, its difference from going on as now, and how probable it is to be better."""

    value: Interval
    against_now: Interval
    better: float | None


@dataclass(frozen=True)
class Lever:
    """One part of an arm tried alone: what it does to the goal, and the chance that it does most."""

    words: str
    effect: Interval
    most: float


@dataclass(frozen=True)
class Comparison:
    """Everything a page or a card may say about the arms of one person."""

    who: Individual
    years: float
    arms: tuple[Arm, ...]
    lines: tuple[Line, ...]
    table: dict[str, dict[str, Outcome]]
    """{arm: {line: outcome}}"""
    trajectories: dict[str, Trajectory]
    levers: tuple[Lever, ...]
    goal: str
    checked: tuple[Fitted, ...]
    lost: tuple[str, ...]

    @property
    def limits(self) -> tuple[str, ...]:
        """What a reader must know beside the numbers."""
        return LIMITS

    def to_dict(self) -> dict[str, Any]:
        """One JSON-ready object (schema `compare/1`)."""
        arms = [
            {
                "name": a.name, "doses": dict(a.doses), "stopped": sorted(a.stopped), "therapies": _said(a),
                "outcomes": {
                    k.name: {
                        "words": k.words, "unit": k.unit, "kind": k.kind, "better": {1: "more", -1: "less", 0: "neither"}[k.better],
                        **o.value.to_dict(), "against_as_now": o.against_now.to_dict(), "probability_better": o.better,
                    } for k in self.lines for o in (self.table[a.name][k.name],)
                },
                "curves": _curves(self.trajectories[a.name], [k.name for k in self.lines]),
            } for a in self.arms
        ]  # fmt: skip
        inside = [f.inside for f in self.checked]
        return {
            "record": self.who.label, "years": self.years, "n": len(self.who.members), "seed": self.who.seed, "arms": arms,
            "levers": [{"lever": x.words, "goal": self.goal, **x.effect.to_dict(), "probability_of_most": x.most} for x in self.levers],
            "most_important_lever": self.levers[0].words if self.levers else None,
            "calibration": self.who.to_dict(),
            "predictive_check": {"values": len(inside), "inside_90": float(np.mean(inside)) if inside else None},
            "failures": list(self.lost), "limits": list(self.limits),
        }  # fmt: skip


def _said(a: Arm) -> list[dict[str, Any]]:
    """What each therapy of an arm is, and the harms it is known for that are not modelled."""
    found = [therapy(n) for n in a.doses]
    return [
        {"name": t.name, "maturity": t.maturity, "harms_modelled": list(t.harms_modelled),
         "harms_not_modelled": list(t.harms_not_modelled), "caution": t.caution} for t in found
    ]  # fmt: skip


def _curves(t: Trajectory, names: Sequence[str]) -> dict[str, Any]:
    """5th, 50th and 95th percentile over time of every curve that a line reads."""
    found: dict[str, Any] = {"days": t.times}
    for n in names:
        try:
            rows = t.rows(n)
        except (InputError, KeyError):
            continue
        found[n] = dict(zip(("low", "median", "high"), np.percentile(rows, (5, 50, 95), axis=0), strict=True))
    return found


def compare(
    record: Any, arms: Sequence[str], years: float = 5.0, *, members: int = MEMBERS, seed: int = 1, check: bool = True
) -> Comparison:
    """The arms, and going on as now, for the person of a record (or an Individual) over `years`.

    Raises InputError or UnitError for an arm that is not understood, NotEnoughDataError for a record without values.
    """
    low, high = YEARS
    if not low <= years <= high:
        raise InputError(f"{years:g} years cannot be compared.", fix=f"{low:g} to {high:g} years")
    read = [arm(text) for text in arms]
    if len({a.name for a in read}) < len(read):
        raise InputError("two arms are the same.", fix="write each arm once")
    read = [Arm(NOW), *(a for a in read if a.levers)]
    who = record if isinstance(record, Individual) else individual(record, seed, members)
    runs = {a.name: _run(who, a, years, len(who.members)) for a in read}
    lost = tuple(f"{n}: {f}" for n, t in runs.items() for f in t.failures)
    shared = sorted(set.intersection(*(set(t.labels) for t in runs.values())), key=int)
    if not shared:
        raise InputError(
            "no member of the ensemble could be simulated in every arm.", where=who.label, why="; ".join(lost[:2])
        )
    runs = {n: _only(t, shared) for n, t in runs.items()}
    shown = lines(runs[NOW])
    goal = _goal(runs[NOW])
    levers = _levers(who, read, years, next(k for k in shown if k.name == goal), runs[NOW]) if len(read) > 1 else ()
    return Comparison(
        who, years, tuple(read), tuple(shown), _table(shown, runs), runs, levers, goal,
        predictive_check(who.course, seed) if check else (), lost,
    )  # fmt: skip


def _run(who: Individual, a: Arm, years: float, count: int) -> Trajectory:
    people = [replace(p, name=str(k)) for k, p in enumerate(who.members[:count])]
    days = max(7.0, 7.0 * round(years * 365.25 / 7.0))
    times = np.unique([*np.arange(0.0, days, EVERY), days])
    plans = [a.scenario(p, p.solved()) for p in people] if a.eaten else [a.scenario(people[0], people[0].solved())]
    if a.machine:
        plans = [a.scenario(p, p.solved()) for p in people]
    return carried(people, plans, days, times=times, rtol=RTOL, failures="collect")[0]


def _only(t: Trajectory, labels: Sequence[str]) -> Trajectory:
    """The rows of some people, in their order."""
    at = [t.labels.index(x) for x in labels]
    curves = {n: c[at] for n, c in t.curves.items()}
    return replace(t, curves=curves, labels=tuple(labels), traits={n: np.asarray(v)[at] for n, v in t.traits.items()})


def _table(shown: Sequence[Line], runs: dict[str, Trajectory]) -> dict[str, dict[str, Outcome]]:
    values = {n: {k.name: k.read(t) for k in shown} for n, t in runs.items()}
    found: dict[str, dict[str, Outcome]] = {}
    for n, mine in values.items():
        found[n] = {}
        for k in shown:
            gap = k.better * (mine[k.name] - values[NOW][k.name])
            untold = k.better == 0 or n == NOW or not np.any(gap)
            chance = None if untold else float(np.mean(gap > 0) + 0.5 * np.mean(gap == 0))
            found[n][k.name] = Outcome(interval(mine[k.name]), difference(mine[k.name], values[NOW][k.name]), chance)
    return found


def _goal(t: Trajectory) -> str:
    """Deposits where there are some, else T50, else phosphate."""
    known = {k.name for k in lines(t)}
    if GOALS[0] in known and float(np.median(t.rows(GOALS[0])[:, 0])) > 10.0:
        return GOALS[0]
    return next(g for g in GOALS[1:] if g in known)


def _levers(who: Individual, arms: Sequence[Arm], years: float, goal: Line, now: Trajectory) -> tuple[Lever, ...]:
    """Every part of every arm alone, on some members; those that do most first."""
    words = list(dict.fromkeys(part for a in arms for part in a.levers))
    count = min(LEVER_MEMBERS, len(now.labels))
    effects: dict[str, np.ndarray] = {}
    for part in words:
        t = _run(who, arm(part), min(years, 2.0), count)
        base = _run_now(who, min(years, 2.0), count)
        shared = [x for x in t.labels if x in base.labels]
        effects[part] = goal.read(_only(t, shared)) - goal.read(_only(base, shared))
    size = min(len(v) for v in effects.values())
    gains = np.array([goal.better * effects[w][:size] for w in words])
    best = gains.argmax(axis=0)
    found = [Lever(w, interval(effects[w]), float(np.mean(best == k))) for k, w in enumerate(words)]
    return tuple(sorted(found, key=lambda x: (-x.most, -goal.better * x.effect.middle)))


def _run_now(who: Individual, years: float, count: int) -> Trajectory:
    return _run(who, Arm(NOW), years, count)
