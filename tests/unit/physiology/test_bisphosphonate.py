"""Bisphosphonate in bone: shared with the kidney, buried, set free, bound again."""

import pytest

from fetuin.engine.maths import PLAIN
from fetuin.physiology.bisphosphonate import Bisphosphonate, balance, exposure, osteoclasts_left, retained
from fetuin.simulation import Person, simulate
from fetuin.therapies.bisphosphonates import Drug

P = Bisphosphonate()


def test_bone_takes_more_where_the_kidney_takes_less() -> None:
    assert retained(PLAIN, 1.0, P) == pytest.approx(0.5)
    assert 0.9 < retained(PLAIN, 0.05, P) < 1.0
    assert exposure(PLAIN, 1.0, P) == pytest.approx(1.0)
    assert 1.8 < exposure(PLAIN, 0.05, P) < 2.0


def test_what_leaves_one_place_is_in_another_or_in_urine() -> None:
    """Without a kidney nothing is lost; with one, only the share that bone does not take."""
    given, surface, recent, old = 0.3, 1.2, 0.8, 0.5
    for kept in (1.0, 0.5):
        slopes = balance(PLAIN, given, surface, recent, old, 0.7, 0.4, kept, P)
        into_plasma = given + P.desorption * surface + 0.4 * (P.recent_release * recent + P.old_release * old)
        assert sum(slopes.values()) == pytest.approx(given - (1.0 - kept) * into_plasma)


def test_osteoclasts_fall_with_the_drug_and_are_whole_without() -> None:
    left = [osteoclasts_left(PLAIN, s, 0.0, 0.0, P) for s in (0.0, 0.01, 0.1, 1.0, 10.0)]
    assert left[0] == pytest.approx(1.0)
    assert left == sorted(left, reverse=True)
    assert osteoclasts_left(PLAIN, 0.0, 1.0, 0.0, P) < osteoclasts_left(PLAIN, 0.0, 0.0, 1.0, P) < 1.0


def test_half_is_out_in_days_two_thirds_in_months_and_the_rest_stays_for_years() -> None:
    """Khan 1997; after a year and a half more than half of what was left at six months is there."""
    t = simulate(Person(), {"zoledronate": "5 mg once"}, 730, times=[0.0, 5.0, 182.0, 730.0])
    share = t["bisphosphonate_in_bone"] / 5.0
    assert share[1] == pytest.approx(0.50, abs=0.05)
    assert share[2] == pytest.approx(0.33, abs=0.05)
    assert share[3] > 0.5 * share[2]


def test_zoledronate_is_faster_and_deeper_than_weekly_alendronate_at_every_time() -> None:
    """Saag 2007."""
    days = [0.0, 7.0, 30.0, 90.0, 180.0]
    once, weekly = (simulate(Person(), r, 180, times=days)["bone_resorption"] for r in
                    ({"zoledronate": "5 mg once"}, {"alendronate": "70 mg weekly"}))  # fmt: skip
    assert once[1] < 0.5 * weekly[1]
    assert all(once[1:] < weekly[1:])


def test_the_index_of_exposure_ranks_the_class() -> None:
    """K_L x AUC of a year: etidronate by the gram, the others by the milligram."""
    etidronate = Drug(0.0005, 1.19, 206.0, 13.9, 0.03).index(1400 * 0.03 * 61 / 365.25)
    alendronate = Drug(0.22, 2.94, 249.1, 13.0, 0.0064).index(70 * 0.0064 / 7)
    zoledronate = Drug(1.0, 3.47, 272.1, 7.1).index(5 / 365.25)
    assert etidronate == pytest.approx(1061, rel=0.06)
    assert alendronate == pytest.approx(21, rel=0.06)
    assert zoledronate == pytest.approx(9, rel=0.06)
