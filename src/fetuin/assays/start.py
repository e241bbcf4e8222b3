"""What can be seen of a plate before any fit: smoothed reads, noise, where the curve climbs, bubbles, a ceiling.

Everything here is one pass of array arithmetic over the whole plate; no value is asked of the user.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.assays.plate import Plate

UNUSED, USED, ABOVE = np.uint8(0), np.uint8(1), np.uint8(2)
FIRST = 3  # reads at the start that the CPP1 rise and the first-cycle transient may hold


@dataclass(frozen=True)
class Noise:
    """Spread of one read at the level y: sqrt(floor^2 + (relative y)^2) [read]."""

    floor: float
    relative: float

    def at(self, level: np.ndarray) -> np.ndarray:
        return np.hypot(self.floor, self.relative * level)


@dataclass(frozen=True)
class Start:
    """First values per well: half time [min], 25-75 % width [min], low and high level [read], climb [read]."""

    t50: np.ndarray
    quartiles: np.ndarray
    low: np.ndarray
    high: np.ndarray


def states(plate: Plate) -> np.ndarray:
    """(n_wells, n_points) what each read may say: used, missing, or only "at least the ceiling".

    A ceiling is what the reader marked, or one largest value that stands at least three times on the plate exactly.
    """
    known = np.isfinite(plate.reads) & np.isfinite(plate.minutes)
    state = np.where(known, USED, UNUSED).astype(np.uint8)
    top = plate.reads[known].max(initial=-np.inf)
    at_top = known & (plate.reads == top)
    level = np.median(plate.reads[known]) if known.any() else 0.0
    if at_top.sum() >= 3 and top > 1.05 * abs(level):
        state[at_top] = ABOVE
    state[plate.overflow & known] = ABOVE
    return state


def filled(plate: Plate) -> np.ndarray:
    """The reads with missing ones interpolated in time within the well; overflow without a value takes the maximum."""
    reads = np.array(plate.reads)
    if plate.overflow.any():
        top = np.nanmax(reads) if np.isfinite(reads).any() else 0.0
        reads[plate.overflow & np.isnan(reads)] = top
    for i in np.flatnonzero(np.isnan(reads).any(axis=1)):
        ok = np.isfinite(reads[i])
        index = np.arange(reads.shape[1])
        reads[i] = np.interp(index, index[ok], reads[i, ok]) if ok.any() else 0.0
    return reads


def _median3(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))


def smooth(y: np.ndarray) -> np.ndarray:
    """Running median of five along the last axis; the ends repeat their neighbour. Spikes of two reads vanish."""
    p = np.pad(y, ((0, 0), (2, 2)), mode="edge")
    a, b, c, d, e = (p[:, k : k + y.shape[1]] for k in range(5))
    low = np.maximum(np.minimum(a, b), np.minimum(d, e))
    high = np.minimum(np.maximum(a, b), np.maximum(d, e))
    return _median3(low, high, c)


def noise(y: np.ndarray, smoothed: np.ndarray) -> Noise:
    """The noise of a plate from second differences where the curve is nearly straight.

    The median of squares in each of eight bands of level, then a line of variance on level squared.
    """
    second = y[:, 2:] - 2.0 * y[:, 1:-1] + y[:, :-2]
    level = smoothed[:, 1:-1]
    reach = np.ptp(smoothed, axis=1, keepdims=True)
    flat = np.abs(smoothed[:, 2:] - smoothed[:, :-2]) < 0.04 * reach
    flat[:, : min(FIRST + 5, flat.shape[1] // 4)] = False
    if flat.sum() < 20:
        flat[:] = True
    x, v = level[flat], (second[flat] / 2.0) ** 2  # sqrt(6) for white noise; near 2 for the usual correlation of 0.3
    edges = np.quantile(x, np.linspace(0.0, 1.0, 9))
    band = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, 7)
    rows = [(np.median(x[band == k]), np.median(v[band == k]) / 0.4549) for k in range(8) if (band == k).sum() >= 5]
    levels, variances = np.array(rows).T if rows else (np.array([1.0]), np.array([1.0]))
    return _line(np.square(levels), variances, float(np.median(np.abs(x))))


def _line(level2: np.ndarray, variance: np.ndarray, typical: float) -> Noise:
    tiny = (1e-6 * max(typical, 1e-6)) ** 2
    variance = np.maximum(variance, tiny)
    weight = 1.0 / variance
    design = np.stack([np.ones_like(level2), level2], axis=1) * weight[:, None]
    (a, b), *_ = np.linalg.lstsq(design, variance * weight, rcond=None)
    if b <= 0.0:
        a, b = float(np.exp(np.mean(np.log(variance)))), 0.0
    if a <= 0.0:
        a = float(variance.min()) * 0.25
        b = max(float(np.median((variance - a) / np.maximum(level2, 1e-300))), 0.0)
    return Noise(float(np.sqrt(max(a, tiny))), float(np.sqrt(b)))


def crossing(t: np.ndarray, z: np.ndarray, level: np.ndarray) -> np.ndarray:
    """First time after the first reads at which the smoothed curve passes `level`, by a straight line."""
    above = z >= level[:, None]
    above[:, :FIRST] = False
    j = np.clip(np.argmax(above, axis=1), 1, z.shape[1] - 1)
    rows = np.arange(z.shape[0])
    z0, z1, t0, t1 = z[rows, j - 1], z[rows, j], t[rows, j - 1], t[rows, j]
    part = np.clip((level - z0) / np.where(z1 > z0, z1 - z0, 1.0), 0.0, 1.0)
    return t0 + part * (t1 - t0)


def start(t: np.ndarray, z: np.ndarray) -> Start:
    """Half time and width of the largest climb of the smoothed curve `z` (n_wells, n_points) at `t` [min]."""
    n = z.shape[1]
    k = max(1, min(5, n // 6))
    first = min(FIRST, n - k - 1)
    peak = np.argmax(z[:, first + k :] - z[:, first:-k], axis=1) + first
    rows = np.arange(z.shape[0])
    low = np.minimum.accumulate(z[:, first:], axis=1)[rows, peak - first]
    high = np.maximum.accumulate(z[:, ::-1], axis=1)[:, ::-1][rows, np.minimum(peak + k, n - 1)]
    high = np.maximum(high, low + 1e-9)
    at = [crossing(t, z, low + f * (high - low)) for f in (0.25, 0.5, 0.75)]
    return Start(at[1], np.maximum(at[2] - at[0], 0.5 * np.median(np.diff(t, axis=1))), low, high)


def _odd_steps(y: np.ndarray, smoothed: np.ndarray, spread: Noise) -> tuple[np.ndarray, np.ndarray]:
    """How far each difference of neighbours stands out from the four round it, and how far is too far [read]."""
    step = np.diff(y, axis=1)
    p = np.pad(step, ((0, 0), (2, 2)), mode="edge")
    m = step.shape[1]
    a, b, d, e = (p[:, k : k + m] for k in (0, 1, 3, 4))
    middle = 0.5 * (np.maximum(np.minimum(a, b), np.minimum(d, e)) + np.minimum(np.maximum(a, b), np.maximum(d, e)))
    odd = step - middle
    bar = np.maximum(0.12 * np.ptp(smoothed, axis=1, keepdims=True), 10.0 * spread.at(smoothed[:, 1:]))
    return odd, bar


def _lasting(odd: np.ndarray, at: np.ndarray) -> list[int]:
    """The jumps that are not undone within two reads (those are spikes)."""
    keep = [int(i) for i in at]
    for i in list(keep):
        for j in (i + 1, i + 2):
            if i in keep and j in keep and odd[i] * odd[j] < 0 and 0.5 < abs(odd[i] / odd[j]) < 2.0:
                keep.remove(i)
                keep.remove(j)
    return keep


def jump(y: np.ndarray, smoothed: np.ndarray, spread: Noise) -> int | None:
    """The read after the largest single jump of one well that lasts, or None; `y` and `smoothed` are (1, n_points)."""
    odd, bar = _odd_steps(y, smoothed, spread)
    at = _lasting(odd[0], np.flatnonzero(np.abs(odd[0]) > bar[0]))
    return int(max(at, key=lambda i: abs(odd[0, i]))) + 1 if at else None


def bubbles(y: np.ndarray, smoothed: np.ndarray, spread: Noise) -> dict[int, tuple[int, int]]:
    """{row: (first read, read after the last)} of a box: a jump up and later about the same jump down, or the reverse.

    A jump is a difference of neighbours that stands out from the four differences round it by more than 12 % of the
    well's range and ten spreads. A box of one or two reads is a spike, and left to the robust fit.
    """
    odd, bar = _odd_steps(y, smoothed, spread)
    found = {}
    for row in np.flatnonzero((np.abs(odd) > bar).sum(axis=1) >= 2):
        at = _lasting(odd[row], np.flatnonzero(np.abs(odd[row]) > bar[row]))
        pairs = [
            (abs(odd[row, i]) + abs(odd[row, j]), i, j)
            for n, i in enumerate(at) for j in at[n + 1 :]
            if j - i >= 3 and odd[row, i] * odd[row, j] < 0 and 0.6 < abs(odd[row, i] / odd[row, j]) < 1.67
        ]  # fmt: skip
        if pairs:
            _, i, j = max(pairs)
            found[int(row)] = (int(i) + 1, int(j) + 1)
    return found
