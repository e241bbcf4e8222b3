"""Replicates of a study: a chunk of simulated trials from their numbers to one row each. Pure functions of seed and trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials.analysed import outcome, prepare
from fetuin.trials.conduct import MONTH, YEAR, Lived, TrialData, conduct, live
from fetuin.trials.estimators import estimator
from fetuin.trials.looks import Look, looks
from fetuin.trials.monitoring import monitor
from fetuin.trials.size import boundaries, randomised
from fetuin.trials.strategies import counted
from fetuin.trials.streams import Streams

if TYPE_CHECKING:
    from fetuin.trials.bank import Bank
    from fetuin.trials.study import Study

Array = np.ndarray
Rows = dict[str, Array]
CELLS = 40_000  # person-visits of one batch: fits a cache
TRUTH = 2**40  # trial numbers from here on are those of the truth
TRUTH_BATCHES, TRUTH_PEOPLE = 25, 2000


def chunk_size(study: Study) -> int:
    """Trials in a chunk: a function of the study alone, never of the workers."""
    return int(np.clip(CELLS // (randomised(study) * len(study.visits)), 5, 200))


def replicates(study: Study, bank: Bank | None, seed: int, trials: range, null: bool = False) -> Rows:
    """One row for each trial number: its verdict, what it cost, who was lost."""
    n = randomised(study)
    data = conduct(study, bank, Streams(seed, tuple(trials)), n, null)
    seen = looks(study, data, prepare(study, data))
    v = monitor(
        [s.data for s in seen],
        estimator(study.endpoint.analysis),
        boundaries(study),
        1 if study.plan.direction == "higher" else -1,
    )
    return {"trial": np.array(trials), **vars(v), **_effort(study, data, seen, v.look)}


def _effort(study: Study, data: TrialData, listed: list[Look], look: Array) -> Rows:
    """People, months, measurements and money until the trial ended; what happened to the people."""
    p, months = study.plan, study.plan.follow_up / MONTH
    at = np.arange(len(look))
    seen, end = np.stack([k.seen for k in listed])[look, at], np.stack([k.end for k in listed])[look, at][:, None]
    inside = data.entry <= end
    own = np.minimum(data.in_study / MONTH, np.maximum(end - data.entry, 0.0))
    visits = np.array([d / MONTH for d in study.visits if d > 0] or [months])
    held = inside[:, :, None] & (visits <= own[:, :, None] + 1e-9)
    before = sum(d <= 0 for d in study.visits)
    measured = np.isfinite(data.measured[:, :, : len(study.visits)]) & inside[:, :, None]
    enrolled = inside.sum(axis=1)
    count = held.sum(axis=(1, 2)) + before * enrolled
    c = p.cost
    samples = measured.sum(axis=(1, 2))
    duration = end[:, 0]
    money = c.per_patient * enrolled + c.per_visit * count + c.per_measurement * samples + c.per_month * duration
    happened = {k: ((d <= p.follow_up) & inside).sum(axis=1) for k, d in data.days.items()}
    lost = (data.left < data.measured.shape[2]) & inside
    return {
        "enrolled": enrolled, "analysed": seen, "months": duration, "patient_months": np.where(inside, own, 0.0).sum(axis=1),
        "measurements": samples, "cost": money, "dropped_out": lost.sum(axis=1), **happened,
        "censored": (data.censored & measured).sum(axis=(1, 2)) if data.censored.shape == measured.shape else np.zeros(len(seen), int),
        "events": (data.status & (data.entry + data.time / MONTH <= end + 1e-9)).sum(axis=1),
    }  # fmt: skip


def true_effect(study: Study, bank: Bank | None, seed: int) -> tuple[float, float]:
    """The estimand's true value and its Monte Carlo error: the same people under both treatments, all of them seen."""
    ideal, scores = _ideal(study), []
    for k in range(TRUTH_BATCHES):
        streams = Streams(seed, (TRUTH + k,))
        with np.errstate(invalid="ignore"):
            scores.append(_difference(ideal, bank, streams))
    found = np.array(scores)
    return float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found)))


def _difference(study: Study, bank: Bank | None, streams: Streams) -> float:
    by_group = []
    for group in (study.compared, study.reference):
        members = [k for k, a in enumerate(study.arms) if a.group == group]
        shares = np.repeat(members, [study.arms[k].share for k in members])
        arm = np.resize(shares, (1, TRUTH_PEOPLE))
        by_group.append(live(study, bank, streams, arm))
    if study.endpoint.is_time:
        return _log_hazard_ratio(study, *by_group)
    visits = np.array(study.visits)
    scaled = [
        outcome(study, counted(x.values, visits, x.days, study.estimand, study.endpoint.failure)) for x in by_group
    ]
    return float(np.nanmean(scaled[0] - scaled[1]))


def _log_hazard_ratio(study: Study, treated: Lived, control: Lived) -> float:
    """Everybody followed for the whole follow-up; the same uniform numbers in both arms, so that chance cancels.

    With exponential times event = -ln(1 - u) / rate, the two times of a person have the ratio of its hazards.
    """
    end = study.plan.follow_up
    if np.ptp(treated.event / control.event) < 1e-9:
        return float(np.log((control.event / treated.event).flat[0]))
    rates = [float((x.event <= end).sum() / np.minimum(x.event, end).sum()) for x in (treated, control)]
    return float(np.log(rates[0] / rates[1]))


def _ideal(study: Study) -> Study:
    """The study without events whose strategy is hypothetical: they do not happen."""
    from dataclasses import replace

    c, s = study.conditions, study.estimand.strategies
    changes: dict[str, float] = {}
    if s["rescue"] == "hypothetical":
        changes |= {"rescue_above": 0.0, "rescue_rate": 0.0}
    if s["discontinuation"] == "hypothetical":
        changes |= {"discontinuation": 0.0}
    if s["death"] == "hypothetical":
        changes |= {"deaths": 0.0}
    return replace(study, conditions=replace(c, **changes))  # type: ignore[arg-type]


PER_YEAR = YEAR
