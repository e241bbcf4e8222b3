"""The compiled form against its plain twin."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fetuin.imaging.lesions import spots, spots_plain


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    share=st.floats(0.05, 0.6),
    connectivity=st.sampled_from([4, 8]),
    minimum=st.integers(1, 5),
)
def test_twins_agree(seed, share, connectivity, minimum):
    rng = np.random.default_rng(seed)
    values = rng.integers(100, 500, (4, 9, 11)).astype(np.int16)
    above = rng.random(values.shape) < share
    a = spots(values, above, connectivity=connectivity, minimum=minimum)
    b = spots_plain(values, above, connectivity=connectivity, minimum=minimum)

    def rows(s):
        return sorted(zip(s.slice, np.round(s.row, 9), np.round(s.column, 9), s.pixels, s.peak, s.total))

    assert len(a) == len(b)
    assert np.allclose(np.array(rows(a), float).reshape(-1, 6), np.array(rows(b), float).reshape(-1, 6))
    assert len(np.unique(a.lesion)) == len(np.unique(b.lesion))
    order_a, order_b = np.argsort(a.voxels), np.argsort(b.voxels)
    assert np.array_equal(a.voxels[order_a], b.voxels[order_b])
    pairs = set(zip(a.voxel_lesion[order_a].tolist(), b.voxel_lesion[order_b].tolist()))
    assert len(pairs) == len(np.unique(a.voxel_lesion))  # the same partition, whatever the numbers


def test_nothing_above_is_no_spot():
    assert len(spots(np.zeros((2, 3, 3), np.int16), np.zeros((2, 3, 3), bool))) == 0
