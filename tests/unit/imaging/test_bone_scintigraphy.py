"""Counts, ratios and conjugate views against closed forms and the real whole-body scan."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.imaging.modalities import bone_scintigraphy as scan


@pytest.mark.parametrize("name", ["nema-nm1_jpll.dcm", "nema-nm1_j2kr.dcm"])
def test_the_real_scan_to_the_count(shared, name):
    from fetuin.imaging import load

    body = scan.summary(load(shared / "data/imaging/nm1_bonescan" / name), [])
    assert body["total_counts"] == 3_596_452
    assert (body["maximum"], body["maximum_at"]) == (278, [420, 143])


def test_the_geometric_mean_does_not_depend_on_depth():
    means = []
    for depth, wanted in ((5, 20034.05), (10, 9290.82), (15, 4308.63)):
        anterior, posterior = scan.view_counts(1, 72, 600, depth), scan.view_counts(1, 72, 600, 20 - depth)
        assert anterior == pytest.approx(wanted, rel=1e-5)
        means.append(float(scan.geometric_mean(np.array([anterior]), np.array([posterior]))[0]))
    assert means == pytest.approx([9290.818] * 3, rel=1e-6)
    assert scan.activity_from_conjugate(means[0], 72, 600, 20) == pytest.approx(1, rel=1e-9)


def test_the_interval_of_a_ratio_covers_under_poisson():
    rng, hits = np.random.default_rng(1), 0
    for _ in range(400):
        image = rng.poisson(np.hstack([np.full((20, 20), 4.0), np.full((20, 20), 10.0)])).astype(float)
        a, b = (scan.measure(image, scan.Region(n, (0, 19), c)) for n, c in (("soft", (0, 19)), ("bone", (20, 39))))
        _, low, high = scan.ratio(a, b)
        hits += low <= 0.4 <= high
    assert 0.92 < hits / 400 < 0.98


def test_failing_kidneys_explain_a_hot_background():
    measured = (0.45, 0.44, 0.46)
    options = {"reference": 0.2, "reference_gfr": 90, "minutes": 240}
    assert scan.compare(measured, gfr=5, **options)["z"] < scan.compare(measured, gfr=90, **options)["z"]


def test_refusals():
    with pytest.raises(InputError, match="form"):
        scan.parse("nonsense")
    with pytest.raises(InputError, match="outside"):
        scan.measure(np.zeros((4, 4)), scan.parse("a:0-9,0-1"))
    empty = scan.measure(np.zeros((4, 4)), scan.parse("a:0-1,0-1"))
    with pytest.raises(NotEnoughDataError):
        scan.ratio(empty, empty)
