"""Why: how far each reading speaks for or against each answer.

The weight is a log-likelihood ratio: how much more probable the datum is under an answer than under the others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fetuin.diagnosis.assessment import Evidence
from fetuin.diagnosis.differential import log_likelihood
from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import ANSWERS, CALCIFIED, Array, State, model
from fetuin.diagnosis.prior import log_prior
from fetuin.diagnosis.shares import shares
from fetuin.knowledge.cited import elicited
from fetuin.knowledge.finding import findings
from fetuin.records.record import Source

_EPS = 1e-12


def ratios(found: Sequence[Reading], setting: str) -> list[dict[str, float]]:
    """For each reading {answer: log P(datum | answer) - log P(datum | another answer)}, natural logarithms.

    The mix of causes within an answer is that of the setting. Each reading stands alone: two that share a cause overlap.
    """
    if not found:
        return []
    m = model()
    prior = np.exp(log_prior(setting))[:, None] * np.eye(len(ANSWERS))[m.answers][:, : len(CALCIFIED)]
    each = np.stack([np.exp(log_likelihood(r)) for r in found])
    mass, hit = prior.sum(0), each @ prior
    inside, outside = hit / mass, (hit.sum(1, keepdims=True) - hit) / (mass.sum() - mass)
    change = np.log(np.maximum(inside, _EPS)) - np.log(np.maximum(outside, _EPS))
    return [{a: float(x) for a, x in zip(CALCIFIED, row, strict=True)} for row in change]


def leading_states(pairs: Array) -> tuple[State, State]:
    """The most probable pair of causes."""
    m, k = model(), int(pairs.argmax())
    return m.tissue[m.pair_t[k]], m.systemic[m.pair_s[k]]


def sources_of(finding: str, states: Sequence[State]) -> tuple[str, ...]:
    """Ids behind the likelihood of a finding under the leading causes, and behind its background."""
    f = findings()[finding]
    ids = list(f.background.source)
    for x in states:
        if x.variant is not None and finding in x.variant.likelihoods:
            ids += x.variant.likelihoods[finding].source
    return tuple(dict.fromkeys(ids))


def origin(source: Source) -> str:
    """Where a datum came from, in words."""
    return ", ".join(x for x in (source.name, source.place) if x)


def weigh(found: Sequence[Reading], pairs: Array, leading: str, setting: str) -> tuple[Evidence, ...]:
    """Evidence for the report, loudest first."""
    states = leading_states(pairs)
    out = []
    _, carried = shares(found, setting, leading)
    for r, weights, share in zip(found, ratios(found, setting), carried, strict=True):
        f, ids = findings()[r.finding], sources_of(r.finding, states)
        weight = weights.get(leading, 0.0)
        quantities = tuple(i for i in ids if i.startswith("Q"))
        where = origin(r.source)
        out.append(
            Evidence(
                finding=r.finding,
                label=f.label if r.finding != "site" else f"Site: {r.state.replace('_', ' ')}",
                state=r.state,
                layer=f.layer,
                datum=f"{r.datum} ({where})" if where else r.datum,
                weight=weight,
                weights=weights,
                statement=_statement(r, f.label, weight, leading),
                citations=quantities,
                quantities=quantities,
                elicited=elicited(ids),
                share=share,
            )
        )
    return tuple(sorted(out, key=lambda e: (-abs(e.share), e.finding, e.state)))


def _statement(r: Reading, label: str, weight: float, leading: str) -> str:
    speaks = "says little of" if abs(weight) < 0.05 else "speaks for" if weight > 0 else "speaks against"
    return f"{label}, {r.state.replace('_', ' ')}: {speaks} {leading}."
