"""One person from a Record: the most probable parameters and state, and an ensemble that says how sure.

    who = individual(record, seed=1)
    trajectory = who.forward(Scenario(regimen={"sevelamer": "4.8 g/d"}), days=1826)

The ensemble is drawn from the normal law about the most probable scores (Laplace), run through the record once more,
and drawn again by how well each member meets the values. Its members stand where the record ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation import calibration
from fetuin.simulation.calibration import RTOL, Mode, Problem, Run, most_probable, problem
from fetuin.simulation.person import Person
from fetuin.simulation.record_course import Course, course_of
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import carried

MEMBERS = 200
LEARNT = 0.2  # a parameter counts as learnt where its spread shrank by a fifth
HELD_BACK = 0.25  # share of the record, at its end, of a predictive check


@dataclass(frozen=True)
class Learnt:
    """One parameter: how far it moved from the middle of the population and how much its spread shrank (1: known)."""

    name: str
    score: float
    spread: float

    @property
    def shrinkage(self) -> float:
        """0 where the record says nothing of it, 1 where it fixes it."""
        return 1.0 - self.spread


@dataclass(frozen=True)
class Fitted:
    """A value of the record beside what the ensemble shows there (5, 50, 95 %)."""

    analyte: str
    day: float
    value: float
    low: float
    middle: float
    high: float

    @property
    def inside(self) -> bool:
        """Does the value lie within the 90 % interval?"""
        return self.low <= self.value <= self.high


@dataclass(frozen=True)
class Individual:
    """A person as far as a record says: `members` stand at its last day with their states."""

    label: str
    course: Course
    names: tuple[str, ...]
    mode: Mode
    members: tuple[Person, ...]
    offsets: Mapping[str, np.ndarray]
    fitted: tuple[Fitted, ...]
    effective: float
    tempering: float
    seed: int
    when: datetime | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def identified(self) -> tuple[Learnt, ...]:
        """Every parameter, the best learnt first."""
        p = problem(self.course)
        covariance = p.factor @ np.linalg.inv(self.mode.information + np.eye(len(self.names))) @ p.factor.T
        before = np.diag(p.factor @ p.factor.T)
        spread = np.sqrt(np.diag(covariance) / before)
        scores = p.factor @ self.mode.scores
        found = [Learnt(n, float(s), float(w)) for n, s, w in zip(self.names, scores, spread, strict=True)]
        return tuple(sorted(found, key=lambda x: x.spread))

    @property
    def directions(self) -> int:
        """How many combinations of parameters the record determines better than the population does."""
        return int(np.sum(np.linalg.eigvalsh(self.mode.information) > 1.0))

    def forward(
        self, scenario: Scenario, days: float, *, times: np.ndarray | None = None, members: int | None = None
    ) -> Trajectory:
        """The ensemble in a scenario from the last day of the record on."""
        people = self.members[:members]
        return carried(people, [scenario], days, times=times, rtol=RTOL, failures="collect")[0]

    def to_dict(self) -> dict[str, Any]:
        """What was learnt, for a report."""
        return {
            "record": self.label, "population": self.course.population, "days": self.course.days,
            "values": len(self.course.seen), "members": len(self.members), "seed": self.seed,
            "effective_members": self.effective, "tempering": self.tempering, "rounds": self.mode.rounds,
            "directions_determined": self.directions,
            "parameters": [{"name": x.name, "score": x.score, "shrinkage": x.shrinkage} for x in self.identified],
            "inside_90": float(np.mean([f.inside for f in self.fitted])) if self.fitted else None,
            "offsets": {k: float(np.exp(np.median(v))) for k, v in self.offsets.items()}, "notes": list(self.notes),
        }  # fmt: skip


def individual(record: Any, seed: int = 1, members: int = MEMBERS) -> Individual:
    """The Individual of a Record (or of a Course). NotEnoughDataError where it holds nothing the body knows."""
    course = record if isinstance(record, Course) else course_of(record)
    return _calibrated(problem(course), seed, members)


def _calibrated(p: Problem, seed: int, members: int) -> Individual:
    if members < 2:
        raise InputError(f"an ensemble of {members} says nothing of spread.", fix="2 members or more; 200 are usual")
    mode = most_probable(p)
    generator = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.linalg.inv(mode.information + np.eye(len(p.names))))
    steps = generator.standard_normal((members, len(p.names)))
    scores = np.clip(mode.scores + steps @ root.T, -calibration.FARTHEST, calibration.FARTHEST)
    found = calibration.run(p, scores)
    weights, tempering, effective = _weights(found, scores, steps)
    chosen = _systematic(weights, members, generator)
    shifts = {k: v[chosen] for k, v in calibration.offsets(p, found.trajectory).items()}
    return Individual(
        p.course.label, p.course, p.names, mode, tuple(found.people[k] for k in chosen), shifts,
        _fitted(p, found, chosen, shifts, generator), effective, tempering, seed, p.course.begin, p.course.notes,
    )  # fmt: skip


def _weights(found: Run, scores: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Importance of each member, tempered until a third of them count; the exponent, and the effective number."""
    mine = scores[found.arrived]
    log = -0.5 * (np.sum(found.residuals**2, axis=1) + np.sum(mine**2, axis=1)) + 0.5 * np.sum(
        steps[found.arrived] ** 2, axis=1
    )
    log -= log.max()
    for tempering in (1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.0):
        w = np.exp(tempering * log)
        w /= w.sum()
        effective = float(1.0 / np.sum(w**2))
        if effective >= len(w) / 3.0:
            break
    return w, tempering, effective


