"""z against soft tissue: of unit spread where there is only soft tissue, high at the plaque of the phantom."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.imaging.modalities.bone_scintigraphy import Region, planar
from fetuin.imaging.phantom import make
from fetuin.imaging.soft_tissue_map import soft_tissue_z

SOFT = Region("soft", (60, 90), (95, 105))


def test_counting_noise_alone_has_unit_spread() -> None:
    image = np.random.default_rng(1).poisson(50.0, (200, 200)).astype(float)
    z = soft_tissue_z(image, Region("soft", (0, 199), (0, 199)))
    assert np.std(z) == pytest.approx(1.0, abs=0.03)
    assert np.mean(z) == pytest.approx(0.0, abs=0.02)


def test_the_plaque_stands_out() -> None:
    volume, truth = make("nm_planar", seed=1)
    z = soft_tissue_z(planar(volume), SOFT)
    assert z[int(truth["plaque_row"]), int(truth["plaque_column"])] > 50


def test_too_few_counts_and_an_even_box() -> None:
    with pytest.raises(NotEnoughDataError):
        soft_tissue_z(np.zeros((50, 50)), Region("soft", (0, 5), (0, 5)))
    with pytest.raises(InputError):
        soft_tissue_z(np.ones((50, 50)) * 100, Region("soft", (0, 20), (0, 20)), box=2)
