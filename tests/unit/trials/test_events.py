"""Trials of events: looks by events, expected size and duration, power by Schoenfeld, truth of strategies."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.trials.conduct import conduct
from fetuin.trials.run import run_trial
from fetuin.trials.size import needed
from fetuin.trials.streams import Streams
from fetuin.trials.study import read_study


def table(**more):
    return {
        "title": "events", "estimand": {"population": "p", "treatment": "t", "variable": "v", "summary": "hazard ratio"},
        "endpoint": {"kind": "events"}, "visits": {"days": [0, 730]}, "arms": [{"name": "a"}, {"name": "b", "hazard_ratio": 0.65}],
        "design": {"follow_up": 730, "power": 0.8, "planned": {"hazard_ratio": 0.65, "dropout": 0.1}}, "accrual": {"per_month": 40},
        "dropout": {"rate": 0.1}, "events": {"rate_per_100py": 25}, **more,
    }  # fmt: skip


def test_the_planned_size_has_the_planned_power_and_events():
    study = read_study(table())
    need = needed(study)
    r = run_trial(table(), n=1200, seed=1)
    assert r["expected size"].value == need["randomised"]
    assert r["power"].value == pytest.approx(0.8, abs=0.04)
    assert r["events"].value == pytest.approx(need["events"], rel=0.04)
    assert abs(r["type I error"].value - 0.05) < 4 * r["type I error"].mcse
    assert r["true effect"].value == pytest.approx(np.log(0.65))
    assert abs(r["bias"].value) < 4 * r["bias"].mcse
    assert abs(r["coverage"].value - 0.95) < 4 * r["coverage"].mcse


def test_looks_come_by_events_and_save_time():
    plan = table()["design"] | {
        "interim": {"looks": [0.5, 1.0], "boundary": "lan_demets_obrien_fleming"},
        "randomised": 340,
    }
    r = run_trial(table(design=plan), n=600, seed=2)
    one = run_trial(table(design=table()["design"] | {"randomised": 340}), n=600, seed=2)
    rows = r.scenarios[0].rows
    early, late = rows["look"] == 0, rows["look"] == 1
    assert 0.05 < early.mean() < 0.9
    assert rows["events"][early].mean() == pytest.approx(0.5 * rows["events"][late].mean(), rel=0.15)
    assert r["expected duration"].value < one["expected duration"].value - 1
    assert abs(r["type I error"].value - 0.05) < 4 * r["type I error"].mcse


def test_nobody_is_watched_longer_than_the_trial():
    study = read_study(table(design=table()["design"] | {"randomised": 100}))
    data = conduct(study, None, Streams(1, tuple(range(20))), 100)
    end = data.entry[:, -1:] + 730 / 30.4375
    assert (data.entry + data.time / 30.4375 <= end + 1e-9).all()
    assert (data.time[~data.status] <= data.in_study[~data.status] + 1e-9).all()


def test_composite_counts_stopping_as_an_event():
    more = {"discontinuation": {"rate": 0.4}, "design": table()["design"] | {"randomised": 200}}
    plain = conduct(read_study(table(**more)), None, Streams(1, tuple(range(20))), 200)
    composite = table(**more)
    composite["estimand"] = composite["estimand"] | {"intercurrent": {"discontinuation": "composite"}}
    counted = conduct(read_study(composite), None, Streams(1, tuple(range(20))), 200)
    assert counted.status.sum() > plain.status.sum() * 1.2
    assert (counted.time <= plain.time + 1e-9).all()


def test_adherence_and_stopping_dilute_a_hazard_ratio():
    from fetuin.trials.replicates import true_effect

    base = table()["design"] | {"randomised": 200}
    full = true_effect(read_study(table(design=base)), None, 1)[0]
    half, _ = true_effect(read_study(table(design=base, adherence={"mean": 0.5})), None, 1)
    stopped, error = true_effect(read_study(table(design=base, discontinuation={"rate": 0.9})), None, 1)
    assert full == pytest.approx(np.log(0.65))
    assert half == pytest.approx(0.5 * np.log(0.65))
    assert full < stopped - 4 * error < -0.05
