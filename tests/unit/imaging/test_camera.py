"""The simulated camera against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fetuin.imaging import body_model, camera
from fetuin.physiology.tracer import amounts, decay


def test_resolution_of_the_collimator_at_10_cm():
    assert camera.LEHR.geometric(100) == pytest.approx(5.87, abs=0.01)
    assert camera.LEHR.resolution(100) == pytest.approx(6.99, abs=0.01)


def test_a_point_is_attenuated_as_its_depth_says_and_blur_keeps_its_counts():
    activity, mu = np.zeros((41, 40, 41)), np.full((41, 40, 41), 0.01536814)
    activity[20, 9, 20] = 1.0  # MBq, its middle 47.5 mm below the front
    front, back = camera.planar_pair(activity, mu, 5.0, seconds=600, seed=None)
    assert front.sum() == pytest.approx(72 * 600 * math.exp(-0.01536814 * 47.5), rel=1e-6)
    assert back.sum() == pytest.approx(72 * 600 * math.exp(-0.01536814 * 152.5), rel=1e-6)
    assert math.sqrt(front.sum() * back.sum()) == pytest.approx(9290.818, rel=1e-6)


def test_the_blur_of_a_point_is_that_of_the_collimator_at_its_distance():
    activity = np.zeros((41, 30, 41))
    activity[20, 19, 20] = 1.0  # 39 mm below the front in voxels of 2 mm
    front = camera.view(activity, np.zeros_like(activity), 2.0, seconds=600)
    width = math.sqrt(float((front.sum(axis=0) * (np.arange(41) - 20) ** 2).sum() / front.sum())) * 2
    assert width / camera.TO_SD == pytest.approx(camera.LEHR.resolution(30 + 39), rel=0.01)


def test_the_reconstruction_is_the_adjoint_and_finds_a_uniform_cylinder():
    n, angles = 24, np.arange(0.0, 360.0, 15.0)
    r, c = np.mgrid[:n, :n] - (n - 1) / 2
    disc = np.repeat((np.hypot(r, c) <= 8)[None], 3, 0)
    mu = np.where(disc, 0.015, 0.0)
    x, y = (np.random.default_rng(i).random(disc.shape) for i in (1, 2))
    left = float((camera._turned(x, 33.0) * y).sum())
    assert left == pytest.approx(float((x * camera._turned(y, 33.0, back=True)).sum()), rel=1e-12)
    counts = camera.projections(disc * 0.1, mu, 5.0, angles, seconds=30, seed=None)
    image = camera.reconstruct(counts, mu, 5.0, angles, seconds=30)
    assert image[:, 9:15, 9:15].mean() == pytest.approx(0.1, rel=0.05)
    assert image.sum() == pytest.approx(0.1 * disc.sum(), rel=0.02)


def test_a_person_holds_what_the_kinetics_say():
    soft, hard = body_model.concentrations(180, 80)
    k = body_model.Adult()
    found = amounts(180, 80)
    assert hard * k.bone / (k.dose * decay(180)) == pytest.approx(0.2827, abs=1e-4)
    assert soft * k.soft / (k.dose * decay(180)) == pytest.approx(float((found["plasma"] + found["soft"])[0]))
    plain, with_deposit = (body_model.legs(d, gfr=5) for d in ((), (body_model.Deposit((130, 90, 80), 2000.0),)))
    share = float(amounts(180, 5)["bone"][0]) * 3 * 2 / 2700
    added = float((with_deposit.activity - plain.activity).sum())
    assert added == pytest.approx(k.dose * decay(180) * share, rel=1e-9)
