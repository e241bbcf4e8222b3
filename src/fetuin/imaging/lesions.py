"""What lies above a threshold: spots in each slice, and the lesions that spots form across slices.

A spot is a set of connected pixels of one slice; a lesion is the spots that overlap from slice to slice. `spots` uses the
compiled kernel where numba is installed and its plain twin where it is not; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spots:
    """One row a spot: slice, pixels, peak and sum of values, centre (row, column), and the number of its lesion.

    `voxels` are the flat indices of every voxel kept, `voxel_lesion` the lesion of each.
    """

    slice: np.ndarray
    pixels: np.ndarray
    peak: np.ndarray
    total: np.ndarray
    row: np.ndarray
    column: np.ndarray
    lesion: np.ndarray
    voxels: np.ndarray
    voxel_lesion: np.ndarray

    def __len__(self) -> int:
        return len(self.slice)

    def mask(self, shape: tuple[int, ...]) -> np.ndarray:
        """The voxels kept, as a boolean array."""
        out = np.zeros(shape, bool)
        out.reshape(-1)[self.voxels] = True
        return out


def spots(values: np.ndarray, above: np.ndarray, *, connectivity: int = 8, minimum: int = 1) -> Spots:
    """Spots of at least `minimum` pixels. `values` and `above` (bool) are [slices, rows, columns]."""
    try:
        from fetuin.imaging.kernels import spots as compiled
    except ImportError:
        return spots_plain(values, above, connectivity=connectivity, minimum=minimum)
    at = np.flatnonzero(above)
    flat = np.ascontiguousarray(values).reshape(-1)
    slack = 1 if connectivity == 8 else 0
    table, first, last, lesion = compiled(flat, at, values.shape[1], values.shape[2], slack, minimum)
    length = last - first + 1
    start = np.repeat(first - np.concatenate(([0], np.cumsum(length)[:-1])) if len(first) else first, length)
    return _spots(table, start + np.arange(len(start)), np.repeat(lesion, length))


def _spots(table: np.ndarray, voxels: np.ndarray, lesion: np.ndarray) -> Spots:
    names = np.unique(table[:, 6])  # roots of lesions, renumbered from 0
    return Spots(
        table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2], table[:, 3], table[:, 4], table[:, 5],
        np.searchsorted(names, table[:, 6]), voxels, np.searchsorted(names, lesion),
    )  # fmt: skip


def spots_plain(values: np.ndarray, above: np.ndarray, *, connectivity: int = 8, minimum: int = 1) -> Spots:
    """The obvious form of `spots`, with SciPy: one labelling in the slices, one across them."""
    from scipy import ndimage as ndi

    flat = np.zeros((3, 3, 3), bool)
    flat[1] = np.ones((3, 3), bool) if connectivity == 8 else ndi.generate_binary_structure(2, 1)
    labels, n = ndi.label(above, flat)
    ids = np.arange(1, n + 1)
    count = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    kept = ids[count >= minimum]
    solid = flat.copy()
    solid[:, 1, 1] = True
    lesions, _ = ndi.label(np.isin(labels, kept), solid)
    rows = []
    boxes = ndi.find_objects(labels)
    for i in kept:
        box = boxes[i - 1]
        inside = labels[box] == i
        v = values[box][inside].astype(float)
        _, r, c = np.nonzero(inside)
        rows.append(
            (
                box[0].start,
                len(v),
                v.max(),
                v.sum(),
                r.mean() + box[1].start,
                c.mean() + box[2].start,
                lesions[box][inside][0],
            )
        )
    at = np.flatnonzero(lesions)
    return _spots(np.array(rows, float).reshape(-1, 7), at, lesions.reshape(-1)[at])
