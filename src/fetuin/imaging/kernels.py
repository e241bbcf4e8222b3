"""The compiled form of `lesions.spots_plain`: runs of voxels above the threshold, joined in the slice and across slices.

Each voxel is read once by NumPy; what follows touches only the voxels above the threshold.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@njit(cache=True)
def _join(parent, i, j):  # type: ignore[no-untyped-def]
    a, b = _root(parent, i), _root(parent, j)
    if a < b:
        parent[b] = a
    elif b < a:
        parent[a] = b


@njit(cache=True)
def _runs(at, columns):  # type: ignore[no-untyped-def]
    first, last, n = np.empty(len(at), np.int64), np.empty(len(at), np.int64), 0
    for k in range(len(at)):
        p = at[k]
        if n and last[n - 1] == p - 1 and p % columns:
            last[n - 1] = p
        else:
            first[n], last[n] = p, p
            n += 1
    return first[:n], last[:n]


@njit(cache=True)
def _touch(parent, first, last, shift, slack, columns, keep):  # type: ignore[no-untyped-def]
    """Join every run with those `shift` voxels before it that it overlaps (with `slack` columns to either side)."""
    q = 0
    for k in range(len(first)):
        row = first[k] // columns - shift // columns
        low, high = first[k] - shift - slack, last[k] - shift + slack
        while q < k and last[q] < low:
            q += 1
        j = q
        while j < k and first[j] <= high:
            if first[j] // columns == row and keep[k] and keep[j]:
                _join(parent, k, j)
            j += 1


@njit(cache=True)
def _join_rows(parent, first, last, per_slice, columns, slack):  # type: ignore[no-untyped-def]
    """Join each run with those it touches in the row before; a run in the first row of a slice has no row before it."""
    q = 0
    for k in range(len(first)):
        if first[k] % per_slice < columns:
            continue
        row = first[k] // columns - 1
        low, high = first[k] - columns - slack, last[k] - columns + slack
        while q < k and last[q] < low:
            q += 1
        j = q
        while j < k and first[j] <= high:
            if first[j] // columns == row:
                _join(parent, k, j)
            j += 1


@njit(cache=True)
def spots(values, at, rows, columns, slack, minimum):  # type: ignore[no-untyped-def]
    """In-slice spots of at least `minimum` pixels and the lesions they form; runs of voxels (first, last, lesion) kept."""
    first, last = _runs(at, columns)
    n = len(first)
    parent, keep = np.arange(n), np.ones(n, np.bool_)
    per_slice = rows * columns
    _join_rows(parent, first, last, per_slice, columns, slack)
    count, total = np.zeros(n, np.int64), np.zeros(n)
    peak, row_sum, column_sum = np.full(n, -1e30), np.zeros(n), np.zeros(n)
    for k in range(n):
        r = _root(parent, k)
        for p in range(first[k], last[k] + 1):
            v = values[p]
            count[r] += 1
            total[r] += v
            peak[r] = max(peak[r], v)
            row_sum[r] += (p % per_slice) // columns
            column_sum[r] += p % columns
    spot_of = np.empty(n, np.int64)
    for k in range(n):
        spot_of[k] = _root(parent, k)
        keep[k] = count[spot_of[k]] >= minimum
    lesion = parent.copy()
    _touch(lesion, first, last, per_slice, 0, columns, keep)
    ids = np.flatnonzero((spot_of == np.arange(n)) & keep)
    out = np.empty((len(ids), 7))
    for i in range(len(ids)):
        s = ids[i]
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = first[s] // per_slice, count[s], peak[s], total[s]
        out[i, 4], out[i, 5], out[i, 6] = row_sum[s] / count[s], column_sum[s] / count[s], _root(lesion, s)
    of = np.empty(n, np.int64)
    for k in range(n):
        of[k] = _root(lesion, spot_of[k])  # a dropped run keeps its own root and is left out by `keep`
    return out, first[keep], last[keep], of[keep]
