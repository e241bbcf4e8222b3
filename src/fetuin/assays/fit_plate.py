"""The course of a fit over a plate: first curve, richer curves where it fails, choice by AICc, intervals.

Kept apart from `fit.py`, which knows how to fit some rows with one model; this file decides which rows and models.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fetuin.assays import curves, start
from fetuin.assays.fit import RULES, N, Rules, Work, _model, aicc, begin, kernels, over_rows, prepare, run
from fetuin.assays.plate import Plate
from fetuin.assays.plate_fit import PlateFit

EVIDENCE = 2.0  # AICc that counts as a difference (Burnham and Anderson 2002); below it the earlier model stays
EARLY = 45.0  # min; assumption: five times the time in which CPP1 forms


def fit_plate(plate: Plate, model: str = "5pl", rules: Rules = RULES, threads: int | None = None) -> PlateFit:
    """Fit every well of a plate.

    model: a name of `curves.MODELS`, or "auto": each of them, the least AICc per well. Where the chosen curve leaves
    residuals beyond the noise of the plate, other starts, an early step and a bump are tried, and taken when AICc
    falls by `rules.gain`. Raises UsageError (model), NotEnoughDataError (reads), MissingExtraError (numba).
    """
    names = list(curves.MODELS) if model == "auto" else [_model(model).name]
    work = prepare(plate, rules)
    rows = np.arange(len(plate))
    chosen = np.full(len(plate), names[0], dtype=object)
    scores: dict[str, np.ndarray] = {}
    for k, name in enumerate(names):
        chosen = _try_model(work, rows, name, chosen, scores, k == 0, rules, threads)
    chosen = _rescue(work, chosen, scores, rules, threads)
    return _result(plate, work, chosen, scores, reacts(work, rules, threads), threads)


def _start(work: Work, rows: np.ndarray, name: str, rules: Rules) -> None:
    begin(work, rows, _model(name), rules)
    if _model(name).extra == 1:
        _early(work, rows)


def _early(work: Work, rows: np.ndarray, extra: int = 1) -> None:
    """Start values of an early step or bump: halfway to T50, a tenth of the amplitude."""
    p = work.p
    boxed = np.array([int(r) in work.boxes for r in rows])
    free = rows[~boxed]
    work.extra[rows] = extra
    work.extra[rows[boxed]] = 3
    work.n_free[rows[boxed]] -= 2
    p[free, 9], p[free, 10] = 0.08 * p[free, 3], 0.5 * p[free, 4]
    p[free, 11] = np.log(np.maximum(0.08 * p[free, 4], 2.0))
    work.low[free, 10], work.high[free, 10] = 0.15 * p[free, 4], p[free, 4]
    work.low[free, 11], work.high[free, 11] = np.log(1.0), np.log(np.maximum(0.35 * p[free, 4], 3.0))


def _try_model(work: Work, rows, name: str, chosen, scores, first: bool, rules: Rules, threads) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Fit one model; keep it where it beats what is held. Returns the names held."""
    held = None if first else work.copy_rows(rows)
    _start(work, rows, name, rules)
    run(work, rows, rules, threads)
    if held is None:
        return chosen
    if not scores:
        now = work.copy_rows(rows)
        work.put_rows(rows, held, np.ones(rows.size, bool))
        scores[str(chosen[0])] = aicc(work, rows, rules.cut)
        work.put_rows(rows, now, np.ones(rows.size, bool))
    scores[name] = aicc(work, rows, rules.cut)
    best = np.array([scores[str(k)][row] for row, k in enumerate(chosen)])
    worse = scores[name] > best - EVIDENCE
    work.put_rows(rows, held, worse)
    return np.where(worse, chosen, name)


def misfit(work: Work) -> np.ndarray:
    """Residual spread of each well over that of the plate (never taken below what white noise would leave)."""
    spread = _rms(work.z)
    usual = min(float(np.median(spread)), 1.3)
    return spread / max(usual, 1e-12)


def _rms(z: np.ndarray) -> np.ndarray:
    capped = np.minimum(np.where(np.isnan(z), 0.0, z) ** 2, 100.0)
    return np.sqrt(capped.sum(axis=1) / np.maximum(np.isfinite(z).sum(axis=1), 1))


def suspicious(work: Work, rules: Rules) -> np.ndarray:
    """Rows whose first fit does not do: spread, reads left out, no convergence, a rise within one cycle."""
    lost = work.out[:, 1] > np.maximum(6.0, 0.06 * work.y.shape[1])
    return np.flatnonzero(
        (misfit(work) > rules.misfit) | lost | (work.out[:, 2] == 0.0) | _sudden(work) | _at_once(work)
    )


