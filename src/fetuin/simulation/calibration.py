"""The most probable person behind a course of values: Gauss and Newton on normal scores, people as lanes.

What may differ is what differs between the persons of the population (its `[[varies]]`, with their correlations), and
the severity of each lesion that the record names. Scores are standard normal before any value is seen; each value is
log-normal about the curve of the body, and each analyte has an offset of its own (assay and equations) that is
integrated out. Slopes are differences between lanes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fetuin.errors import FetuinError, NumericalError
from fetuin.knowledge.population import Population, Varies, population
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation.observation import truth
from fetuin.simulation.person import Person
from fetuin.simulation.population import correlation, person_of
from fetuin.simulation.record_course import GFR_CV, Course, Seen
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import carried

OFFSET = {"calcium": 0.015, "calcium_ionised": 0.02, "phosphate": 0.05, "magnesium": 0.04, "bicarbonate": 0.04,
          "pth": 0.25}  # fmt: skip
"""Standard deviation of the logarithm of what an assay and the equations are off by; assumption. Others: 0.15."""
SEVERITY = 0.5  # standard deviation of the logarithm of a lesion's severity; assumption
STEP, ROUNDS, RTOL = 0.15, 8, 1e-4
LEAST_SPAN = 0.05  # days, where a record has one date only
FARTHEST = 3.5  # scores


@dataclass(frozen=True)
class Problem:
    """A course, and the scores that may move to meet it."""

    course: Course
    spec: Population
    seen: tuple[Seen, ...]

    @cached_property
    def varies(self) -> tuple[Varies, ...]:
        """What of the population varies; filtration is taken from the record where it is there."""
        return tuple(self.spec.varies)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the scores."""
        lesions = tuple(f"severity of {k}" for k in self.course.base.disorders)
        return (*(v.name for v in self.varies), *lesions)

    @cached_property
    def factor(self) -> np.ndarray:
        """Scores of the parameters = factor @ independent scores."""
        full = np.eye(len(self.names))
        k = len(self.varies)
        full[:k, :k] = np.linalg.cholesky(correlation(self.spec))
        return full

    @cached_property
    def times(self) -> np.ndarray:
        """Days at which values are wanted, with both ends."""
        return np.unique([0.0, *(min(s.day, self.span) for s in self.seen), self.span])

    @property
    def span(self) -> float:
        """Days that are replayed."""
        return max(self.course.days, LEAST_SPAN)

    def person(self, independent: np.ndarray) -> tuple[Person, Scenario]:
        """The person of a set of independent scores, and what the record says was done."""
        scores = dict(zip(self.names, self.factor @ independent, strict=True))
        base = self.course.base
        severities = {
            k: s * math.exp(SEVERITY * scores[f"severity of {k}"]) for k, s in base.disorders.items()
        }  # fmt: skip
        known = math.exp(GFR_CV * scores.get("gfr", 0.0))
        gfr = None if base.gfr is None else float(np.clip(base.gfr * known, 0.8, 220.0))
        own = replace(base, gfr=gfr, disorders=severities, parameters={})
        made = person_of(self.spec, {v.name: float(scores[v.name]) for v in self.varies}, 0, own)
        end = self.course.gfr_end
        points = (
            ()
            if end is None or self.course.days <= 0
            else ((self.course.days, float(np.clip(end * known, 0.8, 220.0))),)
        )
        return replace(made, name=self.course.label), Scenario(acts=self.course.acts, gfr=points)


@dataclass(frozen=True)
class Run:
    """Several people run through the course: who arrived, their curves, their states at its end, the misfits."""

    arrived: np.ndarray
    trajectory: Trajectory
    people: list[Person]
    residuals: np.ndarray
    """(people, values): logarithm of value over curve, in spreads, offsets integrated out."""


def problem(course: Course, seen: Sequence[Seen] | None = None) -> Problem:
    """The problem of a course; `seen` leaves some of its values out."""
    return Problem(course, population(course.population), tuple(course.seen if seen is None else seen))


def run(p: Problem, scores: np.ndarray) -> Run:
    """(people, scores) through the course. NumericalError where nobody arrives."""
    made = [p.person(x) for x in scores]
    possible = [k for k, (who, _) in enumerate(made) if _has_health(who)]
    if not possible:
        raise NumericalError(
            "no person near the values of this record has a healthy steady state.", where=p.course.label
        )
    chosen = [made[k] for k in possible]
    people = [replace(who, name=str(k)) for k, (who, _) in zip(possible, chosen, strict=True)]
    t, now = carried(people, [s for _, s in chosen], p.span, times=p.times, rtol=RTOL, failures="collect")
    if not now:
        raise NumericalError(
            "nobody could be simulated through this record.", where=p.course.label, why="; ".join(t.failures[:1])
        )
    arrived = np.array([int(who.name) for who in now])
    return Run(arrived, t, [replace(w, name=p.course.label) for w in now], whitened(p, logs(p, t)))


