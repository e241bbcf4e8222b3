"""Blocks of voxels in an even background: scores in closed form, voxel by voxel."""

from __future__ import annotations

import numpy as np

from fetuin.imaging.volume import Acquisition, Volume

BACKGROUND = 40  # HU, soft tissue; the truth does not depend on it below 130 HU


def make(
    blocks: list[tuple[int, int, int, int, int, int]],
    *,
    shape: tuple[int, int, int] = (6, 40, 60),
    spacing: tuple[float, float, float] = (3.0, 0.5, 0.5),
) -> Volume:
    """A volume with blocks (slice, row, column, rows, columns, HU) in an even background."""
    values = np.full(shape, BACKGROUND, np.int16)
    for s, r, c, height, width, hu in blocks:
        values[s, r : r + height, c : c + width] = hu
    return Volume(values, spacing, "HU", Acquisition("CT", 120.0, slice_thickness=spacing[0]), source="block phantom")


def phantom() -> tuple[Volume, dict[str, float]]:
    """Six 4 x 4 pixel blocks at the steps of the weights, and their analytic scores."""
    steps = (199, 200, 299, 300, 399, 400)
    blocks = [(2, 4, 4 + 8 * i, 4, 4, hu) for i, hu in enumerate(steps)]
    area = 16 * 0.25
    return make(blocks), {"agatston": area * (1 + 2 + 2 + 3 + 3 + 4), "volume_mm3": 6 * area * 3.0}
