"""Scores as Observations: units, time, source; a refusal is no observation."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from fetuin.imaging import observations
from fetuin.imaging.modalities import bone_scintigraphy as scan
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantoms import block
from fetuin.records.record import Record


def test_a_score_becomes_observations_of_a_record():
    volume, truth = block.phantom()
    result = score(volume, np.ones(volume.values.shape, bool))
    record = Record(observations=observations.of_ct(result, date="20240506", site="heart"))
    found = record.latest("ct_agatston")
    assert (found.value, found.unit) == (truth["agatston"], "1")
    assert found.time == datetime(2024, 5, 6, tzinfo=UTC)
    assert found.source.place == "heart; literature"
    assert record.latest("ct_calcium_volume").value == truth["volume_mm3"]
    assert "interval" in record.latest("ct_calcium_integrated_mass").source.place


def test_a_refused_score_is_no_zero():
    refused = score(block.make([(1, 5, 5, 4, 4, 3000)]))
    assert observations.of_ct(refused) == ()


def test_an_old_or_absent_date():
    assert observations.when("1993.02.24") == datetime(1993, 2, 24, tzinfo=UTC)
    assert observations.when("") is None
    assert observations.when("19931399") is None


def test_the_ratio_of_a_bone_scan_keeps_its_interval():
    image = np.full((20, 20), 9.0)
    a, b = (scan.measure(image, scan.Region(n, (0, 9), (0, 9))) for n in ("calf", "bone"))
    value, low, high = scan.ratio(a, b)
    body = {"ratios": [{"of": "calf", "to": "bone", "ratio": value, "low": low, "high": high}]}
    (found,) = observations.of_scan(body)
    assert found.value == 1
    assert found.source.place.startswith("calf over bone; 95 % interval")
