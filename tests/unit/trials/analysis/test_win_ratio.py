"""Wins counted by hand, the interval beside simulation, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.analysis.win_ratio import Measure, TimeToEvent, win_ratio


def test_four_people_by_hand():
    """Treated A dies at 10, B lives to 20; control C dies at 5, D is lost at 12. T50 decides what deaths leave open.

    A-C: A wins (C died at 5, A lived on). A-D: D wins (A died at 10, D was seen to 12). B-C: B wins.
    B-D: D was lost at 12, nobody died: T50 250 against 300, D wins.
    """
    deaths = TimeToEvent([10, 20, 5, 12], [1, 0, 1, 0])
    w = win_ratio([1, 1, 0, 0], [deaths, Measure([200, 250, 400, 300])])
    assert (w.wins, w.losses, w.ties) == (2, 2, 0)
    assert w.decided_by == [(2, 1), (0, 1)]
    assert w.ratio.value == pytest.approx(1)
    assert w.net_benefit.estimate == pytest.approx(0)


def test_a_margin_makes_ties():
    w = win_ratio([1, 1, 0, 0], [Measure([100, 200, 105, 150], margin=20.0)])
    assert (w.wins, w.losses, w.ties) == (2, 1, 1)


def test_smaller_may_be_better():
    up = win_ratio([1, 1, 0, 0], [Measure([1.0, 4, 2, 3])])
    down = win_ratio([1, 1, 0, 0], [Measure([1.0, 4, 2, 3], greater=False)])
    assert (up.wins, up.losses) == (down.losses, down.wins)


def test_one_measure_without_ties_is_mann_whitney():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.3, 1, 40), rng.normal(0, 1, 50)
    w = win_ratio(np.repeat([1, 0], [40, 50]), [Measure(np.append(a, b))])
    u = (a[:, None] > b).mean()
    assert w.ratio.value == pytest.approx(u / (1 - u))


def test_the_interval_covers_and_its_width_is_the_spread():
    rng, logs, ses = np.random.default_rng(7), [], []
    for _ in range(300):
        n, z = 60, np.arange(60) % 2
        t, y = rng.exponential(1 + 0.3 * z), rng.normal(0.2 * z, 1, n)
        w = win_ratio(z, [TimeToEvent(np.minimum(t, 1.0), t < 1.0), Measure(y)])
        logs.append(w.ratio.log.estimate)
        ses.append(w.ratio.log.se)
    assert np.mean(ses) == pytest.approx(np.std(logs), rel=0.12)  # 3 standard errors of an SD of 300


def test_refusals():
    with pytest.raises(InputError):
        win_ratio([1, 0, 1, 0], [])
    with pytest.raises(InputError):
        win_ratio([1, 0, 1, 0], [Measure([1.0, 2.0])])
    with pytest.raises(NotEnoughDataError):
        win_ratio([1, 1, 0, 0], [Measure([3.0, 4, 1, 2])])
