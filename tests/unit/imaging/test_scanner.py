"""Simulated scans of known mineral, and what can be seen of it."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from fetuin.imaging import detection, scanner
from fetuin.imaging.body_model import Deposit
from fetuin.imaging.modalities import bone_scintigraphy as planar
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantoms import calf, plaques


@pytest.mark.parametrize("mass", [0.5, 5.0, 50.0])
def test_mineral_is_kept_by_partial_volume_and_blur(mass):
    s = scanner.CARDIAC
    values = scanner.clean([Deposit((15, 20, 20), mass)])
    found = (values - s.tissue).sum() * s.calibration * s.thickness * s.pixel**2 / 1000
    assert found == pytest.approx(mass, rel=1e-6)


def test_integrated_mass_of_a_simulated_artery_is_its_mineral():
    volume, truth = plaques.phantom(noise=False)
    clean = score(volume, factor=truth["calibration"])
    assert clean.integrated_mass_mg == pytest.approx(truth["mass_mg"], rel=0.03)
    noisy, _ = plaques.phantom(seed=3)
    found = score(noisy, factor=truth["calibration"])
    assert found.integrated_mass_low < truth["mass_mg"] < found.integrated_mass_high
    assert found.mass_mg != pytest.approx(truth["mass_mg"], rel=0.02)  # threshold mass is not


def test_thinner_slices_see_smaller_deposits():
    thin = dataclasses.replace(scanner.CARDIAC, thickness=1.0, fwhm_z=1.0)
    one = [Deposit((15, 20, 20), 0.6)]
    assert score(scanner.scan(one, seed=None)).agatston == 0
    assert score(scanner.scan(one, thin, seed=None)).agatston > 0


def test_detection_by_ct_grows_with_mass_and_seldom_cries_wolf():
    curve = detection.ct_curve([0, 0.3, 1, 3], scans=25)
    shares = [p.detected for p in curve]
    assert shares == sorted(shares)
    assert shares[0] <= 0.04
    assert shares[-1] == 1
    assert 0.5 < detection.half_detected(curve) < 2


def test_detection_by_bone_scan_grows_with_mass_and_avidity():
    masses = [0, 10, 30, 100, 300, 1000]
    bone_like = detection.calf_curve(masses, detection.CalfScan(avidity=1.0), draws=1500)
    eager = detection.calf_curve(masses, detection.CalfScan(avidity=10.0), draws=1500)
    assert bone_like[0].detected < 0.01  # false alarms
    assert all(b.detected >= a.detected - 0.02 for a, b in itertools.pairwise(bone_like))
    assert detection.half_detected(eager) < 0.3 * detection.half_detected(bone_like)


def test_the_calf_phantom_shows_its_plaque_and_a_hot_background():
    volume, truth = calf.phantom(seed=1)
    pair = planar.conjugate([volume])
    r, c = round(truth["plaque_row"]), round(truth["plaque_column"])
    mask = np.zeros(pair[0].shape, bool)
    mask[r - 2 : r + 3, c - 2 : c + 3] = True
    centre = (pair[0].shape[1] - 1) / 2
    found = planar.asymmetry(pair, "plaque", mask, centre)
    assert found["low"] > 1.1
    none = planar.asymmetry(planar.conjugate([calf.phantom(seed=1, mass_mg=0.0)[0]]), "plaque", mask, centre)
    assert none["low"] < 1 < none["high"]
    healthy = calf.phantom(gfr=90.0, noise=False)[1]
    assert truth["bone_over_soft"] < 0.75 * healthy["bone_over_soft"]
