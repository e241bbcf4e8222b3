"""Intercurrent events by each strategy of ICH E9(R1), on values that can be followed by eye."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.trials.estimand import BY_DEFAULT, Estimand
from fetuin.trials.strategies import counted

VISITS = np.array([0.0, 14.0, 28.0, 42.0])
VALUES = np.array([[[10.0, 11.0, 12.0, 13.0], [20.0, 21.0, 22.0, 23.0]]])
DAY = np.array([[20.0, np.inf]])  # the first person's event is between the second and third visit
NAN = np.nan


@pytest.mark.parametrize(
    ("strategy", "first"),
    [
        ("treatment policy", [10, 11, 12, 13]),
        ("hypothetical", [10, 11, NAN, NAN]),
        ("while on treatment", [10, 11, 11, 11]),
        ("composite", [10, 11, 5, 5]),
        ("principal stratum", [10, NAN, NAN, NAN]),
    ],
)
def test_what_counts_after_an_event(strategy, first):
    estimand = Estimand("p", "t", "v", "difference in means", {**BY_DEFAULT, "rescue": strategy})
    found = counted(VALUES, VISITS, {"rescue": DAY}, estimand, 5.0)
    np.testing.assert_array_equal(found[0, 0], first)
    np.testing.assert_array_equal(found[0, 1], VALUES[0, 1])


def test_the_dead_have_no_values():
    estimand = Estimand("p", "t", "v", "difference in means", dict(BY_DEFAULT))
    found = counted(VALUES, VISITS, {"death": DAY}, estimand, None)
    assert np.isnan(found[0, 0, 2:]).all()
