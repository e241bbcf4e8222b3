"""How probable each pair of causes is before anything is known of the person, in a setting."""

from __future__ import annotations

from functools import cache

import numpy as np

from fetuin.diagnosis.model import NONE, OTHER, Array, State, model
from fetuin.knowledge.disorder import disorders
from fetuin.knowledge.setting import Setting, setting_named


def _share(x: State, setting: Setting) -> float:
    """Relative frequency of a state of one axis: the disorder's, times the part of the variant."""
    if x.id in (NONE, OTHER) or x.variant is None:
        return 0.0
    return setting.prior[x.disorder].value * x.variant.share.value


def _together(t: State, s: State) -> float | None:
    """P(the systemic cause | the tissue cause) where the disorder says it, divided over the variants."""
    given = disorders()[t.disorder].together if t.disorder in disorders() else {}
    return given[s.disorder].value * (s.variant.share.value if s.variant else 1.0) if s.disorder in given else None


def weights(setting: Setting) -> Array:
    """P(pair), shape (pairs,), summing to 1."""
    m = model()
    t_share = np.array([_share(x, setting) for x in m.tissue])
    s_share = np.array([_share(x, setting) for x in m.systemic])
    total, s_total = t_share.sum() + s_share.sum(), s_share.sum()
    cause = 1.0 - setting.none.value
    p = np.zeros(m.pairs)
    for k, (i, j) in enumerate(zip(m.pair_t, m.pair_s, strict=True)):
        t, s = m.tissue[i], m.systemic[j]
        if i == 0 and j == 0:
            p[k] = setting.none.value
        elif OTHER in (t.id, s.id):
            p[k] = cause * setting.outside.value / 2
        elif j == 0:
            p[k] = cause * t_share[i] / total
        elif i == 0:
            p[k] = cause * s_share[j] / total
        else:
            with_s = _together(t, s)
            rate = setting.coincidence.value * s_share[j] / s_total if with_s is None else with_s
            p[k] = cause * t_share[i] / total * rate
    return p / p.sum()


@cache
def log_prior(setting: str) -> Array:
    """log P(pair) in a setting; UsageError where there is no such setting."""
    return np.log(weights(setting_named(setting)))
