"""Levels after doses, against the convolution written out."""

import math
from itertools import pairwise

import numpy as np
import pytest

from fetuin.physiology.pharmacokinetics import amount, area, mean_amount, rate
from fetuin.therapies.contract import Dosing
from fetuin.therapies.kinetics import by_dose, levels


def test_area_is_the_integral_of_the_amount() -> None:
    for absorbed, lost in ((5.0, 0.3), (0.2, 1.0), (1.0, 1.0), (1e7, 0.5)):
        t = np.linspace(0.0, 8.0, 160_001)
        written_out = np.trapezoid([amount(float(x), absorbed, lost) for x in t], t)
        assert area(0.0, 8.0, absorbed, lost) == pytest.approx(written_out, rel=1e-3)


def test_doses_add_up() -> None:
    alone = [mean_amount(10.0, 11.0, [d], 3.0, 0.1) for d in (0.0, 4.0)]
    assert mean_amount(10.0, 11.0, [0.0, 4.0], 3.0, 0.1) == pytest.approx(sum(alone))


@pytest.mark.parametrize("every", [1.0, 20.0])
def test_a_long_treatment_reads_the_dose_rate_on_average(every: float) -> None:
    dosing = Dosing(2.0, every, math.inf, 400.0)
    pieces = [p for p in levels(dosing, 5.0) if p[0] >= 200.0]
    seen = [(max(s, 200.0), s + d, v) for s, d, v in levels(dosing, 5.0) if s + d > 200.0]
    mean = sum((min(e, 400.0) - s) * v for s, e, v in seen) / 200.0
    assert mean == pytest.approx(2.0 / every, rel=0.03), pieces


def test_after_the_last_dose_it_washes_out() -> None:
    pieces = list(levels(Dosing(1.0, 1.0, 30.0, 100.0), 4.0))
    assert pieces[-1][2] < 0.02 * max(v for _, _, v in pieces)
    assert sum(v * d for _, d, v in pieces) == pytest.approx(30.0, rel=0.02)


def test_pieces_of_single_doses_touch_and_do_not_overlap() -> None:
    pieces = list(by_dose(Dosing(60.0, 182.6, 730.0, 730.0), 20.0, 3.0))
    assert all(a[0] + a[1] == pytest.approx(b[0]) for a, b in pairwise(pieces))
    assert rate(1.0) == pytest.approx(math.log(2.0))