def _has_health(who: Person) -> bool:
    try:
        who.solved()
    except FetuinError:
        return False
    return True


def predicted(p: Problem, t: Trajectory) -> np.ndarray:
    """(people, values): what the curves show where values were seen."""
    columns = []
    for s in p.seen:
        rows = truth(t, s.analyte)[0]
        columns.append(rows[:, int(np.argmin(np.abs(t.times - s.day)))])
    return np.array(columns).T


def logs(p: Problem, t: Trajectory) -> np.ndarray:
    """(people, values): logarithm of value over curve."""
    values = np.array([s.value for s in p.seen])
    return np.log(values) - np.log(np.maximum(predicted(p, t), 1e-9))


def groups(p: Problem) -> dict[str, np.ndarray]:
    """{analyte: places of its values}."""
    names = [s.analyte for s in p.seen]
    return {n: np.array([k for k, m in enumerate(names) if m == n]) for n in dict.fromkeys(names)}


def whitened(p: Problem, misfit: np.ndarray) -> np.ndarray:
    """Misfits with unit variance and without correlation, the common offset of each analyte integrated out."""
    out = np.empty_like(misfit)
    for name, at in groups(p).items():
        spread = np.array([p.seen[k].spread for k in at])
        covariance = np.diag(spread**2) + OFFSET.get(name, 0.15) ** 2
        out[:, at] = np.linalg.solve(np.linalg.cholesky(covariance), misfit[:, at].T).T
    return out


def offsets(p: Problem, t: Trajectory) -> dict[str, np.ndarray]:
    """{analyte: (people,)} the most probable offset of the logarithm of each analyte."""
    misfit, found = logs(p, t), {}
    for name, at in groups(p).items():
        weight = 1.0 / np.array([p.seen[k].spread for k in at]) ** 2
        found[name] = misfit[:, at] @ weight / (weight.sum() + 1.0 / OFFSET.get(name, 0.15) ** 2)
    return found


@dataclass(frozen=True)
class Mode:
    """The most probable scores, the slopes of the misfits there, and how it was reached."""

    scores: np.ndarray
    slopes: np.ndarray
    cost: float
    rounds: int

    @property
    def information(self) -> np.ndarray:
        """What the values add to the prior's unit matrix."""
        return np.asarray(self.slopes.T @ self.slopes)


def most_probable(p: Problem) -> Mode:
    """Gauss-Newton steps from the middle of the population; the step length is the best of four lanes."""
    x = np.zeros(len(p.names))
    slopes, r = _slopes(p, x)
    cost = _cost(r, x)
    rounds = 0
    while rounds < ROUNDS:
        rounds += 1
        step = np.linalg.solve(slopes.T @ slopes + np.eye(len(x)), -(slopes.T @ r + x))
        tried = np.clip([x + a * step for a in (1.0, 0.5, 0.2, 0.05)], -FARTHEST, FARTHEST)
        found = run(p, tried)
        costs = [_cost(row, tried[k]) for row, k in zip(found.residuals, found.arrived, strict=True)]
        best = int(np.argmin(costs))
        if costs[best] > cost - 0.05:
            break
        gained, cost, x = cost - costs[best], costs[best], tried[found.arrived[best]]
        slopes, r = _slopes(p, x)
        if gained < 0.01 * cost + 0.1:
            break
    return Mode(x, slopes, cost, rounds)


def _cost(r: np.ndarray, x: np.ndarray) -> float:
    return float(r @ r + x @ x)


def _slopes(p: Problem, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(values, scores) and the misfits at `x`; a score whose neighbour cannot live counts as not seen."""
    side = np.where(x > FARTHEST - STEP, -STEP, STEP)
    found = run(p, np.vstack([x, x + np.diag(side)]))
    rows = dict(zip(found.arrived.tolist(), found.residuals, strict=True))
    if 0 not in rows:
        raise NumericalError("the person at the middle of the search cannot be simulated.", where=p.course.label)
    middle = rows[0]
    columns = [(rows[k + 1] - middle) / side[k] if k + 1 in rows else np.zeros_like(middle) for k in range(len(x))]
    return np.array(columns).T, middle
