"""Every listed value of the QRM phantom, its noise, and the physics behind 130 HU."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fetuin.imaging import phantom
from fetuin.imaging.mass import integrated_mass
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantoms import noise, qrm
from fetuin.imaging.policy import calibration, thresholds
from fetuin.imaging.roi import Circle, disc

C = 1 / qrm.HU_PER_DENSITY
THREE, BLURRED, ONE = {}, {"fwhm_z": 3.0, "fwhm_xy": 0.9}, {"thickness": 1.0}


@pytest.mark.parametrize(
    ("options", "agatston", "volume", "mass"),
    [(THREE, 470.50, 513.00, 163.08), (BLURRED, 564.00, 553.50, 151.05), (ONE, 453.00, 401.25, 167.39)],
)
def test_scores_of_the_centred_insert(options, agatston, volume, mass):
    result = score(qrm.phantom(**options)[0], factor=C)
    assert result.agatston == pytest.approx(agatston, rel=0.01)
    assert result.volume_mm3 == pytest.approx(volume, rel=0.01)
    assert result.mass_mg == pytest.approx(mass, rel=0.01)


@pytest.mark.parametrize("options", [THREE, BLURRED, ONE])
def test_integrated_mass_is_168_1_whatever_slice_and_blur(options):
    """Each insert by its own density, for it displaces its background."""
    volume, _ = qrm.phantom(**options)
    middle, pixels = (volume.values.shape[1] - 1) / 2, qrm.PITCH / volume.spacing[1]
    c, total = calibration("", C), 0.0
    for i, rho in enumerate(qrm.DENSITIES):
        for j in range(3):
            place = Circle(middle + (i - 1) * pixels, middle + (j - 1) * pixels, 6, 0, len(volume.values) - 1)
            total += integrated_mass(volume, disc(volume, place), c, density=rho).value
    assert total == pytest.approx(168.10, rel=0.005)
    assert total == pytest.approx(qrm.TRUE_MASS, rel=0.005)


def test_the_true_mass_and_volume_and_the_share_of_each_size():
    assert pytest.approx(168.2323, abs=1e-4) == qrm.TRUE_MASS
    assert pytest.approx(360.498, abs=1e-3) == qrm.TRUE_VOLUME
    assert [np.pi / 4 * d**3 for d in qrm.SIZES] == pytest.approx([0.785, 21.206, 98.175], abs=1e-3)


@pytest.mark.parametrize(
    ("options", "mean", "low", "high"),
    [(THREE, 501.9, 470.5, 545.0), (BLURRED, 557.7, None, None), (ONE, 469.8, None, None)],
)
def test_the_score_moves_with_the_place_of_the_slices(options, mean, low, high):
    """Twelve offsets over half an increment: the other half is its mirror image."""
    step = options.get("thickness", 3.0)
    scores = [
        score(qrm.phantom(**options, offset=(z, 0.1, 0.15))[0], factor=C).agatston for z in np.linspace(0, step / 2, 12)
    ]
    assert np.mean(scores) == pytest.approx(mean, rel=0.01)
    assert 9 < np.std(scores) < 25
    if low:
        assert (min(scores), max(scores)) == (pytest.approx(low, rel=0.01), pytest.approx(high, rel=0.01))


def test_noise_biases_a_threshold_score_and_not_integrated_mass():
    """100 realisations at 20 HU, correlated with the blur. Bias and spread are the figures of benchmarks/results."""
    clean, _ = qrm.phantom(fwhm_xy=noise.FWHM, fwhm_z=3.0)
    middle = (clean.values.shape[1] - 1) / 2
    places = [(middle + (i - 1) * 40, middle + (j - 1) * 40) for i in range(3) for j in range(3)]
    where = np.any([disc(clean, Circle(*p, 6, 2, len(clean.values) - 3)) for p in places], axis=0)
    base = score(clean, where, factor=C, region_is_lesion=True)
    agatston, mass, hits = [], [], 0
    for seed in range(100):
        field = noise.correlated(
            clean.values.shape, noise.SD, noise.FWHM, clean.spacing[1], np.random.default_rng(seed)
        )
        noisy = dataclasses.replace(clean, values=(clean.values + field).astype(np.float32))
        found = score(noisy, where, factor=C, region_is_lesion=True)
        agatston.append(found.agatston)
        mass.append(found.integrated_mass_mg)
        hits += found.integrated_mass_low <= base.integrated_mass_mg <= found.integrated_mass_high
    assert np.mean(mass) == pytest.approx(base.integrated_mass_mg, abs=4 * np.std(mass) / 10)
    assert np.std(mass) / base.integrated_mass_mg < 0.06
    assert hits >= 90
    assert np.mean(agatston) > base.agatston  # peaks only rise: the score is biased upwards
    assert 3 < np.std(agatston) < 40


def test_hydroxyapatite_of_200_is_261_hu_and_130_hu_is_about_100():
    factor = calibration("").factor  # mg/cm3 per HU at 70 keV
    assert 200 / factor == pytest.approx(261.4, rel=0.01)
    assert 130.7 * factor == pytest.approx(100, rel=0.01)


def test_tables_by_tube_voltage_disagree_by_name():
    assert thresholds("graeni_2018", 70)[0] == 207
    assert thresholds("graeni_2018", 100) == (145, 222, 334, 446)
    assert thresholds("slicer", 80) == (167, 266, 408, 551)
    assert thresholds("fqm", 100)[0] == 147
    assert thresholds("monoenergetic_fqm", 70)[0] == 132
    assert thresholds("calcium_scoring_jl", 120)[0] == 129


@pytest.mark.parametrize("name", ["P-QRM", "qrm", "p-nm-planar", "NM_SPECT"])
def test_phantoms_answer_to_their_written_names(name):
    assert phantom.canonical(name) in phantom.names()