def _at_once(work: Work) -> np.ndarray:
    """Wells whose fitted rise comes with the first reads, where CPP1 forms."""
    return work.p[:, 4] < work.t[:, 0] + EARLY


def _sudden(work: Work) -> np.ndarray:
    """Wells whose fitted rise is over within one cycle: no serum turns so, a bubble does."""
    return work.p[:, 5] < np.log(0.45 * np.median(np.diff(work.t, axis=1), axis=1))


def _rescue(work: Work, chosen: np.ndarray, scores: dict, rules: Rules, threads: int | None) -> np.ndarray:  # type: ignore[type-arg]
    """Other starts, an early step, a bump and a later step for the wells that the first curve does not fit."""
    rows = suspicious(work, rules)
    if rows.size == 0:
        return chosen
    chosen = chosen.copy()
    best = aicc(work, rows, rules.cut)
    sudden = _sudden(work)[rows]
    richer = [row for row in rows if int(row) not in work.boxes]
    for attempt, need in [(a, 0.0) for a in _STARTS] + [(3, rules.gain), (1, rules.gain), (2, rules.gain)]:
        held = work.copy_rows(rows)
        for name in set(chosen[rows]):
            _start(work, rows[chosen[rows] == name], str(name), rules)
        if isinstance(attempt, tuple):
            _other_start(work, rows, *attempt)
        elif attempt == 3:
            _step(work, np.array(richer, dtype=int), rules)
        else:
            _enrich(work, np.array([r for r in richer if int(r) not in work.boxes], dtype=int), attempt, rules)
        run(work, rows, rules, threads)
        score = aicc(work, rows, rules.cut)
        better = score < best - need
        if attempt == 3:
            better = (score < np.where(sudden, best + need, best - need)) & (work.extra[rows] == 3)
        work.put_rows(rows, held, ~better)
        best = np.where(better, score, best)
        if attempt == 3:
            _forget_steps(work, rows[~better])
        elif not isinstance(attempt, tuple):
            chosen[rows[better]] = "double"
    return chosen


_STARTS = ((0.35, 0.4), (0.65, 2.0), (np.inf, 1.0))  # part of the climb at which T50 may be (or the end), shape


def _other_start(work: Work, rows: np.ndarray, part: float, shape: float) -> None:
    """Other start values of T50 and shape; `part` infinite: the rise is only beginning when the run ends."""
    z = work.smooth[rows][:, start.FIRST :]
    work.p[rows, 6] = np.log(shape)
    if np.isfinite(part):
        work.p[rows, 4] = start.crossing(work.t[rows], work.smooth[rows], z.min(axis=1) + part * np.ptp(z, axis=1))
        return
    work.p[rows, 4] = work.t[rows].max(axis=1)
    work.p[rows, 5], work.p[rows, 6] = np.log(0.03 * work.t[rows].max(axis=1)), 0.0
    last = work.smooth[rows][:, -2:].mean(axis=1)
    work.p[rows, 1] = np.median(z, axis=1) - work.p[rows, 0]
    work.p[rows, 3] = np.maximum(2.0 * (last - np.median(z, axis=1)), 1e-9)


def reacts(work: Work, rules: Rules, threads: int | None) -> np.ndarray:
    """False where a curve without any CPP2 rise explains the reads as well (AICc, by `rules.gain`).

    Only wells with a small or very early rise are asked; in the others the rise is the whole signal.
    """
    p = work.p
    small = p[:, 3] < np.maximum(0.35 * np.median(p[:, 3]), 3.0 * np.abs(p[:, 1]))
    rows = np.flatnonzero(small | _at_once(work))
    out = np.ones(p.shape[0], bool)
    if rows.size == 0:
        return out
    with_rise = aicc(work, rows, rules.cut)
    held = work.copy_rows(rows)
    begin(work, rows, curves.MODELS["4pl"], rules)
    p[rows, 3], p[rows, 4] = 0.0, 1e6
    work.high[rows, 4] = 1e7
    work.free[rows, :4], work.n_free[rows] = (0, 1, 2, 7), 4
    boxed = rows[work.extra[rows] == 3]
    work.free[boxed, 4], work.n_free[boxed] = 9, 5
    run(work, rows, rules, threads)
    out[rows] = with_rise < aicc(work, rows, rules.cut) - rules.gain
    work.put_rows(rows, held, np.ones(rows.size, bool))
    return out


