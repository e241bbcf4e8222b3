"""How sure are the inputs? 200 draws of every likelihood and prior from its Dirichlet give an interval on each answer.

Draws are seeded by the name of the finding, so the same record gives the same interval on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import NONE, OTHER, SHAPE, Array, State, model, side_table
from fetuin.diagnosis.prior import log_prior
from fetuin.knowledge.chance import Chance
from fetuin.knowledge.finding import findings
from fetuin.knowledge.setting import setting_named

DRAWS = 200
_KEEP = 1e-3  # pairs with less posterior than this do not move an interval


def _draw(rng: np.random.Generator, c: Chance) -> Array:
    """DRAWS distributions from a Dirichlet with the mean and weight of a Chance, shape (DRAWS, states)."""
    g = rng.standard_gamma(np.maximum(np.array(c.p) * c.weight, 1e-3), size=(DRAWS, len(c.p)))
    g = np.maximum(g, 1e-9)
    return np.asarray(g / g.sum(1, keepdims=True))


@cache
def sampled_sides(finding: str) -> tuple[Array, Array]:
    """Draws of the two side tables of a finding, shapes (DRAWS, states, tissue axis) and (DRAWS, states, systemic axis)."""
    f, m = findings()[finding], model()
    rng = np.random.default_rng(crc32(finding.encode()))
    background = _draw(rng, f.background)

    def side(states: tuple[State, ...]) -> Array:
        fixed = side_table(f, states)
        out = np.empty((DRAWS, *fixed.shape))
        for k, x in enumerate(states):
            if x.variant is not None and finding in x.variant.likelihoods:
                out[:, :, k] = _draw(rng, x.variant.likelihoods[finding])
            else:
                out[:, :, k] = fixed[:, k] if x.id == OTHER else background
        return out

    return side(m.tissue), side(m.systemic)


@cache
def sampled_prior(setting: str) -> Array:
    """Draws of log P(pair), shape (DRAWS, pairs): each prior is a gamma with its own weight."""
    s, m = setting_named(setting), model()
    rng = np.random.default_rng(crc32(setting.encode()))
    names = {NONE: s.none, OTHER: s.outside, **s.prior}
    log_factor = {k: np.log(np.maximum(rng.standard_gamma(n.weight, DRAWS) / n.weight, 1e-6)) for k, n in names.items()}
    zero = np.zeros(DRAWS)
    t = np.stack([zero if x.id == NONE else log_factor[x.disorder] for x in m.tissue], 1)
    y = np.stack([zero if x.id == NONE else log_factor[x.disorder] for x in m.systemic], 1)
    drawn = log_prior(setting) + t[:, m.pair_t] + y[:, m.pair_s]
    drawn[:, (m.pair_t == 0) & (m.pair_s == 0)] += log_factor[NONE][:, None]
    return np.asarray(drawn)


def _sampled_likelihood(r: Reading, keep: NDArray[np.int64]) -> Array:
    """Draws of P(datum | pair) for the pairs in `keep`, shape (DRAWS, len(keep))."""
    m, f = model(), findings()[r.finding]
    if r.finding == "calcification_reported":
        return np.asarray(np.asarray(r.weights) @ m.tables[r.finding][:, keep])[None, :].repeat(DRAWS, 0)
    w = np.asarray(r.weights)
    t_side, s_side = sampled_sides(r.finding)
    pt, ps = m.pair_t[keep], m.pair_s[keep]
    known = np.flatnonzero(w)
    if len(known) == 1 and w[known[0]] == 1.0:  # one state for certain: no sum over forty sites
        t, s = t_side[:, known[0], pt], s_side[:, known[0], ps]
    else:
        t, s = (w @ t_side)[:, pt], (w @ s_side)[:, ps]
    c = m.choices[r.finding]
    if f.combine == "louder":
        p = np.where(c.loud_t[keep], t, s)
    else:
        both = 0.5 * (t + s)
        if f.combine == "pair":
            both = (1 - SHAPE.both_tissues) * both + SHAPE.both_tissues * w[f.states.index("mixed")]
        p = np.where(c.none_t[keep], s, np.where(c.none_s[keep], t, both))
    return np.asarray(p**r.power if r.power != 1.0 else p)


def sampled_pairs(found: Sequence[Reading], posterior: Array, setting: str) -> tuple[NDArray[np.int64], Array]:
    """The pairs that matter and DRAWS posteriors over them, shape (DRAWS, len(keep))."""
    keep = np.flatnonzero(posterior > _KEEP)
    prior = sampled_prior(setting)[:, keep]
    p = np.exp(prior - prior.max())
    for r in found:
        p *= _sampled_likelihood(r, keep)
        top = p.max(1, keepdims=True)
        p /= np.maximum(top, 1e-300)
    return keep, p / p.sum(1, keepdims=True)


def intervals(draws: Array, member: Array) -> tuple[Array, Array]:
    """2.5 and 97.5 % of P(member) for each column of `member` (pairs kept x things), from the draws."""
    found = np.sort(draws @ member, axis=0)
    return _quantile(found, 0.025), _quantile(found, 0.975)


def _quantile(found: Array, q: float) -> Array:
    """Linear between the two nearest of the sorted rows, counted from the nearer one: `numpy.quantile` to the bit."""
    at = q * (len(found) - 1)
    k = int(at)
    a, b, t = found[k], found[min(k + 1, len(found) - 1)], at - k
    return np.asarray(b - (b - a) * (1 - t) if t >= 0.5 else a + (b - a) * t)
