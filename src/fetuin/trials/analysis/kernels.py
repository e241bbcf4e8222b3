"""The MMRM of `likelihood.py` for many trials, compiled: unstructured covariance, REML, Satterthwaite's degrees of freedom.

A trial is reduced to one cross-product of (covariates, responses) per pattern of seen visits; then nothing depends on its size.
Sigma is linear in its m(m+1)/2 elements phi, so every derivative is closed. With P = V^-1 - V^-1 X Phi X' V^-1 and
E_i = dSigma/dphi_i, the expected Hessian of -2 ln L is tr(P E_i P E_j), the observed one twice the average information
y'P E_i P E_j P y less the expected. Newton steps use the observed Hessian where it is positive, else the expected, and are
halved while they do not go down. `mmrm_many.py` is the door; `tests/unit/trials/analysis/test_mmrm_many.py` compares with
`mmrm.fit`, the plain twin. A column of X is a covariate at one visit, or (visit -1) at all of them.
One file, though long: a fit is compiled as one, and its parts make sense only together.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np
from numba import njit

CONVERGED, NOT_CONVERGED, SINGULAR, TOO_FEW = 0, 1, 2, 3
MOST_STEPS, MOST_HALVINGS = 60, 30
SETTLED = 1e-10  # g' H^-1 g, twice the log-likelihood still to be won
EXPECTED_FIRST = 2  # steps with the expected Hessian before the observed one is tried
compiled = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "arcp", "nsz"})


@compiled
def cholesky(A, L):
    """L with L L' = A (lower); False where A is not positive."""
    n = len(A)
    for j in range(n):
        for i in range(j, n):
            s = A[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            if i == j:
                if not s > 1e-13 * abs(A[j, j]) or not np.isfinite(s):
                    return False
                L[j, j] = np.sqrt(s)
            else:
                L[i, j] = s / L[j, j]
    return True


@compiled
def inverse(L, out):
    """(L L')^-1 from the lower factor."""
    n = len(L)
    for c in range(n):
        for i in range(n):
            s = 1.0 if i == c else 0.0
            for k in range(i):
                s -= L[i, k] * out[k, c]
            out[i, c] = s / L[i, i]
        for i in range(n - 1, -1, -1):
            s = out[i, c]
            for k in range(i + 1, n):
                s -= L[k, i] * out[k, c]
            out[i, c] = s / L[i, i]


@compiled
def reduce(Y, x, slot, mask, count, S):
    """Patterns of seen visits: bit masks, numbers of people and cross-products S [K, q + m, q + m]. Returns K."""
    n, m = Y.shape
    q, K = x.shape[1], 0
    slot[:] = -1
    row = np.empty(q + m)
    for i in range(n):
        bits = 0
        for j in range(m):
            seen = not np.isnan(Y[i, j])
            bits |= int(seen) << j
            row[q + j] = Y[i, j] if seen else 0.0
        if bits == 0:
            continue
        if slot[bits] < 0:
            slot[bits], mask[K], count[K] = K, bits, 0
            S[K] = 0.0
            K += 1
        k = slot[bits]
        count[k] += 1
        for a in range(q):
            row[a] = x[i, a]
        for a in range(q + m):
            for b in range(a + 1):
                S[k, a, b] += row[a] * row[b]
    for k in range(K):
        for a in range(q + m):
            for b in range(a):
                S[k, b, a] = S[k, a, b]
    return K


@compiled
def invert_patterns(V, K, mask, W, logdet):
    """W [K, m, m]: inverse of each pattern's part of V, zero elsewhere; False where V is no covariance."""
    m = len(V)
    part, L, inv = np.empty((m, m)), np.empty((m, m)), np.empty((m, m))
    at = np.empty(m, np.int64)
    for k in range(K):
        r = 0
        for j in range(m):
            if mask[k] >> j & 1:
                at[r] = j
                r += 1
        for i in range(r):
            for j in range(r):
                part[i, j] = V[at[i], at[j]]
        if not cholesky(part[:r, :r], L[:r, :r]):
            return False
        inverse(L[:r, :r], inv[:r, :r])
        W[k] = 0.0
        logdet[k] = 0.0
        for i in range(r):
            logdet[k] += 2 * np.log(L[i, i])
            for j in range(r):
                W[k, at[i], at[j]] = inv[i, j]
    return True


@compiled
def sums_over_visits(W, visit, u):
    """u [K, p, m]: W summed over the visits of each column."""
    K, m, p = u.shape[0], u.shape[2], u.shape[1]
    for k in range(K):
        for c in range(p):
            for j in range(m):
                if visit[c] >= 0:
                    u[k, c, j] = W[k, visit[c], j]
                else:
                    s = 0.0
                    for i in range(m):
                        s += W[k, i, j]
                    u[k, c, j] = s


@compiled
def generalised_least_squares(S, u, covariate, visit, beta, Phi):
    """beta and Phi = (X' V^-1 X)^-1; returns ln|Phi^-1|, or NaN where the design is singular."""
    K, p, m = u.shape
    q = S.shape[1] - m
    A, L, b = np.zeros((p, p)), np.zeros((p, p)), np.zeros(p)
    for k in range(K):
        for c in range(p):
            for j in range(m):
                b[c] += u[k, c, j] * S[k, covariate[c], q + j]
            for d in range(c + 1):
                if visit[d] >= 0:
                    w = u[k, c, visit[d]]
                else:
                    w = 0.0
                    for j in range(m):
                        w += u[k, c, j]
                A[c, d] += w * S[k, covariate[c], covariate[d]]
    if not cholesky(A, L):
        return np.nan
    inverse(L, Phi)
    logdet = 0.0
    for c in range(p):
        logdet += 2 * np.log(L[c, c])
        s = 0.0
        for d in range(p):
            s += Phi[c, d] * b[d]
        beta[c] = s
    return logdet


@compiled
def residuals(S, beta, covariate, visit, m, R, C):
    """R [K, m, m] = sum r r' and C [K, q, m] = sum x r' (before visits are masked)."""
    q = S.shape[1] - m
    B = np.zeros((q, m))
    for c in range(len(beta)):
        if visit[c] >= 0:
            B[covariate[c], visit[c]] += beta[c]
        else:
            for j in range(m):
                B[covariate[c], j] += beta[c]
    for k in range(len(R)):
        for a in range(q):
            for j in range(m):
                s = S[k, a, q + j]
                for e in range(q):
                    s -= S[k, a, e] * B[e, j]
                C[k, a, j] = s
        for i in range(m):
            for j in range(m):
                s = S[k, q + i, q + j]
                for e in range(q):
                    s -= B[e, i] * (S[k, e, q + j]) + S[k, e, q + i] * B[e, j]
                    for f in range(q):
                        s += B[e, i] * S[k, e, f] * B[f, j]
                R[k, i, j] = s


@compiled
def fitted_products(S, Phi, covariate, visit, m, G):
    """G [K, m, m] = sum over people of X_i Phi X_i'."""
    p = len(Phi)
    G[:] = 0.0
    for k in range(len(G)):
        for c in range(p):
            j0, j1 = (visit[c], visit[c] + 1) if visit[c] >= 0 else (0, m)
            for d in range(p):
                l0, l1 = (visit[d], visit[d] + 1) if visit[d] >= 0 else (0, m)
                value = Phi[c, d] * S[k, covariate[c], covariate[d]]
                for j in range(j0, j1):
                    for l in range(l0, l1):
                        G[k, j, l] += value


@compiled
def sandwich(W, M, out):
    """W M W."""
    m = len(W)
    half = np.zeros((m, m))
    for i in range(m):
        for j in range(m):
            s = 0.0
            for k in range(m):
                s += W[i, k] * M[k, j]
            half[i, j] = s
    for i in range(m):
        for j in range(m):
            s = 0.0
            for k in range(m):
                s += half[i, k] * W[k, j]
            out[i, j] = s


@compiled
def design_derivatives(S, C, W, u, covariate, A, b):
    """A [t, p, p] = X'V^-1 E_i V^-1 X and b [t, p] = X'V^-1 E_i V^-1 r, for E of each element of Sigma."""
    K, p, m = u.shape
    A[:] = 0.0
    b[:] = 0.0
    Cw = np.zeros((C.shape[1], m))
    for k in range(K):
        for a in range(C.shape[1]):
            for j in range(m):
                s = 0.0
                for i in range(m):
                    s += C[k, a, i] * W[k, i, j]
                Cw[a, j] = s
        t = 0
        for i in range(m):
            for j in range(i + 1):
                for c in range(p):
                    e = covariate[c]
                    b[t, c] += u[k, c, i] * Cw[e, j] + (u[k, c, j] * Cw[e, i] if i != j else 0.0)
                    ui, uj = u[k, c, i], u[k, c, j]
                    for d in range(c + 1):
                        v = ui * u[k, d, j] + (uj * u[k, d, i] if i != j else 0.0)
                        A[t, c, d] += v * S[k, e, covariate[d]]
                t += 1
    for t in range(len(A)):
        for c in range(p):
            for d in range(c):
                A[t, d, c] = A[t, c, d]


@compiled
def trace_pair(i, j, k, l, W, M):
    """tr(E_ij W E_kl M), E_ij the symmetric unit matrix of one element."""
    s = W[j, k] * M[l, i]
    if i != j:
        s += W[i, k] * M[l, j]
    if k != l:
        s += W[j, l] * M[k, i]
        if i != j:
            s += W[i, l] * M[k, j]
    return s


@compiled
def derivatives(count, W, G, R, A, b, Phi, g, expected, observed):
    """Gradient and the two Hessians of -2 ln L by phi."""
    K, m = W.shape[0], W.shape[1]
    t, p = len(g), len(Phi)
    g[:] = 0.0
    expected[:] = 0.0
    observed[:] = 0.0
    WGW, WRW, U = np.empty((m, m)), np.empty((m, m)), np.empty((m, m))
    for k in range(K):
        sandwich(W[k], G[k], WGW)
        sandwich(W[k], R[k], WRW)
        for i in range(m):
            for j in range(m):
                U[i, j] = count[k] * W[k, i, j] - 2 * WGW[i, j]
        x = 0
        for i in range(m):
            for j in range(i + 1):
                twice = 1.0 if i == j else 2.0
                g[x] += twice * (count[k] * W[k, i, j] - WGW[i, j] - WRW[i, j])
                y = 0
                for a in range(m):
                    for c in range(a + 1):
                        if y <= x:
                            e = 0.5 * (trace_pair(i, j, a, c, W[k], U) + trace_pair(a, c, i, j, W[k], U))
                            r = 0.5 * (trace_pair(i, j, a, c, W[k], WRW) + trace_pair(a, c, i, j, W[k], WRW))
                            expected[x, y] += e
                            observed[x, y] += 2 * r
                        y += 1
                x += 1
    PA, Pb = np.zeros((t, p, p)), np.zeros((t, p))
    for x in range(t):
        for c in range(p):
            for d in range(p):
                s = 0.0
                for e in range(p):
                    s += Phi[c, e] * A[x, e, d]
                PA[x, c, d] = s
            s = 0.0
            for e in range(p):
                s += Phi[c, e] * b[x, e]
            Pb[x, c] = s
    for x in range(t):
        for y in range(x + 1):
            s = 0.0
            for c in range(p):
                for d in range(p):
                    s += PA[x, c, d] * PA[y, d, c]
            r = 0.0
            for c in range(p):
                r += b[x, c] * Pb[y, c]
            expected[x, y] += s
            observed[x, y] -= expected[x, y] + 2 * r
            expected[y, x], observed[y, x] = expected[x, y], observed[x, y]


@compiled
def start(count, mask, K, R, V):
    """Covariance of least-squares residuals by pairs of visits, pulled to its diagonal; the diagonal where that is none."""
    m = len(V)
    for i in range(m):
        for j in range(m):
            s, n = 0.0, 0
            for k in range(K):
                if mask[k] >> i & 1 and mask[k] >> j & 1:
                    s += R[k, i, j]
                    n += count[k]
            V[i, j] = s / max(n, 1) * (1.0 if i == j else 0.7)
    if not cholesky(V, np.empty((m, m))):
        for i in range(m):
            for j in range(m):
                if i != j:
                    V[i, j] = 0.0


@compiled
def value(count, W, logdet, R, extra):
    """-2 ln L up to its constant; `extra` is ln|X'V^-1 X|."""
    f = extra
    for k in range(len(W)):
        f += count[k] * logdet[k]
        for i in range(len(W[k])):
            for j in range(len(W[k])):
                f += W[k, i, j] * R[k, i, j]
    return f


@compiled
def unpack(phi, V):
    """Sigma from its lower triangle."""
    t = 0
    for i in range(len(V)):
        for j in range(i + 1):
            V[i, j] = V[j, i] = phi[t]
            t += 1


@compiled
def step_of(H, g, L, out):
    """H^-1 g; False where H is not positive."""
    n = len(g)
    if not cholesky(H, L):
        return False
    for i in range(n):
        s = g[i]
        for k in range(i):
            s -= L[i, k] * out[k]
        out[i] = s / L[i, i]
    for i in range(n - 1, -1, -1):
        s = out[i]
        for k in range(i + 1, n):
            s -= L[k, i] * out[k]
        out[i] = s / L[i, i]
    return True


@compiled
def fit_one(Y, x, covariate, visit, contrasts, work_slot, work_mask, work_count, work_S, out, beta, V):
    """One trial: fills out [contrasts, 3] (estimate, SE, df), beta and Sigma; returns (status, steps)."""
    m = Y.shape[1]
    q, p, t = x.shape[1], len(covariate), m * (m + 1) // 2
    K = reduce(Y, x, work_slot, work_mask, work_count, work_S)
    count, mask, S = work_count[:K], work_mask[:K], work_S[:K]
    seen, people = 0, 0
    for k in range(K):
        people += count[k]
        for j in range(m):
            seen += count[k] * (mask[k] >> j & 1)
    if seen <= p or people - np.sum(visit >= 0) // m < m:  # Sigma would be singular
        return TOO_FEW, 0
    W, logdet, u = np.empty((K, m, m)), np.empty(K), np.empty((K, p, m))
    R, G, C = np.empty((K, m, m)), np.empty((K, m, m)), np.empty((K, q, m))
    A, b, Phi, L = np.empty((t, p, p)), np.empty((t, p)), np.empty((p, p)), np.empty((t, t))
    g, expected, observed = np.empty(t), np.empty((t, t)), np.empty((t, t))
    phi, tried, step = np.empty(t), np.empty(t), np.empty(t)
    invert_patterns(np.eye(m), K, mask, W, logdet)
    sums_over_visits(W, visit, u)
    extra = generalised_least_squares(S, u, covariate, visit, beta, Phi)
    if np.isnan(extra):
        return SINGULAR, 0
    residuals(S, beta, covariate, visit, m, R, C)
    start(count, mask, K, R, V)
    i = 0
    for a in range(m):
        for c in range(a + 1):
            phi[i] = V[a, c]
            i += 1
    tried[:] = phi
    last, scale, steps = np.inf, 1.0, 0
    step[:] = 0.0
    halvings = 0
    while steps < MOST_STEPS:
        unpack(tried, V)
        good, f = invert_patterns(V, K, mask, W, logdet), np.inf
        if good:
            sums_over_visits(W, visit, u)
            extra = generalised_least_squares(S, u, covariate, visit, beta, Phi)
            residuals(S, beta, covariate, visit, m, R, C)
            f = value(count, W, logdet, R, extra)
        if not f <= last + 1e-9 * (1 + abs(last)):
            halvings += 1
            if halvings > MOST_HALVINGS:
                return NOT_CONVERGED, steps
            scale /= 2
            for i in range(t):
                tried[i] = phi[i] - scale * step[i]
            continue
        phi[:] = tried
        last, scale, halvings = f, 1.0, 0
        fitted_products(S, Phi, covariate, visit, m, G)
        design_derivatives(S, C, W, u, covariate, A, b)
        derivatives(count, W, G, R, A, b, Phi, g, expected, observed)
        positive = step_of(observed, g, L, step)
        left = 0.0
        for i in range(t):
            left += g[i] * step[i]
        if positive and left < SETTLED:
            _infer(contrasts, beta, Phi, A, observed, L, out)
            return CONVERGED, steps
        if (not positive or (steps < EXPECTED_FIRST and left > 1.0)) and not step_of(expected, g, L, step):
            return NOT_CONVERGED, steps
        steps += 1
        for i in range(t):
            tried[i] = phi[i] - step[i]
    return NOT_CONVERGED, steps


@compiled
def _infer(contrasts, beta, Phi, A, observed, L, out):
    """Satterthwaite: df = v^2 / (g' H^-1 g), v = l Phi l', g its gradient, 2 H^-1 the covariance of phi."""
    t, p = len(observed), len(beta)
    g, back, h = np.empty(t), np.empty(t), np.empty(p)
    for r in range(len(contrasts)):
        estimate, v = 0.0, 0.0
        for c in range(p):
            s = 0.0
            for d in range(p):
                s += Phi[c, d] * contrasts[r, d]
            h[c] = s
            estimate += contrasts[r, c] * beta[c]
            v += contrasts[r, c] * s
        for i in range(t):
            s = 0.0
            for c in range(p):
                for d in range(p):
                    s += h[c] * A[i, c, d] * h[d]
            g[i] = s
        step_of(observed, g, L, back)
        s = 0.0
        for i in range(t):
            s += g[i] * back[i]
        out[r, 0], out[r, 1], out[r, 2] = estimate, np.sqrt(v), v * v / s


@compiled
def fit_many(Y, x, covariate, visit, contrasts, out, beta, sigma, status, steps):
    """`fit_one` over trials Y [T, n, m]; x is [T, n, q], or [1, n, q] for the same people in all. NaN where not converged."""
    n, m = Y.shape[1], Y.shape[2]
    q = x.shape[2]
    most = min(n, 2**m)
    slot, mask = np.empty(2**m, np.int64), np.empty(most, np.int64)
    count, S = np.empty(most, np.int64), np.empty((most, q + m, q + m))
    for i in range(len(Y)):
        people = x[i] if len(x) > 1 else x[0]
        status[i], steps[i] = fit_one(
            Y[i], people, covariate, visit, contrasts, slot, mask, count, S, out[i], beta[i], sigma[i]
        )
        if status[i] != CONVERGED:
            out[i] = np.nan
            beta[i] = np.nan
            sigma[i] = np.nan