def _step(work: Work, rows: np.ndarray, rules: Rules) -> None:
    """Give rows with a lasting jump a box from the jump to the end, and start values without it."""
    for row in rows:
        one = slice(row, row + 1)
        at = start.jump(work.y[one], work.smooth[one], work.noise)
        if at is None or not 2 <= at <= work.y.shape[1] - 2:
            continue
        after, before = work.y[row, at : at + 2], work.y[row, max(at - 2, 0) : at]
        work.boxes[int(row)] = (at, work.y.shape[1], float(np.median(after) - np.median(before)))
        flat = work.y[one].copy()
        flat[0, at:] -= work.boxes[int(row)][2]
        seen = start.start(work.t[one], start.smooth(flat))
        for name in ("t50", "quartiles", "low", "high"):
            getattr(work.seen, name)[row] = getattr(seen, name)[0]
        begin(work, np.array([row]), curves.MODELS["5pl"], rules)
        work.state[row] = np.where(work.first[row] == 3, start.USED, work.first[row])


def _forget_steps(work: Work, rows: np.ndarray) -> None:
    """Drop the steps that did not help."""
    for row in rows:
        if work.extra[row] != 3:
            work.boxes.pop(int(row), None)


def _enrich(work: Work, rows: np.ndarray, extra: int, rules: Rules) -> None:
    """Give rows a Richards rise with an early step (1) or bump (2), placed where the residuals are largest."""
    if rows.size == 0:
        return
    z = np.where(np.isnan(work.z[rows]), 0.0, work.z[rows])
    begin(work, rows, curves.MODELS["double"], rules)
    _early(work, rows, extra)
    early = work.t[rows] < work.p[rows, 4][:, None]
    score = np.where(early, start.smooth(z), -np.inf)
    score[:, :4] = -np.inf
    peak = work.t[rows, np.argmax(score, axis=1)]
    work.p[rows, 10] = np.clip(peak, work.low[rows, 10], work.high[rows, 10])


def correlation(z: np.ndarray, n_free: np.ndarray) -> float:
    """Lag-one correlation of the noise of a plate from its residuals, corrected for the parameters that were fitted.

    A fit takes p k of the variance, k = (1+r)/(1-r), and the same from the lag-one sum: r1 = (n r - p k)/(n - p k).
    """
    a, b = z[:, :-1], z[:, 1:]
    both = np.isfinite(a) & np.isfinite(b)
    product = np.where(both, a * b, 0.0).sum(axis=1)
    square = np.where(np.isfinite(z), z * z, 0.0).sum(axis=1)
    raw = float(np.median(product / np.maximum(square, 1e-300)))
    n, p = float(np.median(np.isfinite(z).sum(axis=1))), float(np.median(n_free))
    rho = raw
    for _ in range(30):
        k = (1.0 + rho) / (1.0 - rho)
        rho = min(max((raw * (n - p * k) + p * k) / n, -0.3), 0.8)
    return rho


def _all_residuals(plate: Plate, work: Work) -> np.ndarray:
    """Standardised distance from the curve of every read there is, those left out included."""
    z = np.array(work.z)
    known = np.isfinite(plate.reads)
    for row in np.flatnonzero((known & np.isnan(z)).any(axis=1)):
        fitted = curves.total(work.t[row], int(work.shape[row]), int(work.extra[row]), work.p[row])
        z[row] = np.where(known[row], (work.y[row] - fitted) / work.sd[row], np.nan)
    return z


def _result(
    plate: Plate, work: Work, chosen: np.ndarray, scores: dict[str, Any], react: np.ndarray, threads: int | None
) -> PlateFit:  # type: ignore[type-arg]
    rows = np.arange(len(plate))
    used = (work.state == start.USED).sum(axis=1)
    z = np.where(work.state == start.USED, work.z, np.nan)
    rho = correlation(z, work.n_free)
    residual = _all_residuals(plate, work)
    inflation = (1.0 + rho) / (1.0 - rho)
    dof = np.maximum(used - np.minimum(work.n_free * inflation, 0.5 * used), 1.0)
    scale = np.sqrt(np.where(np.isfinite(z), z * z, 0.0).sum(axis=1) / dof)
    v = np.full((len(plate), N, N), np.nan)
    over_rows(kernels().covariance_rows, rows, (*work.arrays(), rho, v), threads)
    return PlateFit(
        plate, tuple(str(m) for m in chosen), work.shape, work.extra, work.p,
        tuple(tuple(int(k) for k in work.free[i, : work.n_free[i]]) for i in rows), v * (scale**2)[:, None, None],
        work.state, residual, work.sd, scale, rho, work.noise, scores, work.out[:, 2] == 1.0, react,
    )  # fmt: skip
