"""Scores of blocks in closed form, of the published phantom, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantoms import block, qrm
from fetuin.imaging.roi import Circle, disc


def _score(blocks, **options):
    volume = block.make(blocks, **options.pop("make", {}))
    return score(volume, np.ones(volume.values.shape, bool), **options)


@pytest.mark.parametrize(
    ("name", "blocks", "agatston"),
    [
        ("B01 four pixels of 130 HU", [(1, 5, 5, 2, 2, 130)], 1.0),
        ("B02 three pixels are too few", [(1, 5, 5, 1, 3, 500)], 0.0),
        ("B03 129 HU is below", [(1, 5, 5, 4, 4, 129)], 0.0),
        ("B04 the steps of the weights", [(2, 4, 4 + 8 * i, 4, 4, h) for i, h in enumerate((199, 200, 299, 300, 399, 400))], 60.0),
        ("B05 each slice by its own peak", [(1, 5, 5, 4, 4, 150), (2, 5, 5, 4, 4, 250), (3, 5, 5, 4, 4, 450)], 28.0),
    ],
)  # fmt: skip
def test_blocks(name, blocks, agatston):
    assert _score(blocks).agatston == pytest.approx(agatston, abs=1e-9), name


def test_b06_a_diagonal_is_one_spot_or_two_by_the_declared_connectivity():
    blocks = [(1, 5, 5, 2, 2, 150), (1, 7, 7, 2, 2, 450)]
    assert _score(blocks).agatston == pytest.approx(8)
    assert _score(blocks, policy_name="four_connected").agatston == pytest.approx(5)


def test_b07_the_increment_scales_the_score():
    blocks = [(1, 5, 5, 4, 4, 250), (2, 5, 5, 4, 4, 250)]
    assert _score(blocks, make={"spacing": (2.5, 0.5, 0.5)}).agatston == pytest.approx(13 + 1 / 3, abs=1e-9)


def test_spots_of_neighbouring_slices_are_one_lesion_and_the_peak_policy_changes_its_weight():
    blocks = [(1, 5, 5, 4, 4, 150), (2, 5, 5, 4, 4, 450), (4, 5, 5, 4, 4, 150)]
    result = _score(blocks)
    assert [z.slices for z in result.lesions] == [(1, 2), (4, 4)]
    assert result.agatston == pytest.approx(4 * (1 + 4 + 1))
    assert _score(blocks, policy_name="lesion_peak").agatston == pytest.approx(4 * (4 + 4 + 1))


def test_qrm_insert_in_closed_form():
    volume, truth = qrm.phantom()
    inside = np.ones(volume.values.shape, bool)
    inside[:, 0] = False  # a region, not the whole image
    result = score(volume, inside, factor=truth["calibration"])
    assert result.agatston == pytest.approx(470.50, rel=0.01)
    assert result.volume_mm3 == pytest.approx(513.00, rel=0.01)
    assert result.mass_mg == pytest.approx(163.08, rel=0.01)


def test_integrated_mass_of_known_objects_is_the_true_mass_whatever_the_blur():
    from fetuin.imaging.mass import integrated_mass
    from fetuin.imaging.policy import calibration

    c = calibration("", 1 / qrm.HU_PER_DENSITY)
    for blur in (0.0, 3.0):
        volume, truth = qrm.phantom(fwhm_z=blur, fwhm_xy=0.3 * blur)
        middle, total = (volume.values.shape[1] - 1) / 2, 0.0
        for i, rho in enumerate(qrm.DENSITIES):
            for j in range(3):
                place = Circle(middle + (i - 1) * 40, middle + (j - 1) * 40, 6, 1, len(volume.values) - 2)
                total += integrated_mass(volume, disc(volume, place), c, density=rho)[0]
        assert total == pytest.approx(truth["mass_mg"], rel=0.005)


@pytest.mark.parametrize("spacing", [(3.0, 0.5, 0.5), (1.0, 0.7, 0.4)])
@pytest.mark.parametrize("distance", [0.3, 0.5, 2.0, 3.0])
def test_growing_a_region_agrees_with_a_distance_transform(spacing, distance):
    from scipy.ndimage import distance_transform_edt

    from fetuin.imaging.mass import within

    region = np.random.default_rng(2).random((3, 30, 31)) < 0.01
    wanted = [distance_transform_edt(~s, sampling=spacing[1:]) <= distance if s.any() else s for s in region]
    assert np.array_equal(within(region, distance, spacing), np.stack(wanted))


def test_noise_moves_a_sum_by_no_more_than_its_interval_says():
    from fetuin.imaging.mass import integrated_mass
    from fetuin.imaging.policy import calibration

    c, hits, rng = calibration("", 1 / qrm.HU_PER_DENSITY), 0, np.random.default_rng(1)
    whole, _ = qrm.phantom()
    corner = int(whole.values.shape[1] / 2) + 20  # the field about one insert is enough
    clean = dataclasses.replace(whole, values=whole.values[2:9, corner : corner + 40, corner : corner + 40])
    place = disc(clean, Circle(19.5, 19.5, 6, 1, 5))
    true = integrated_mass(clean, place, c)[0]
    assert true == pytest.approx(78.54 * (1000 - qrm.BACKGROUND) / 1000, rel=0.01)
    for _ in range(200):
        noise = rng.normal(0, 20, clean.values.shape).astype(np.float32)
        _, low, high, _ = integrated_mass(dataclasses.replace(clean, values=clean.values + noise), place, c)
        hits += low <= true <= high
    assert hits >= 182


def test_published_scores_of_the_real_phantom(shared):
    from fetuin.imaging import load, region

    volume = load(shared / "data/imaging/qrm_canon_large_rep1/dicom")
    wanted = {"220,180,6,20-24": (402.9396, 302.2047), "221,205.5,4.5,20-24": (88.1133, None), "220,231,3,20-24": (6.1917, None), "151,292,6,20-24": (238.3821, 216.4729)}  # fmt: skip
    for circle, (agatston, cubic) in wanted.items():
        where, drawn = region(volume, circles=[circle])
        result = score(volume, where, region_is_lesion=drawn, factor=0.72205)
        assert result.agatston == pytest.approx(agatston, abs=1e-3)
        assert cubic is None or result.volume_mm3 == pytest.approx(cubic, abs=1e-3)
    assert result.mass_mg == pytest.approx(47.790, abs=0.05)


def test_integrated_mass_of_the_real_phantom_is_within_5_percent_of_its_true_mass(shared):
    from fetuin.imaging import load, region

    volume = load(shared / "data/imaging/qrm_canon_large_rep1/dicom")
    circles = (
        "220,180,6",
        "221,205.5,4.5",
        "220,231,3",
        "151,292,6",
        "173,280,4.5",
        "196,268,3",
        "281.5,299,6",
        "260,285,4.5",
        "238,271,3",
    )
    total = 0.0
    for text in circles:
        where, drawn = region(volume, circles=[f"{text},20-24"])
        total += score(volume, where, region_is_lesion=drawn).integrated_mass_mg
    assert total == pytest.approx(qrm.TRUE_MASS, rel=0.05)


def test_contrast_metal_and_unknown_voltage_are_refused_with_tag_and_remedy(shared):
    from fetuin.imaging import load

    enhanced = score(load(shared / "data/imaging/totalsegmentator_dicom20"))
    assert enhanced.refused["code"] == "contrast"
    assert "0018,0010" in enhanced.refused["tag"]
    assert enhanced.agatston is None
    metal = score(block.make([(1, 5, 5, 4, 4, 3000)]))
    assert metal.refused["code"] == "metal"
    plain = block.make([(1, 5, 5, 4, 4, 300)])
    lost = dataclasses.replace(plain, acquisition=dataclasses.replace(plain.acquisition, kvp=None))
    assert score(lost).refused["code"] == "kvp"
    assert score(lost, kvp=120).agatston > 0
    low = dataclasses.replace(plain, acquisition=dataclasses.replace(plain.acquisition, kvp=80.0))
    assert "--thresholds" in score(low).refused["fix"]
    assert score(low, table="graeni_2018").method["threshold_hu"] == 177


def test_a_wrong_region_is_refused_by_name():
    volume = block.make([])
    with pytest.raises(InputError, match="outside the scan"):
        disc(volume, Circle(5, 5, 2, 0, 99))
    with pytest.raises(InputError, match="literature"):
        score(volume, policy_name="nonsense")


def test_a_circle_as_large_as_a_heart_is_weighed_lesion_by_lesion():
    from fetuin.imaging import scanner

    volume = scanner.scan(
        [scanner.Deposit((22, 20, 20), 20.0), scanner.Deposit((22, 45, 40), 40.0)], seed=1, size=(45, 60, 60)
    )
    whole = disc(volume, Circle(60, 60, 28, 1, 13))
    result = score(volume, whole, region_is_lesion=True, factor=0.765)
    assert result.integrated_mass_low < 60 < result.integrated_mass_high
    assert result.integrated_mass_mg == pytest.approx(60, rel=0.06)
