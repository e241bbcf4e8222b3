"""A planar bone scan with known truth: slab of soft tissue, bone rods and one calf plaque, seen from front and back.

Each object lies at one depth d of a slab of thickness T, so a view sees it as A s t exp(-mu d), the other as
A s t exp(-mu (T - d)), and their geometric mean no longer holds d. Blur keeps every count (edges reflect).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fetuin.imaging.modalities.bone_scintigraphy import Photons
from fetuin.imaging.volume import Acquisition, Nuclear, Volume
from fetuin.quantities import quantity

HALF_LIFE = 6.0067  # h, 99mTc
SECONDS = 300.0  # of a view; written in the header, the counts are given
ROWS = COLUMNS = 128
PLAQUE = (80, 40)  # row, column


@dataclass(frozen=True)
class Setting:
    """Geometry and counts of the phantom."""

    pixel: float = quantity(2.26, "mm", "a real whole-body scan (NEMA NM1)", "edge of a pixel")
    slab: float = quantity(20.0, "cm", "definition of this phantom", "thickness of the body")
    fwhm: float = quantity(7.0, "mm", "LEHR collimator at 10 cm, computed: 6.99", "blur of the camera")
    counts: float = quantity(1.5e6, "1", "assumption: recommended counts a view", "expected counts of the front view")
    bone: float = quantity(6.0, "1", "assumption", "activity of bone over soft tissue, a pixel")
    plaque: float = quantity(8.0, "1", "definition of this phantom", "activity of the plaque over soft tissue, a pixel")
    plaque_size: float = quantity(30.0, "mm", "definition of this phantom", "diameter of the plaque")
    plaque_depth: float = quantity(4.0, "cm", "definition of this phantom", "below the front")


def decay(hours: float) -> float:
    """Share of activity left after `hours`."""
    return float(2 ** (-hours / HALF_LIFE))


def blurred(image: np.ndarray, fwhm: float, pixel: float) -> np.ndarray:
    """The image as a camera of this resolution sees it; its sum is kept."""
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(image, fwhm / (2 * math.sqrt(2 * math.log(2))) / pixel, mode="reflect")


def objects(s: Setting) -> list[tuple[np.ndarray, float]]:
    """(relative activity a pixel [rows, columns], depth in cm below the front) of soft tissue, bone and plaque."""
    r, c = np.mgrid[:ROWS, :COLUMNS]
    body = ((r - 63.5) / 60) ** 2 + ((c - 63.5) / 45) ** 2 <= 1
    rods = body & ((abs(c - 55) <= 2) | (abs(c - 85) <= 2))
    plaque = np.hypot(r - PLAQUE[0], c - PLAQUE[1]) * s.pixel <= s.plaque_size / 2
    return [
        (body.astype(float), s.slab / 2),
        (rods * (s.bone - 1.0), s.slab / 2),
        (plaque * (s.plaque - 1.0), s.plaque_depth),
    ]


def phantom(*, seed: int = 0, noise: bool = True, setting: Setting | None = None) -> tuple[Volume, dict[str, float]]:
    """Front and back view as the two cameras see them (the back one mirrored), and the truth."""
    s = setting or Setting()
    mu, rng, parts = Photons().attenuation, np.random.default_rng(seed), objects(s)
    views = [sum(a * math.exp(-mu * d) for a, d in parts), sum(a * math.exp(-mu * (s.slab - d)) for a, d in parts)]
    scale = s.counts / float(np.sum(views[0]))
    expected = [blurred(np.asarray(v) * scale, s.fwhm, s.pixel) for v in views]
    expected[1] = expected[1][:, ::-1]
    counts = np.stack([rng.poisson(v) if noise else v for v in expected]).astype(np.float32)
    at_half = scale * math.exp(-mu * s.slab / 2)  # counts of a soft-tissue pixel, the same from both sides
    truth = {
        "expected_counts_front": float(expected[0].sum()), "expected_counts_back": float(expected[1].sum()),
        "soft_counts_a_pixel": at_half, "bone_over_soft": float(s.bone), "plaque_over_soft_activity": float(s.plaque),
        "plaque_over_soft_geometric_mean": math.sqrt(
            (1 + (s.plaque - 1) * math.exp(mu * (s.slab / 2 - s.plaque_depth)))
            * (1 + (s.plaque - 1) * math.exp(-mu * (s.slab / 2 - s.plaque_depth)))
        ),
        "plaque_row": float(PLAQUE[0]), "plaque_column": float(PLAQUE[1]), "decay_3h": decay(3), "seed": float(seed),
    }  # fmt: skip
    facts = Acquisition("NM", manufacturer="phantom", nuclear=Nuclear(views=("anterior", "posterior"), seconds=SECONDS))
    return Volume(counts, (1.0, s.pixel, s.pixel), "counts", facts, source="planar bone scan, simulated"), truth
