"""A simulated person before the scanners: more mineral is more score, failing kidneys are a hot background."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.imaging import of_person
from fetuin.imaging.modalities import bone_scintigraphy, bone_spect
from fetuin.imaging.modalities.ct import score
from fetuin.physiology.trajectory import Trajectory


@pytest.fixture
def person() -> Trajectory:
    """Mineral of apatite phases [mmol of calcium] and GFR over a year, as a trajectory keeps them."""
    from fetuin.physiology.deposit_site import sites

    curves = {f"{s}_{phase}": np.array([[0.0, 0.0]]) for s in sites() for phase in ("amorphous", "apatite")}
    curves["coronary_intima_apatite"] = np.array([[0.3, 0.9]])
    curves["skin_apatite"] = np.array([[0.0, 20.0]])
    curves["egfr"], curves["wall_stiffness"] = np.array([[8.0, 5.0]]), np.array([[1.0, 1.0]])
    return Trajectory(np.array([0.0, 365.0]), curves, dict.fromkeys(curves, "mmol"))


def test_the_score_of_a_simulated_person_rises_with_the_mineral(person):
    first, truth = of_person.ct(person, "coronary", 0)
    last, later = of_person.ct(person, "coronary", 365)
    assert later["mass_mg"] == pytest.approx(3 * truth["mass_mg"])
    a, b = (score(v, factor=0.765) for v in (first, last))
    assert b.agatston > 2 * a.agatston > 0
    assert b.integrated_mass_low < later["mass_mg"] < b.integrated_mass_high


def test_skin_deposits_are_seen_in_planar_and_spect(person):
    field = of_person.calves(person, 365)
    pair = bone_scintigraphy.conjugate([of_person.planar(field, seed=1)])
    n = pair[0].shape[1]
    spot = np.zeros(pair[0].shape, bool)
    spot[30:36, 17:23] = True
    assert bone_scintigraphy.asymmetry(pair, "calf", spot, (n - 1) / 2)["low"] > 1.5
    volume = of_person.spect(field, seed=1, angles=12, iterations=1)
    ball = np.zeros(volume.values.shape, bool)
    ball[30:36, 22:28, 17:23] = True
    assert bone_spect.is_spect(volume)
    assert volume.values[ball].mean() > 3 * volume.values[:, 22:28, 17:23][:10].mean()
    assert (volume.values >= 0).all()


def test_a_person_without_mineral_has_no_score(person):
    volume, truth = of_person.ct(person, "lung", 365)
    assert truth["mass_mg"] == 0
    assert score(volume).agatston == 0