def _systematic(weights: np.ndarray, n: int, generator: np.random.Generator) -> np.ndarray:
    """n draws in proportion to the weights, with the least scatter."""
    places = (generator.random() + np.arange(n)) / n
    drawn = np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)
    return np.asarray(generator.permutation(drawn))


def _fitted(
    p: Problem, found: Run, chosen: np.ndarray, shifts: Mapping[str, np.ndarray], generator: np.random.Generator
) -> tuple[Fitted, ...]:
    """Each value beside the ensemble, with the scatter of a laboratory."""
    return _beside(p.seen, calibration.predicted(p, found.trajectory)[chosen], shifts, generator)


def _beside(
    seen: Sequence[Any], shown: np.ndarray, shifts: Mapping[str, np.ndarray], generator: np.random.Generator
) -> tuple[Fitted, ...]:
    out = []
    for k, s in enumerate(seen):
        noise = s.spread * generator.standard_normal(len(shown))
        sample = shown[:, k] * np.exp(shifts.get(s.analyte, 0.0) + noise)
        low, middle, high = (float(q) for q in np.percentile(sample, (5, 50, 95)))
        out.append(Fitted(s.analyte, s.day, s.value, low, middle, high))
    return tuple(out)


def predictive_check(course: Course, seed: int = 1, members: int = 60, share: float = HELD_BACK) -> tuple[Fitted, ...]:
    """The values of the last `share` of the record beside what the rest of it predicts; () where there are too few days."""
    edge = course.days * (1.0 - share)
    early = [s for s in course.seen if s.day <= edge]
    late = tuple(s for s in course.seen if s.day > edge)
    if len({s.day for s in early}) < 2 or not late:
        return ()
    fit = _calibrated(Problem(course, problem(course).spec, tuple(early)), seed, members)
    # the members stand at the end of the record: run them again from its start, reading what was held back
    whole = problem(course, late)
    generator = np.random.default_rng(seed + 1)
    root = np.linalg.cholesky(np.linalg.inv(fit.mode.information + np.eye(len(fit.names))))
    scores = fit.mode.scores + generator.standard_normal((members, len(fit.names))) @ root.T
    both = problem(course, (*early, *late))
    found = calibration.run(both, np.clip(scores, -calibration.FARTHEST, calibration.FARTHEST))
    shifts = calibration.offsets(Problem(course, both.spec, tuple(early)), found.trajectory)
    spread = {
        n: _offset_left(early, n) * generator.standard_normal(len(found.people)) for n in {s.analyte for s in late}
    }
    shifts = {n: shifts.get(n, 0.0) + spread[n] for n in spread}
    return _beside(late, calibration.predicted(whole, found.trajectory), shifts, generator)


def _offset_left(seen: Sequence[Any], analyte: str) -> float:
    """Standard deviation of an analyte's offset after its values."""
    weight = sum(1.0 / s.spread**2 for s in seen if s.analyte == analyte)
    return math.sqrt(1.0 / (weight + 1.0 / calibration.OFFSET.get(analyte, 0.15) ** 2))


__all__ = ["Fitted", "Individual", "Learnt", "individual", "predictive_check", "replace"]
