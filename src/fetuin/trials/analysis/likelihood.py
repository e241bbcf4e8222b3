"""The Gaussian likelihood of repeated measures from sufficient statistics.

People who have the same visits (and covariance group) share V = Sigma[visits], so each pattern needs only its number and
the cross-products of X and y between visits: an evaluation costs the same for 20 people and for 2,000.

    -2 ln L_REML = sum n_k ln|V_k| + ln|X'V^-1 X| + r'V^-1 r + (N - p) ln 2 pi
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.errors import NumericalError

Array = np.ndarray
STEP = 1e-20  # complex step: exact to rounding, whatever its size


@dataclass(frozen=True)
class Pattern:
    """n people of one covariance group with the same visits [k]: XX [k, k, p, p], Xy [k, k, p], yy [k, k]."""

    group: int
    visits: Array
    n: int
    XX: Array
    Xy: Array
    yy: Array
    X: Array  # [n, k, p]
    y: Array  # [n, k]


def patterns(
    y: Array, X: Array, subject: Array, visit: Array, group: Array | None = None, weights: Array | None = None
) -> list[Pattern]:
    """Patterns of the rows. Weights scale each row by their root (V = W^-1/2 Sigma W^-1/2)."""
    root = np.sqrt(weights) if weights is not None else np.ones(len(y))
    y, X = y * root, X * root[:, None]
    by: dict[tuple[Any, ...], list[Array]] = {}
    order = np.lexsort((visit, subject))
    cuts = np.flatnonzero(np.diff(subject[order])) + 1
    for rows in np.split(order, cuts):
        g = int(group[rows[0]]) if group is not None else 0
        by.setdefault((g, *visit[rows]), []).append(rows)
    out = []
    for (g, *visits), people in sorted(by.items(), key=lambda kv: kv[0]):
        index = np.array(people)
        Xs, ys = X[index], y[index]
        out.append(
            Pattern(
                g, np.array(visits, int), len(index), np.einsum("nkp,nlq->klpq", Xs, Xs), np.einsum("nkp,nl->klp", Xs, ys),
                np.einsum("nk,nl->kl", ys, ys), Xs, ys,
            )
        )  # fmt: skip
    return out


@dataclass(frozen=True)
class Likelihood:
    """The likelihood of one model; `sigma(theta)` gives [groups, m, m]."""

    patterns: list[Pattern]
    sigma: Callable[[Array], Array]
    p: int
    reml: bool
    log_weights: float = 0.0

    @property
    def n(self) -> int:
        """Number of observations."""
        return sum(k.n * len(k.visits) for k in self.patterns)

    def derivatives(self, theta: Array, sigma: Callable[[Array], Array] | None = None) -> Array:
        """dSigma/dtheta [t, groups, m, m], exact by complex steps."""
        f, out = sigma or self.sigma, []
        for i in range(len(theta)):
            shifted = theta.astype(complex)
            shifted[i] += 1j * STEP
            out.append(f(shifted).imag / STEP)
        return np.array(out)

    def solve(self, S: Array) -> tuple[Array, Array, list[Array], float] | None:
        """(beta, Phi = (X'V^-1 X)^-1, inverses of V by pattern, sum of ln|V|); None where V is no covariance."""
        A, b, inverses, logdet = np.zeros((self.p, self.p)), np.zeros(self.p), [], 0.0
        for k in self.patterns:
            V = S[k.group][np.ix_(k.visits, k.visits)]
            try:
                half = np.linalg.cholesky(V)
            except np.linalg.LinAlgError:
                return None
            inverse = np.linalg.inv(V)
            logdet += 2 * k.n * float(np.log(np.diag(half)).sum())
            A += np.einsum("kl,klpq->pq", inverse, k.XX)
            b += np.einsum("kl,klp->p", inverse, k.Xy)
            inverses.append(inverse)
        try:
            Phi = np.linalg.inv(A)
        except np.linalg.LinAlgError:
            return None
        return Phi @ b, Phi, inverses, logdet

    def residual_products(self, beta: Array) -> list[Array]:
        """Cross-products of residuals [k, k] by pattern."""
        out = []
        for k in self.patterns:
            cross = k.Xy @ beta
            out.append(k.yy - cross - cross.T + np.einsum("klpq,p,q->kl", k.XX, beta, beta))
        return out

    def minus2(self, theta: Array) -> float:
        """-2 ln L at theta; inf where V is no covariance."""
        S = self.sigma(theta)
        if not np.isfinite(S).all():
            return np.inf
        found = self.solve(S)
        if found is None:
            return np.inf
        beta, Phi, inverses, logdet = found
        quadratic = sum(float((v * r).sum()) for v, r in zip(inverses, self.residual_products(beta)))
        value = logdet + quadratic + self.n * np.log(2 * np.pi) - self.log_weights
        if self.reml:
            value += -np.linalg.slogdet(Phi)[1] - self.p * np.log(2 * np.pi)
        return float(value)

    def gradient(self, theta: Array) -> Array:
        """d(-2 ln L)/dtheta."""
        found = self.solve(self.sigma(theta))
        if found is None:
            raise NumericalError(
                "the covariance is singular",
                where="REML" if self.reml else "ML",
                why="a visit has no spread of its own, or is determined by others",
                fix="look at the responses of each visit, or choose a simpler covariance",
            )
        beta, Phi, inverses, _ = found
        products = self.residual_products(beta)
        D = self.derivatives(theta)
        out = np.zeros(len(theta))
        for k, v, r in zip(self.patterns, inverses, products):
            d = D[:, k.group][:, k.visits][:, :, k.visits]
            m = v @ d @ v
            out += k.n * np.einsum("kl,tlk->t", v, d) - np.einsum("tkl,kl->t", m, r)
            if self.reml:
                out -= np.einsum("tkl,klpq,pq->t", m, k.XX, Phi)
        return out

    def hessian(self, theta: Array, step: float = 1e-5) -> Array:
        """Second derivatives of -2 ln L by central differences of the exact gradient."""
        out = np.empty((len(theta), len(theta)))
        for i in range(len(theta)):
            h = step * max(1.0, abs(theta[i]))
            up, down = theta.copy(), theta.copy()
            up[i] += h
            down[i] -= h
            out[i] = (self.gradient(up) - self.gradient(down)) / (2 * h)
        return (out + out.T) / 2
