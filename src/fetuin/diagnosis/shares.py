"""How much of the way from the prior to the answer each reading carried: shares that add up exactly.

A reading's weight depends on what is known already: the second of two findings that say the same says little. Its share is
the change of the leading answer's log odds when the reading is added, averaged over orders in which the readings could have
come (the Shapley value, over a fixed sample of orders and their reverses). Prior log odds plus all shares are the final
log odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from fetuin.diagnosis.differential import log_likelihood
from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import ANSWERS, Array, model
from fetuin.diagnosis.prior import log_prior

ORDERS, SEED, FLOOR = 8, 20, 1e-12


@lru_cache(maxsize=64)
def _orders(n: int) -> tuple[tuple[int, ...], ...]:
    rng = np.random.default_rng(SEED)
    some = [tuple(rng.permutation(n).tolist()) for _ in range(ORDERS)]
    return (*some, *(o[::-1] for o in some))


def _log_odds(paths: Array, lead: Array) -> Array:
    """Log odds of the leading answer for log weights over pairs in the last axis."""
    w = paths - paths.max(-1, keepdims=True)
    np.exp(w, out=w)
    p = np.maximum((w @ lead) / w.sum(-1), FLOOR)
    return np.log(p) - np.log(np.maximum(1.0 - p, FLOOR))


def shares(found: Sequence[Reading], setting: str, leading: str) -> tuple[float, list[float]]:
    """Prior log odds of the leading answer, and the share of each reading, in their order."""
    lead = (np.asarray(model().answers) == ANSWERS.index(leading)).astype(float)
    prior = log_prior(setting)
    if not found:
        return float(_log_odds(prior, lead)), []
    each = [log_likelihood(r) for r in found]
    total, orders = np.zeros(len(found)), _orders(len(found))
    path = np.empty((len(found) + 1, len(prior)))  # log weights of the pairs as one reading after the other is added
    path[0] = prior
    for order in orders:
        for k, r in enumerate(order):
            np.add(path[k], each[r], out=path[k + 1])
        odds = _log_odds(path, lead)
        total[list(order)] += odds[1:] - odds[:-1]
    return float(_log_odds(prior, lead)), (total / len(orders)).tolist()
