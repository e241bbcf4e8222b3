"""Errors of measurement: each part has the size it says, lots and plates are shared by those who share them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fetuin.imaging.repeatability import mesa_limit_volume
from fetuin.trials.endpoints.cac import Scan, rescan_sd
from fetuin.trials.endpoints.cac import measure as scan
from fetuin.trials.endpoints.phosphate import Chemistry
from fetuin.trials.endpoints.phosphate import measure as laboratory
from fetuin.trials.endpoints.t50 import Assay, measure
from fetuin.trials.streams import Streams

STREAMS = Streams(1, tuple(range(40)))
TRUTH = np.full((40, 200, 3), 240.0)
DAY = np.zeros((40, 200, 1)) + np.array([0.0, 200.0, 400.0])
NOTHING = Assay(biology=0.0, lot=0.0, plate=0.0, well=0.0)


@pytest.mark.parametrize(
    ("part", "cv", "expected"),
    [("biology", 0.14, 0.14), ("well", 0.06, 0.06 / np.sqrt(2)), ("lot", 0.04, 0.04), ("plate", 0.03, 0.03)],
)
def test_each_part_of_the_t50_error_has_its_size(part, cv, expected):
    seen = measure(TRUTH, DAY, STREAMS, replace(NOTHING, **{part: cv})).values
    assert np.log(seen / 240).std() == pytest.approx(expected, rel=0.15)


def test_samples_of_a_week_share_plate_and_lot_and_later_ones_do_not():
    log = np.log(measure(TRUTH, DAY, STREAMS, replace(NOTHING, lot=0.05, plate=0.05)).values)
    assert np.ptp(log[:, :, 0], axis=1).max() < 1e-12  # everybody measured in one week
    assert (np.abs(log[:, 0, 0] - log[:, 0, 2]) > 1e-6).all()


def test_measured_together_lot_and_plate_cancel_within_a_person():
    log = np.log(measure(TRUTH, DAY, STREAMS, replace(NOTHING, lot=0.05, plate=0.05, plates="together")).values)
    assert np.ptp(log, axis=2).max() < 1e-12
    assert log[:, :, 0].std() > 0.03


def test_a_well_that_has_not_turned_is_censored_at_the_run():
    seen = measure(TRUTH * 2.4, DAY, STREAMS, Assay())
    assert seen.censored.any()
    assert (seen.values[seen.censored] == 600.0).all()
    assert (seen.values[~seen.censored] < 600.0).all()


def test_replicates_help_only_where_wells_differ():
    one, nine = (np.log(measure(TRUTH, DAY, STREAMS, Assay(replicates=r)).values).std() for r in (1, 9))
    assert one > nine > 0.13  # biology stays


def test_two_scans_of_one_person_differ_beyond_the_mesa_limit_in_five_of_a_hundred():
    volume = np.full((40, 200, 2), 400.0)
    seen = scan(volume, DAY[:, :, :2], STREAMS, Scan(bmi_sd=0.0)).values
    beyond = np.abs(seen[:, :, 0] - seen[:, :, 1]) > mesa_limit_volume(400.0, 27.0)
    assert beyond.mean() == pytest.approx(0.05, abs=0.01)
    assert rescan_sd(np.array([0.0]), np.array([27.0]))[0] == 0.0  # no deposit, nothing to misread


def test_another_scanner_moves_all_later_scans_of_those_who_change():
    volume = np.full((40, 200, 4), 400.0)
    day = np.broadcast_to(np.arange(4) * 90.0, volume.shape)
    moved = scan(volume, day, STREAMS, Scan(rescan=0.0, scanner_change=0.3, scanner_cv=0.1)).values != 400.0
    assert moved.any(axis=2).mean() == pytest.approx(0.3, abs=0.03)
    assert not moved[:, :, 0].any()
    assert (np.diff(moved.astype(int), axis=2) >= 0).all()  # nobody comes back


def test_phosphate_varies_by_its_coefficient():
    seen = laboratory(np.full((40, 200, 2), 1.8), DAY[:, :, :2], STREAMS, Chemistry()).values
    assert np.log(seen / 1.8).std() == pytest.approx(0.085, rel=0.03)
