"""Draws of the means and covariance of repeated measures from their posterior, by data augmentation.

Prior: flat on beta; inverse Wishart with m + 2 degrees of freedom about the REML estimate on Sigma (the weak prior of R rbmi,
"Statistical specifications" vignette). Each sweep fills the missing visits (missing at random), then draws
Sigma from an inverse Wishart and beta from a normal law (Tanner and Wong 1987; Schafer 1997). All chains move together and
start at the REML fit, so each gives a few draws far apart. Given Sigma, beta's law under the observed visits alone is normal and
known: it is drawn in mirrored pairs, which leaves the mean of all draws almost without Monte Carlo error.
"""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.likelihood import Pattern

Array = np.ndarray
BURN_IN, THIN, PER_CHAIN = 40, 2, 40  # sweeps; the lag-one correlation is about the missing share of information


def conditional(Y: Array, mean: Array, S: Array, rng: np.random.Generator | None) -> Array:
    """Y [n, m] with NaN filled for each of C means [C, n, m] and covariances [C, m, m]; drawn, or the mean without `rng`."""
    out = np.broadcast_to(np.where(np.isfinite(Y), Y, 0.0), mean.shape).copy()
    seen = np.isfinite(Y)
    for pattern in np.unique(seen, axis=0):
        gone, here = np.flatnonzero(~pattern), np.flatnonzero(pattern)
        people = np.flatnonzero((seen == pattern).all(axis=1))
        if not len(gone):
            continue
        V = S[:, gone[:, None], gone]
        fill = mean[:, people[:, None], gone]
        if len(here):
            slope = np.linalg.solve(S[:, here[:, None], here], S[:, here[:, None], gone])
            V = V - np.swapaxes(S[:, here[:, None], gone], 1, 2) @ slope
            fill = fill + (Y[people[:, None], here] - mean[:, people[:, None], here]) @ slope
        if rng is not None:
            fill = fill + rng.standard_normal(fill.shape) @ np.swapaxes(np.linalg.cholesky(V), 1, 2)
        out[:, people[:, None], gone] = fill
    return out


def sigma_draws(Y: Array, X: Array, beta: Array, S: Array, count: int, rng: np.random.Generator) -> Array:
    """Sigma [count, m, m] for responses Y [n, m] with NaN and designs X [n, m, p], from the REML fit (beta, S) on."""
    chains = -(-count // PER_CHAIN)
    XX = np.einsum("nkp,nlq->klpq", X, X)
    betas, sigmas = np.tile(beta, (chains, 1)), np.tile(S, (chains, 1, 1))
    kept = []
    for sweep in range(BURN_IN + THIN * PER_CHAIN):
        mean = np.einsum("nkp,cp->cnk", X, betas, optimize=True)
        full = conditional(Y, mean, sigmas, rng)
        r = full - mean
        sigmas = inverse_wishart(np.swapaxes(r, 1, 2) @ r + S, len(Y) + len(S) + 2, rng)
        betas = means_given(full, X, XX, sigmas, rng)
        if sweep >= BURN_IN and (sweep - BURN_IN) % THIN == THIN - 1:
            kept.append(sigmas)
    return np.concatenate(kept)[:count]


def mirrored_means(sigmas: Array, found: list[Pattern], p: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Two draws of beta [C, p] for each Sigma, on opposite sides of its mean given Sigma and the observed visits."""
    A, b = np.zeros((len(sigmas), p, p)), np.zeros((len(sigmas), p))
    for k in found:
        W = np.linalg.inv(sigmas[:, k.visits[:, None], k.visits])
        A += np.einsum("ckl,klpq->cpq", W, k.XX, optimize=True)
        b += np.einsum("ckl,klp->cp", W, k.Xy, optimize=True)
    centre = np.linalg.solve(A, b[..., None])[..., 0]
    half = np.swapaxes(np.linalg.cholesky(A), 1, 2)
    away = np.linalg.solve(half, rng.standard_normal((*b.shape, 1)))[..., 0]
    return centre + away, centre - away


def inverse_wishart(R: Array, df: int, rng: np.random.Generator) -> Array:
    """Sigma [C, m, m] with inverse ~ Wishart(df, R^-1), by Bartlett's decomposition."""
    c, m = R.shape[0], R.shape[1]
    A = np.tril(rng.standard_normal((c, m, m)), -1)
    A[:, range(m), range(m)] = np.sqrt(rng.chisquare(df - np.arange(m), (c, m)))
    half = np.linalg.cholesky(np.linalg.inv(R)) @ A
    back = np.linalg.inv(half)
    return np.swapaxes(back, 1, 2) @ back


def means_given(full: Array, X: Array, XX: Array, S: Array, rng: np.random.Generator) -> Array:
    """beta [C, p] given complete responses [C, n, m]."""
    W = np.linalg.inv(S)
    A = np.einsum("ckl,klpq->cpq", W, XX, optimize=True)
    b = np.einsum("cnl,nlp->cp", full @ W, X, optimize=True)
    half = np.linalg.cholesky(A)  # A = half half'
    z = rng.standard_normal(b.shape)
    return np.linalg.solve(A, b[..., None])[..., 0] + np.linalg.solve(np.swapaxes(half, 1, 2), z[..., None])[..., 0]
