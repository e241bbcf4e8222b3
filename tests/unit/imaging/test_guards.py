"""What stops a score and what stands beside it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fetuin.imaging import guards
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.volume import Acquisition, Volume


def _heart(blood: float = 40.0, sd: float = 10.0, **facts) -> tuple[Volume, np.ndarray]:
    rng = np.random.default_rng(1)
    values = rng.normal(blood, sd, (12, 60, 60)).astype(np.float32)
    mask = np.zeros(values.shape, bool)
    mask[2:10, 10:50, 10:50] = True
    return Volume(values, (3.0, 1.0, 1.0), "HU", Acquisition("CT", 120.0, **({"slice_thickness": 3.0} | facts))), mask


def _codes(result) -> set[str]:
    return {f["code"] for f in result.flags}


def test_an_enhanced_blood_pool_is_refused_though_the_header_is_silent():
    refused = score(*_heart(blood=280.0)).refused
    assert refused["code"] == "contrast"
    assert "280" in refused["reason"]
    assert score(*_heart()).refused is None
    assert score(*_heart(blood=280.0), allow_contrast=True).refused is None


@pytest.mark.parametrize("agent", ["APPLIED", "Iohexol 350", "CONTRAST"])
def test_an_agent_in_the_header_is_refused_and_none_is_not(agent):
    assert score(*_heart(contrast=agent)).refused["tag"].startswith("(0018,0010)")
    assert score(*_heart(contrast="NONE")).refused is None


def test_flags_of_noise_kernel_thickness_and_near_zero():
    quiet = score(*_heart())
    assert _codes(quiet) == {"near_zero"}
    assert "HU" in next(f["text"] for f in quiet.flags if f["code"] == "near_zero")
    assert "noise" in _codes(score(*_heart(sd=30.0)))
    assert "kernel" in _codes(score(*_heart(kernel="Br64")))
    assert "kernel" not in _codes(score(*_heart(kernel="Qr36")))
    assert "thickness" in _codes(score(*_heart(slice_thickness=1.0)))
    assert "no_region" in _codes(score(_heart()[0]))


def test_metal_in_the_region_is_refused_and_beside_it_said():
    volume, mask = _heart()
    volume.values[5, 30, 30] = 3000
    assert score(volume, mask).refused["code"] == "metal"
    volume, mask = _heart()
    volume.values[5, 2, 2] = 3000
    assert "metal_near" in _codes(score(volume, mask))


def test_noise_is_measured_between_neighbours():
    volume, _ = _heart(sd=18.0)
    assert guards.noise_sd(volume) == pytest.approx(18, rel=0.05)
    slope = dataclasses.replace(volume, values=volume.values + np.linspace(-20, 20, 60, dtype=np.float32))
    assert guards.noise_sd(slope) == pytest.approx(18, rel=0.06)
