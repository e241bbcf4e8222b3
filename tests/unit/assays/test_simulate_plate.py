"""Drawn plates: seeded, with the faults their truth names, in the layout that is read back."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays.formats.recognition import read_plates
from fetuin.assays.simulate_plate import KINDS, TRUTH, simulate, truth_csv, write
from fetuin.errors import UsageError


def test_a_seed_gives_one_plate():
    a, b, c = simulate(1), simulate(1), simulate(2)
    assert np.array_equal(a.plate.reads, b.plate.reads)
    assert not np.array_equal(a.plate.reads, c.plate.reads)


@pytest.mark.parametrize("kind", KINDS)
def test_read_back(tmp_path, kind):
    drawn = simulate(3, kind, wells=96, offset_known=kind == "full")
    reads, truth = write(drawn, tmp_path)
    (plate,) = read_plates(reads)
    assert plate.wells == drawn.plate.wells
    assert plate.reads == pytest.approx(drawn.plate.reads)
    assert plate.minutes == pytest.approx(drawn.plate.minutes, abs=2e-4)
    assert truth.read_text().splitlines()[0] == ",".join(TRUTH)


def test_same_columns_as_the_given_truth(shared):
    given = (shared / "data/plates/sim_plate_full_seed11_truth.csv").read_text().splitlines()
    assert truth_csv(simulate(1)).splitlines()[0] == given[0]
    assert len(truth_csv(simulate(1)).splitlines()) == len(given)


def test_half_of_the_rise_is_at_t50():
    drawn = simulate(5, "clean")
    i = 100
    y, t = drawn.plate.reads[i], drawn.plate.minutes[i]
    t50 = drawn.t50()[i]
    low, high = np.median(y[(t > 60) & (t < t50 - 100)]), np.median(y[t > t50 + 100])
    assert np.interp(t50, t, y) == pytest.approx((low + high) / 2, rel=0.03)


def test_faults_are_named_in_the_truth():
    flags = "".join(str(r["flags"]) for s in range(3) for r in simulate(s, "harsh").truth)
    for word in ("spike", "bubble", "noreact", "twostep", "lipaemic", "transient"):
        assert word in flags
    none = [np.isnan(r["T50_min"]) for r in simulate(0, "harsh").truth if "noreact" in r["flags"]]
    assert none
    assert all(none)


def test_edge_and_offset():
    full = simulate(4, "full")
    clean = simulate(4, "full", t50=np.full(384, 300.0))
    edge = np.array([r["edge"] for r in clean.truth], bool)
    t50 = np.array([r["T50_min"] for r in clean.truth])
    assert np.nanmax(np.abs(t50[edge] - 291.0)) < 1e-9
    assert full.truth[0]["read_offset_min"] == 0.0
    assert full.truth[-1]["read_offset_min"] == pytest.approx(0.9 * 600 / 144 * 383 / 384)


@pytest.mark.parametrize("bad", [{"kind": "odd"}, {"wells": 100}, {"points": 5}])
def test_refusals(bad):
    with pytest.raises(UsageError):
        simulate(1, **bad)
