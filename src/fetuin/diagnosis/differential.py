"""From readings to probabilities: Bayes' rule over pairs of causes. What was not seen is summed over and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.interpretation import Weights
from fetuin.diagnosis.model import ANSWERS, CALCIFIED, Array, model
from fetuin.diagnosis.prior import log_prior


@dataclass(frozen=True)
class Differential:
    """Posterior over pairs of causes, and what follows from it. `evidence` is log P(what was seen)."""

    pairs: Array
    evidence: float

    def answers(self) -> dict[str, float]:
        """P(answer) for each of ANSWERS; adds up to 1."""
        m = model()
        return dict(zip(ANSWERS, np.bincount(m.answers, self.pairs, len(ANSWERS)).tolist(), strict=True))

    def mechanisms(self) -> dict[str, float]:
        """P(mechanism | there is calcification by one of the mechanisms); adds up to 1."""
        found = {a: p for a, p in self.answers().items() if a in CALCIFIED}
        total = sum(found.values()) or 1.0
        return {a: p / total for a, p in found.items()}

    def states(self) -> tuple[dict[str, float], dict[str, float]]:
        """P(state) of the tissue axis and of the systemic axis."""
        m = model()
        t = np.bincount(m.pair_t, self.pairs, len(m.tissue))
        s = np.bincount(m.pair_s, self.pairs, len(m.systemic))
        return (
            {x.id: float(p) for x, p in zip(m.tissue, t, strict=True)},
            {x.id: float(p) for x, p in zip(m.systemic, s, strict=True)},
        )


def log_likelihood(reading: Reading) -> Array:
    """log P(datum | pair) of one reading, shape (pairs,); kept, so it is not to be written to."""
    return _log_likelihood(reading.finding, reading.weights, reading.power)


@lru_cache(maxsize=1024)
def _log_likelihood(finding: str, weights: Weights, power: float) -> Array:
    """By what the numbers rest on alone: the datum and its place are not kept, and one assessment asks four times."""
    ll = np.asarray(power * np.log(np.asarray(weights) @ model().tables[finding]))
    ll.setflags(write=False)
    return ll


def posterior(log_weights: Array) -> Array:
    """Weights in logarithms to probabilities over the last axis."""
    p = np.exp(log_weights - log_weights.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


def differential(found: Sequence[Reading], setting: str = "general") -> Differential:
    """The posterior over pairs of causes given the readings, in a setting."""
    total = log_prior(setting).copy()
    for r in found:
        total += log_likelihood(r)
    top = total.max()
    return Differential(posterior(total), float(top + np.log(np.exp(total - top).sum())))
