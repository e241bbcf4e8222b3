"""T50 of a plate: accuracy on the given plates, censoring, what is left out, replicates."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from fetuin.assays import measure_plate
from fetuin.assays.layout import Layout
from fetuin.assays.layout import Well as Place
from fetuin.assays.simulate_plate import simulate
from fetuin.assays.t50 import Exclusion, measure


@pytest.mark.parametrize(("kind", "rmse"), [("clean", 0.12), ("asym", 0.20), ("full", None)])
def test_given_plates(shared, kind, rmse):
    plates = shared / "data/plates"
    truth = {r["well"]: r for r in csv.DictReader((plates / f"sim_plate_{kind}_seed11_truth.csv").open())}
    (result,) = measure_plate(plates / f"sim_plate_{kind}_seed11.csv.gz")
    errors, sound, reported = [], 0, 0
    for well in result.wells:
        row = truth[well.well]
        t50 = float(row["T50_min"]) - float(row["read_offset_min"])
        inside = math.isfinite(t50) and t50 + 3 * float(row["width_w_min"]) < 600
        sound += inside and not row["flags"]
        reported += inside and not row["flags"] and well.t50_min is not None
        if well.t50_min is None:
            continue
        error = abs(well.t50_min - t50)
        assert error <= 10 or well.flags
        if inside:
            errors.append(error)
    assert reported >= 0.98 * sound
    if rmse:
        assert np.sqrt(np.mean(np.square(errors))) <= rmse
    else:
        assert np.quantile(errors, 0.95) <= 1.0


@pytest.mark.parametrize("kind", ["clean", "asym", "full"])
def test_t50_beyond_the_run_is_never_a_number(kind):
    late = np.linspace(640.0, 900.0, 96)
    result = measure(simulate(6, kind, wells=96, t50=late).plate)
    assert all(w.t50_min is None and w.censored for w in result.wells)
    assert all(w.ci_high is None and w.ci_low <= 600.0 and w.text.startswith(">") for w in result.wells)


def test_t50_650_in_a_run_of_600():
    result = measure(simulate(9, "clean", wells=96, t50=np.r_[np.full(48, 650.0), np.full(48, 300.0)]).plate)
    assert all(w.censored for w in result.wells[:48])
    assert not any(w.censored for w in result.wells[48:])


def test_what_the_fit_leaves_out_is_written_down():
    drawn = simulate(12, "full", wells=96)
    result = measure(drawn.plate, at="2026-01-01T00:00:00Z")
    spiked = [r["well"] for r in drawn.truth if "spike" in r["flags"] and "noreact" not in r["flags"]]
    assert spiked
    for name in spiked:
        mine = [e for e in result.exclusions if e.well == name]
        assert mine
        assert all(e.by.startswith("fetuin") and e.at and "spreads off" in e.reason for e in mine)
        assert result[name].reads_excluded == len(mine)


def test_what_a_person_leaves_out():
    plate = simulate(12, "clean", wells=96).plate
    cuts = (
        Exclusion("B2", None, "pipetting error", "ada", "today"),
        Exclusion("C03", 100.0, "bubble seen", "ada", "today"),
    )
    result = measure(plate, exclude=cuts)
    assert result["B02"].t50_min is None
    assert not result["B02"].censored
    assert "pipetting error (ada, today)" in result["B02"].flags[0].reason
    assert result["C03"].t50_min is not None
    assert result.exclusions[:2] == cuts


def test_replicates_and_their_disagreement():
    t50 = np.full(96, 300.0)
    t50[1] = 380.0
    plate = simulate(3, "clean", wells=96, t50=t50).plate
    layout = Layout({w: Place(w, f"s{i // 2}") for i, w in enumerate(plate.wells)})
    result = measure(plate, layout)
    assert len(result.groups) == 48
    assert [f.kind for f in result.groups[0].flags] == ["replicate disagreement"]
    assert "replicate disagreement" in [f.kind for f in result["A02"].flags]
    assert not any(g.flags for g in result.groups[1:])
    assert result.groups[1].mean_min == pytest.approx(300.0, abs=0.5)


def test_the_result_as_a_dictionary():
    result = measure(simulate(1, "full", wells=96).plate)
    first = result.to_dict()["wells"][0]
    assert {"well", "sample", "t50_min", "ci_low", "ci_high", "censored", "model", "flags"} <= set(first)
    assert first["ci_low"] < first["t50_min"] < first["ci_high"]
    assert first["features"]["onset_min"] < first["t50_min"]


def test_read_offset_is_on_the_true_clock(tmp_path):
    from fetuin.assays.simulate_plate import write

    drawn = simulate(5, "full", wells=96, offset_known=True)
    (result,) = measure_plate(write(drawn, tmp_path)[0])
    truth = np.array([r["T50_min"] for r in drawn.truth], float)
    found = np.array([w.t50_min or np.nan for w in result.wells])
    assert np.nanmedian(np.abs(found - truth)) < 0.3
    assert abs(np.nanmedian((found - truth)[48:])) < 0.2
