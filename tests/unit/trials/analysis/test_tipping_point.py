"""A tipping point moves the treated who left: the estimate moves by their share, and p meets the level at the tip."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.trials.analysis.tipping_point import tipping_point
from fetuin.trials.conformance.imputing import ready


@pytest.fixture(scope="module")
def depression(shared):
    return ready(shared / "reference/trials", "antidepressant_data.csv", False)


def test_the_tip_is_where_p_crosses(depression):
    found = tipping_point(depression, "MAR", [0, 1, 2, 3, 4, 6], count=200)
    assert 0 < found.delta < 6
    again = tipping_point(depression, "MAR", [found.delta, 6], count=200)
    assert again.tests[0].p == pytest.approx(0.05, abs=1e-6)
    assert [t.p for t in found.tests] == sorted(t.p for t in found.tests)
    share = found.imputed / np.sum(depression.A[:, depression.arm] == 1)
    moved = found.tests[1].estimate - found.tests[0].estimate
    assert moved == pytest.approx(share, rel=0.05)  # one unit in those imputed; the baseline adjusts a little


def test_out_of_reach_is_said(depression):
    assert tipping_point(depression, "MAR", [0, 0.1], count=100).delta is None


def test_one_delta_is_refused(depression):
    with pytest.raises(InputError):
        tipping_point(depression, "MAR", [1.0])
