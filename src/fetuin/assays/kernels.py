"""The compiled half of the curve fit: one well at a time, damped least squares with the derivatives written out.

The plain twins are the functions of `curves.py` (values) and `fit.plain_fit` (minimum); tests compare them.
The file is longer than others because a compiled loop calls only compiled code, and this is all of it.

Parameters, in this order everywhere (index: meaning [unit]):

    0 blank [read]   1 cpp1 [read]   2 ln tau [min]   3 amplitude [read]   4 t50 [min]   5 ln width [min]
    6 ln shape       7 drift [read/min]   8 settling [read/min]   9 extra height [read]   10 extra place [min]
    11 ln extra width [min]

Shapes of the CPP2 rise: 0 Richards (4PL where ln shape is held at 0), 1 JMAK, 2 Finke-Watzky.
Extras: 0 none, 1 a second logistic step, 2 a bump, 3 a box (a bubble: `place` to `place + width`, both held).
States of a read: 0 not used, 1 used, 2 above the ceiling (it only says that the curve is at least there),
3 under suspicion (left out of the first passes, judged again before the last).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

N = 12
SETTLING_DELAY = (
    60.0  # min after T50 at which large particles begin to settle; assumption: facts of the assay, section 3
)
LN2 = math.log(2.0)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def prepare(shape: int, extra: int, p: np.ndarray, k: np.ndarray) -> None:
    """What does not change from read to read, into `k`: rates, shape, place, and their derivatives."""
    k[0] = math.exp(-p[2])
    k[1] = math.exp(-p[5])
    k[2] = math.exp(p[6])
    if shape == 0:
        q = math.exp(min(LN2 / k[2], 600.0))
        k[3] = math.log(q - 1.0)  # (m - t50) / w
        k[4] = q / (q - 1.0) * LN2 / k[2]
    elif shape == 1:
        k[3] = math.exp(math.log(LN2) / k[2])
        k[4] = -k[3] * math.log(LN2) / k[2]
    else:
        k[3] = min(max(k[1] * p[4], 0.75), 300.0)
        k[4] = math.exp(k[3])
    if extra != 0:
        k[6] = math.exp(-p[11])


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _richards(t: float, t50: float, k: np.ndarray, d: np.ndarray) -> float:
    g, v = k[2], (t - t50) * k[1]
    u = v - k[3]
    if u > 36.0 or g * u < -60.0:
        d[0] = d[1] = d[2] = 0.0
        return 1.0 if u > 36.0 else 0.0
    if u < -30.0:
        s, ell = 1.0, -u
    else:
        e = math.exp(-u)
        s, ell = e / (1.0 + e), math.log1p(e)
    value = math.exp(-g * ell)
    slope = g * value * s  # dG/du
    d[0] = -slope * k[1]
    d[1] = -slope * v
    d[2] = slope * k[4] - g * ell * value
    return value


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _jmak(t: float, t50: float, k: np.ndarray, d: np.ndarray) -> float:
    n, v = k[2], (t - t50) * k[1]
    z = v + k[3]
    if z <= 1e-9:
        d[0] = d[1] = d[2] = 0.0
        return 0.0
    log_z = math.log(z)
    zn = math.exp(min(n * log_z, 4.0))
    if zn > 36.0:
        d[0] = d[1] = d[2] = 0.0
        return 1.0
    e = math.exp(-zn)
    dz = n * zn / z * e
    d[0] = -dz * k[1]
    d[1] = -dz * v
    d[2] = dz * k[4] + e * zn * log_z * n
    return 1.0 - e


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _finke_watzky(t: float, t50: float, k: np.ndarray, d: np.ndarray) -> float:
    kt, kh, top = min(k[1] * t, 300.0), k[3], k[4]
    big = math.exp(kt)
    r = top - 2.0
    den = r + big
    by_r, by_big = -(big - 1.0) / den / den, (1.0 + r) / den / den
    d[0] = by_r * k[1] * top
    d[1] = -(by_r * kh * top + by_big * kt * big)
    d[2] = 0.0
    return (big - 1.0) / den


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def point(shape: int, extra: int, p: np.ndarray, k: np.ndarray, t: float, g: np.ndarray, d: np.ndarray) -> float:
    """The curve at `t` [min] and, in `g`, its derivatives by the twelve parameters; `k` from `prepare`."""
    x = t * k[0]
    e = math.exp(-x) if x < 36.0 else 0.0
    if shape == 0:
        rise = _richards(t, p[4], k, d)
    elif shape == 1:
        rise = _jmak(t, p[4], k, d)
    else:
        rise = _finke_watzky(t, p[4], k, d)
    late = max(0.0, t - p[4] - SETTLING_DELAY)
    g[0], g[1], g[2] = 1.0, 1.0 - e, -p[1] * x * e
    g[3] = rise
    g[4] = p[3] * d[0] + (p[8] if late > 0.0 else 0.0)
    g[5], g[6] = p[3] * d[1], p[3] * d[2]
    g[7], g[8] = t, -late
    value = p[0] + p[1] * (1.0 - e) + p[3] * rise + p[7] * t - p[8] * late
    if extra == 0:
        return value
    u = (t - p[10]) * k[6]
    if extra == 1:
        h = 1.0 / (1.0 + math.exp(-min(max(u, -60.0), 60.0)))
        by_u = h * (1.0 - h)
    elif extra == 2:
        h = math.exp(-0.5 * u * u) if abs(u) < 38.0 else 0.0
        by_u = -u * h
    else:
        h = 1.0 if 0.0 <= u < 1.0 else 0.0
        by_u = 0.0
    g[9], g[10], g[11] = h, -p[9] * by_u * k[6], -p[9] * by_u * u
    return value + p[9] * h


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def curve(shape: int, extra: int, p: np.ndarray, t: np.ndarray, out: np.ndarray) -> None:
    """The curve at every minute of `t`, into `out`."""
    g, d = np.zeros(N), np.zeros(3)
    rates = np.zeros(7)
    prepare(shape, extra, p, rates)
    for i in range(t.size):
        out[i] = point(shape, extra, p, rates, t[i], g, d)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _loss(z: float, kind: int, c: float) -> float:
    a = abs(z)
    if kind == 0:
        return 0.5 * z * z
    if kind == 1:
        return 0.5 * z * z if a <= c else c * a - 0.5 * c * c
    if a >= c:
        return c * c / 6.0
    b = 1.0 - (z / c) ** 2
    return c * c / 6.0 * (1.0 - b * b * b)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _weight(z: float, kind: int, c: float) -> float:
    a = abs(z)
    if kind == 0:
        return 1.0
    if kind == 1:
        return 1.0 if a <= c else c / a
    if a >= c:
        return 0.0
    b = 1.0 - (z / c) ** 2
    return b * b


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def normal(shape, extra, p, t, y, sd, state, free, mean, isd, kind, c, H, b):  # type: ignore[no-untyped-def]
    """The normal equations (lower triangle of H, right side b) and the cost at `p`."""
    g, d, f = np.zeros(N), np.zeros(3), np.zeros(N)
    rates = np.zeros(7)
    prepare(shape, extra, p, rates)
    m = free.size
    H[:, :] = 0.0
    b[:] = 0.0
    total = 0.0
    for i in range(t.size):
        if state[i] == 0 or state[i] == 3:
            continue
        r = y[i] - point(shape, extra, p, rates, t[i], g, d)
        if state[i] == 2 and r < 0.0:
            continue
        inv = 1.0 / sd[i]
        z = r * inv
        total += _loss(z, kind, c)
        w = _weight(z, kind, c)
        if w == 0.0:
            continue
        for j in range(m):
            f[j] = g[free[j]] * inv
        for j in range(m):
            a = w * f[j]
            b[j] += a * z
            for k in range(j + 1):
                H[j, k] += a * f[k]
    for j in range(m):
        z = (p[free[j]] - mean[free[j]]) * isd[free[j]]
        total += 0.5 * z * z
        H[j, j] += isd[free[j]] ** 2
        b[j] -= z * isd[free[j]]
    return total


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def cholesky(H, m, lam, L):  # type: ignore[no-untyped-def]
    """L L' = H + lam diag(H); False where H is not positive."""
    for j in range(m):
        for k in range(j + 1):
            s = H[j, k]
            if j == k:
                s += lam * H[j, j] + 1e-300
            for q in range(k):
                s -= L[j, q] * L[k, q]
            if j == k:
                if not s > 0.0:
                    return False
                L[j, j] = math.sqrt(s)
            else:
                L[j, k] = s / L[k, k]
    return True


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def solve(L, m, b, x):  # type: ignore[no-untyped-def]
    """x with L L' x = b."""
    for j in range(m):
        s = b[j]
        for k in range(j):
            s -= L[j, k] * x[k]
        x[j] = s / L[j, j]
    for j in range(m - 1, -1, -1):
        s = x[j]
        for k in range(j + 1, m):
            s -= L[k, j] * x[k]
        x[j] = s / L[j, j]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _clamp(p: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    for j in range(N):
        p[j] = min(max(p[j], low[j]), high[j])


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def descend(shape, extra, p, t, y, sd, state, free, mean, isd, low, high, kind, c, most, tol):  # type: ignore[no-untyped-def]
    """Damped least squares from `p`, in place, until T50 moves less than `tol` [min]. Returns cost, converged."""
    m = free.size
    H, L, b, x = np.zeros((N, N)), np.zeros((N, N)), np.zeros(N), np.zeros(N)
    H2, b2 = np.zeros((N, N)), np.zeros(N)
    trial = p.copy()
    now = normal(shape, extra, p, t, y, sd, state, free, mean, isd, kind, c, H, b)
    lam = 1e-3
    for _ in range(most):
        moved, fell = 0.0, -1.0
        for _try in range(8):
            if cholesky(H, m, lam, L):
                solve(L, m, b, x)
                trial[:] = p
                for j in range(m):
                    step = x[j]
                    k = free[j]
                    if k == 2 or k == 5 or k == 6 or k == 11:
                        step = min(max(step, -1.0), 1.0)
                    trial[k] = p[k] + step
                _clamp(trial, low, high)
                then = normal(shape, extra, trial, t, y, sd, state, free, mean, isd, kind, c, H2, b2)
                if then <= now:
                    moved, fell = abs(trial[4] - p[4]), now - then
                    p[:] = trial
                    lam = max(lam * 0.2, 1e-9)
                    break
            lam = lam * 8.0 + 1e-6
        if fell < 0.0:
            return now, True
        now -= fell
        if moved < tol and fell < 1e-3 * max(now, 1.0) + 1e-9:
            return now, True
        H, H2 = H2, H
        b, b2 = b2, b
    return now, False


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def residuals(shape, extra, p, t, y, sd, state, z):  # type: ignore[no-untyped-def]
    """Standardised residuals into `z` (NaN where not used, 0 where above the ceiling as it may be)."""
    g, d = np.zeros(N), np.zeros(3)
    rates = np.zeros(7)
    prepare(shape, extra, p, rates)
    for i in range(t.size):
        z[i] = np.nan
        if state[i] == 0:
            continue
        r = y[i] - point(shape, extra, p, rates, t[i], g, d)
        z[i] = 0.0 if state[i] == 2 and r < 0.0 else r / sd[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def spread(z: np.ndarray, buffer: np.ndarray) -> float:
    """1.4826 times the median absolute value: a standard deviation that outliers do not move."""
    n = 0
    for i in range(z.size):
        if z[i] == z[i]:
            buffer[n] = abs(z[i])
            n += 1
    return 1.4826 * np.median(buffer[:n]) if n else 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _noise(shape, extra, p, t, floor, relative, sd):  # type: ignore[no-untyped-def]
    g, d = np.zeros(N), np.zeros(3)
    rates = np.zeros(7)
    prepare(shape, extra, p, rates)
    for i in range(t.size):
        v = relative * point(shape, extra, p, rates, t[i], g, d)
        sd[i] = math.sqrt(floor * floor + v * v)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def robust_fit(shape, extra, p, t, y, sd, state, free, mean, isd, low, high, floor, relative, cut, z):  # type: ignore[no-untyped-def]
    """Three passes over one well: Huber, bisquare, then least squares on the reads within `cut` spreads.

    Changes `p`, `sd`, `state` (reads left out become 0) and `z` in place; returns (spread, reads left out, converged).
    """
    buffer = np.empty(t.size)
    descend(shape, extra, p, t, y, sd, state, free, mean, isd, low, high, 1, 2.0, 25, 0.05)
    _noise(shape, extra, p, t, floor, relative, sd)
    residuals(shape, extra, p, t, y, sd, state, z)
    s = max(spread(z, buffer), 0.7)
    descend(shape, extra, p, t, y, sd, state, free, mean, isd, low, high, 2, 5.0 * s, 20, 0.02)
    _noise(shape, extra, p, t, floor, relative, sd)
    residuals(shape, extra, p, t, y, sd, state, z)
    s = max(spread(z, buffer), 0.7)
    out = 0
    for i in range(t.size):
        if state[i] == 1 or state[i] == 3:
            state[i] = 1
            if abs(z[i]) > cut * s:
                state[i] = 0
                out += 1
    _, converged = descend(shape, extra, p, t, y, sd, state, free, mean, isd, low, high, 0, 1.0, 60, 0.001)
    residuals(shape, extra, p, t, y, sd, state, z)
    return spread(z, buffer), out, converged


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def _sandwich(H, B, m, V):  # type: ignore[no-untyped-def]
    """V = H^-1 (B + B') H^-1, the first m rows and columns; not a number, and False, where H has no inverse."""
    L = np.zeros((N, N))
    V[:, :] = np.nan
    if not cholesky(H, m, 0.0, L):
        return False
    inv, unit, x = np.zeros((N, N)), np.zeros(N), np.zeros(N)
    for j in range(m):
        unit[:] = 0.0
        unit[j] = 1.0
        solve(L, m, unit, x)
        for k in range(m):
            inv[k, j] = x[k]
    for j in range(m):
        for k in range(m):
            s = 0.0
            for a in range(m):
                for q in range(m):
                    s += inv[j, a] * (B[a, q] + B[q, a]) * inv[q, k]
            V[j, k] = s
    return True


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def covariance(shape, extra, p, t, y, sd, state, free, mean, isd, rho, V):  # type: ignore[no-untyped-def]
    """Covariance of the free parameters into V for noise of unit spread with lag-one correlation `rho`.

    V = H^-1 B H^-1, with H the information and B the variance of the score when neighbours are correlated.
    """
    m = free.size
    g, d = np.zeros(N), np.zeros(3)
    rates = np.zeros(7)
    prepare(shape, extra, p, rates)
    f, carry = np.zeros(N), np.zeros(N)
    H, B = np.zeros((N, N)), np.zeros((N, N))
    for i in range(t.size):
        for j in range(m):
            carry[j] *= rho
        if state[i] == 0:
            continue
        value = point(shape, extra, p, rates, t[i], g, d)
        if state[i] == 2 and value > y[i]:
            continue
        for j in range(m):
            f[j] = g[free[j]] / sd[i]
        for j in range(m):
            for k in range(j + 1):
                H[j, k] += f[j] * f[k]
            for k in range(m):
                B[j, k] += 0.5 * f[j] * f[k] + f[j] * carry[k]
        for j in range(m):
            carry[j] += f[j]
    for j in range(m):
        H[j, j] += isd[free[j]] ** 2
        B[j, j] += 0.5 * isd[free[j]] ** 2  # the prior is counted as data, so a held parameter keeps its spread
    return _sandwich(H, B, m, V)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def fit_rows(rows, shape, extra, P, T, Y, SD, STATE, FREE, NFREE, MEAN, ISD, LOW, HIGH, floor, relative, cut, Z, OUT):  # type: ignore[no-untyped-def]
    """`robust_fit` over some rows of a plate, every array changed in place; OUT gets spread, left out, converged."""
    for k in range(rows.size):
        i = rows[k]
        free = FREE[i, : NFREE[i]]
        s, out, done = robust_fit(
            shape[i], extra[i], P[i], T[i], Y[i], SD[i], STATE[i], free, MEAN[i], ISD[i], LOW[i], HIGH[i],
            floor, relative, cut, Z[i],
        )  # fmt: skip
        OUT[i, 0], OUT[i, 1], OUT[i, 2] = s, out, 1.0 if done else 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def refit_rows(rows, shape, extra, P, T, Y, SD, STATE, FREE, NFREE, MEAN, ISD, LOW, HIGH, most):  # type: ignore[no-untyped-def]
    """Least squares on the reads already chosen, from the parameters already found (bootstrap, profile)."""
    for k in range(rows.size):
        i = rows[k]
        descend(
            shape[i], extra[i], P[i], T[i], Y[i], SD[i], STATE[i], FREE[i, : NFREE[i]], MEAN[i], ISD[i],
            LOW[i], HIGH[i], 0, 1.0, most, 0.005,
        )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "arcp", "nsz"})
def covariance_rows(rows, shape, extra, P, T, Y, SD, STATE, FREE, NFREE, MEAN, ISD, rho, V):  # type: ignore[no-untyped-def]
    """`covariance` over some rows; V is (n_wells, 12, 12) in the order of each row's free parameters."""
    for k in range(rows.size):
        i = rows[k]
        covariance(
            shape[i], extra[i], P[i], T[i], Y[i], SD[i], STATE[i], FREE[i, : NFREE[i]], MEAN[i], ISD[i], rho, V[i]
        )
