"""One person, or many, through time: run-in, scenario, trajectory.

    trajectory = simulate(Person(gfr=36), {"haemodialysis": 1}, days=28)

The run-in starts from the healthy steady state of the person, lowers kidney function along its course, then holds the
person's conditions; day 0 is its end. Set-points are parameters and do not move with the start.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.engine.schedule import Schedule
from fetuin.errors import InputError, UsageError
from fetuin.physiology import baseline, deposit, readings
from fetuin.physiology.model import ML_PER_MIN, body_model, resting_inputs
from fetuin.physiology.targets import Targets, joined
from fetuin.physiology.trajectory import READ, UNITS, Trajectory
from fetuin.simulation.person import Person
from fetuin.simulation.regimen import acts_of, cautions, continued, schedule, therapy
from fetuin.simulation.scenario import Scenario
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import gained_before, sessions
from fetuin.therapies.peritoneal_dialysis import THERAPY as PERITONEAL

if TYPE_CHECKING:
    from fetuin.engine.solve import Solution

LEDGERS = tuple(
    f"{m}_{w}" for m in ("calcium", "phosphate", "magnesium") for w in ("in", "faeces", "urine", "dialysate")
)
BLINK = 0.02  # days: the shortest schedule that can be read at its start
KEPT = (
    *LEDGERS,
    "gland",
    "surface",
    "trabecular",
    "cortical",
    "osteoclasts",
    "osteoblasts",
    "klotho",
    "sclerostin",
    "precursors",
    "bp_surface",
    "bp_recent",
    "bp_old",
    *deposit.state_names(),
)


def simulate(
    who: Any = None, regimen: Mapping[str, Any] | Scenario | None = None, days: float = 365.0, *,
    times: Sequence[float] | np.ndarray | None = None, rtol: float = 1e-6,
) -> Trajectory:  # fmt: skip
    """The trajectory of one person (a Person or a Record; None is the healthy adult) over `days`.

    `regimen` is {therapy: dose} or a Scenario. Units: mmol/L, ng/L, pmol/L; days. Raises InputError for what is
    impossible and NumericalError, with the state and the time, where the equations cannot be solved.
    """
    person = _as_person(who)
    scenario = regimen if isinstance(regimen, Scenario) else Scenario(regimen=dict(regimen or {}))
    return simulate_many([person], scenario, days, times=times, rtol=rtol)


def _as_person(who: Any) -> Person:
    if who is None:
        return Person()
    if isinstance(who, Person):
        return who
    if hasattr(who, "observations"):
        from fetuin.simulation.from_record import person_of

        return person_of(who)
    raise UsageError(f"a {type(who).__name__} cannot be simulated.", fix="a Person, a Record or None")


def simulate_many(
    people: Sequence[Person], scenario: Scenario, days: float, *,
    times: Sequence[float] | np.ndarray | None = None, rtol: float = 1e-6, failures: str = "raise",
) -> Trajectory:  # fmt: skip
    """The same scenario for several people, in lanes."""
    return carried(people, [scenario], days, times=times, rtol=rtol, failures=failures)[0]


def carried(
    people: Sequence[Person], scenarios: Sequence[Scenario], days: float, *,
    times: Sequence[float] | np.ndarray | None = None, rtol: float = 1e-6, failures: str = "raise",
) -> tuple[Trajectory, list[Person]]:  # fmt: skip
    """The trajectory, and the same people at the last output time: their states are where a next scenario starts.

    One scenario for all, or one for each. People who could not be simulated have no rows and are left out.
    """
    from fetuin.engine.solve import integrate_many

    if not people:
        raise InputError("nobody to simulate.")
    model = body_model()
    each = [*scenarios] * len(people) if len(scenarios) == 1 else list(scenarios)
    parameters = [p.solved() for p in people]
    start = _starts(people, parameters, rtol)
    plans = [plan(p, q, s, days) for p, q, s in zip(people, parameters, each, strict=True)]
    one = plans[0] if all(s == plans[0] for s in plans) else None
    grid = output_grid(days) if times is None else np.asarray(times, float)
    table = np.array([[q[n] for n in model.parameter_names] for q in parameters])
    found = integrate_many(model, one or plans, grid, table, start, rtol, failures=failures, count=len(people))
    traits = {n: table[found.people.astype(int), model.parameter_names.index(n)] for n in readings.TRAITS}
    taken = {n for s in scenarios for n in (*s.regimen, *s.replaces)} | {name for p in people for name in p.regimen}
    t = trajectory(found, [p.name for p in people], scenarios[0].name)
    t = replace(t, traits=traits, provenance={"cautions": cautions(taken)})
    kept = [int(k) for k in found.people]
    if grid[0] == 0.0:
        before = _just_before(people, parameters, table, start, rtol)
        for name, curve in t.curves.items():
            curve[:, 0] = before.curves[name][kept, 0]
    gfr = model.state_names.index("gfr")
    ends = found.states[:, -1]
    now = [replace(people[k], start=tuple(map(float, y)), gfr=float(y[gfr]) / ML_PER_MIN) for k, y in zip(kept, ends)]
    return t, now


def _just_before(
    people: Sequence[Person], parameters: Sequence[dict[str, float]], table: np.ndarray, start: np.ndarray, rtol: float
) -> Trajectory:
    """What is read at day 0: the conditions before it, so that a scenario that acts at once does not move its baseline."""
    from fetuin.engine.solve import integrate_many

    plans = [
        schedule(conditions(p, None, BLINK)[0], resting_inputs(q), BLINK, p.lesions())
        for p, q in zip(people, parameters, strict=True)
    ]
    found = integrate_many(body_model(), plans, [0.0], table, start, rtol, count=len(people))
    return trajectory(found, [p.name for p in people], "")


def output_grid(days: float) -> np.ndarray:
    """Output times: every hour for two days, every quarter day to two months, every day to two years, then weekly."""
    step = 1 / 24 if days <= 2 else 0.25 if days <= 60 else 1.0 if days <= 730 else 7.0
    return np.append(np.arange(0.0, days - 1e-9, step), days)


def trajectory(found: Solution, labels: Sequence[str], title: str) -> Trajectory:
    """The curves that a clinic knows, and the ledgers, of a solution."""
    backward = {v: k for k, v in READ.items()}
    curves = {backward.get(n, n): c for n, c in found.outputs.items()}
    curves |= {n: found[n] for n in KEPT}
    units = {n: UNITS.get(n, found.model.units.get(READ.get(n, n), "1")) for n in curves}
    lost = tuple(f"{labels[f.person]}: {f.message()}" if hasattr(f, "message") else str(f) for f in found.failures)
    return Trajectory(found.times, curves, units, tuple(labels[int(k)] for k in found.people), title, lost)


def conditions(person: Person, scenario: Scenario | None, days: float) -> tuple[list[Act], Targets]:
    """Acts and lasting Targets of a person in a scenario (None: the run-in)."""
    prescription = (scenario.dialysis if scenario else None) or person.dialysis
    acts = list(sessions(prescription)) if prescription else []
    if person.peritoneal:
        acts += PERITONEAL.given(1.0)
    if person.diet:
        from fetuin.therapies.diet import diet

        acts.append(diet(person.diet))
    lesions = person.lesions()
    if scenario is None:
        acts += acts_of(person.regimen, days)
    else:
        new = {therapy(n).name for n in scenario.regimen} | scenario.replaces
        acts += continued(person.regimen, _held_days(person), days, new)
        acts += [*acts_of(scenario.regimen, days), *scenario.acts]
        lesions = joined([lesions, Person(disorders=scenario.disorders).lesions()])
    return acts, lesions


def plan(person: Person, parameters: dict[str, float], scenario: Scenario, days: float) -> Schedule:
    """The schedule of a person in a scenario."""
    acts, lesions = conditions(person, scenario, days)
    now = person.gfr or parameters["healthy.gfr"] / ML_PER_MIN
    acts += course(scenario.gfr, now)
    return schedule(acts, resting_inputs(parameters), days, lesions)


def course(points: Sequence[tuple[float, float]], now: float) -> list[Act]:
    """Acts that lead filtration exponentially from `now` [mL/min] through (day, mL/min)."""
    found, day, value = [], 0.0, now
    for then, wanted in points:
        span = max(then - day, 0.02)
        found.append(
            Act(inputs={"course.gfr_growth": math.log(wanted / value) / span}, start=day, duration=span, name="course")
        )
        day, value = day + span, wanted
    return found


def _starts(people: Sequence[Person], parameters: Sequence[dict[str, float]], rtol: float) -> np.ndarray:
    """(people, states) at day 0."""
    from fetuin.engine.solve import integrate_many

    model = body_model()
    table = np.array([[q[n] for n in model.parameter_names] for q in parameters])
    rests = [baseline.rest(q) for q in parameters]
    start = np.array([[r[n] for n in model.state_names] for r in rests])
    for k, p in enumerate(people):
        if p.start is not None:
            start[k] = p.start
    for phase in (_decline, _hold):
        plans = [None if p.start else phase(p, q) for p, q in zip(people, parameters, strict=True)]
        needed = [k for k, s in enumerate(plans) if s is not None]
        if not needed:
            continue
        groups: dict[float, list[int]] = {}
        for k in needed:
            groups.setdefault(plans[k].duration, []).append(k)  # type: ignore[union-attr]
        for duration, mine in groups.items():
            schedules = [plans[k] for k in mine]
            one = schedules[0] if all(s == schedules[0] for s in schedules) else None
            found = integrate_many(model, one or schedules, [duration], table[mine], start[mine], rtol, count=len(mine))  # type: ignore[arg-type]
            start[mine] = found.states[:, -1, :]
    for k, p in enumerate(people):
        if p.dialysis is not None and p.history() == 0 and p.start is None:
            start[k] = _before_first_session(model.state_names, start[k], p)
    for k, p in enumerate(people):
        for name, amount in p.deposited():
            start[k, model.state_names.index(name)] = amount
    ledgers = [model.state_names.index(n) for n in LEDGERS]
    start[:, ledgers] = 0.0
    return start


def day_zero(people: Sequence[Person], rtol: float = 1e-4) -> list[tuple[Person, dict[str, float]]]:
    """Every person with the state at day 0 attached, and what a clinic would read then."""
    parameters = [p.solved() for p in people]
    start = _starts(people, parameters, rtol)
    model = body_model()
    table = np.array([[q[n] for n in model.parameter_names] for q in parameters])
    seen = _just_before(people, parameters, table, start, rtol)
    return [
        (
            replace(p, start=tuple(map(float, start[k]))),
            {n: float(np.atleast_2d(c)[k, 0]) for n, c in seen.curves.items()},
        )
        for k, p in enumerate(people)
    ]


def _before_first_session(names: Sequence[str], state: np.ndarray, person: Person) -> np.ndarray:
    """The fluid gained before the first session, with the minerals at unchanged concentration."""
    assert person.dialysis is not None
    out, volume = state.copy(), names.index("volume")
    grown = (state[volume] + gained_before(person.dialysis)) / state[volume]
    for n in ("volume", "calcium", "phosphate", "magnesium"):
        out[names.index(n)] *= grown
    return out


def _decline(person: Person, parameters: dict[str, float]) -> Schedule | None:
    healthy = parameters["healthy.gfr"] / ML_PER_MIN
    if person.gfr is None or abs(person.gfr / healthy - 1.0) < 1e-9:
        return None
    days = person.decline_years * 365.25
    lesions = person.lesions() if person.history() > days else joined([])
    return schedule(course([(days, person.gfr)], healthy), resting_inputs(parameters), days, lesions)


def _held_days(person: Person) -> float:
    """Days of run-in at constant conditions; on dialysis whole weeks, so that day 0 is the first session of a week."""
    days = person.history()
    return max(7.0, 7.0 * round(days / 7.0)) if person.dialysis is not None and days > 0 else days


def _hold(person: Person, parameters: dict[str, float]) -> Schedule | None:
    days = _held_days(person)
    if days <= 0:
        return None
    acts, lesions = conditions(person, None, days)
    return schedule(acts, resting_inputs(parameters), days, lesions)
