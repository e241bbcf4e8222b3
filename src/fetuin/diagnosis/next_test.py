"""What to ask next: the expected gain of information on mechanism and cause, against cost and harm.

A test is the findings it shows; its gain is that of its most telling finding, a lower bound. A biopsy is five times as
harmful where calciphylaxis is likely. Some tests wait for others: PTH before PTHrP (Q038), chemistry before gene panels,
ionised calcium before a decision on adjusted calcium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.diagnosis.assessment import Missing, NextTest
from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import ANSWERS, Array, model
from fetuin.knowledge.finding import Finding, findings
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Ranking:
    """How gain, cost and harm are weighed."""

    biopsy_factor: float = quantity(
        5.0, "1", "assumption: facts on the engine", "harm of a biopsy where calciphylaxis is likely"
    )
    calciphylaxis_likely: float = quantity(
        0.2, "1", "assumption: facts on the engine", "probability that counts as likely"
    )
    cause_share: float = quantity(0.3, "1", "elicited", "weight of a bit on the cause against a bit on the mechanism")
    least_cost: float = quantity(1.0, "1", "assumption: a test costs at least a serum value", "floor of cost")
    least_gain: float = quantity(0.005, "bit", "elicited", "below it a test is not worth a line")


RANKING = Ranking()


def _entropy(p: Array, axis: int) -> Array:
    return -np.sum(p * np.log2(np.maximum(p, 1e-12)), axis=axis)


def _matrix() -> Array:
    """Pairs x answers, one where the pair gives the answer."""
    return np.eye(len(ANSWERS))[model().answers]


def gains(found: Sequence[Reading], posterior: Array) -> dict[str, float]:
    """{finding: gain} of every finding not yet seen."""
    keep = np.flatnonzero(posterior > 1e-5)
    p, to_answer = posterior[keep] / posterior[keep].sum(), _matrix()[keep]
    before = (float(_entropy(p @ to_answer, 0)), float(_entropy(p, 0)))
    seen = {r.finding for r in found}
    out = {}
    for f in findings().values():
        if f.id in seen or not f.offer:
            continue
        joint = model().tables[f.id][:, keep] * p
        p_state = joint.sum(1)
        given = joint / np.maximum(p_state[:, None], 1e-300)
        on_answer = before[0] - float(p_state @ _entropy(given @ to_answer, 1))
        on_cause = before[1] - float(p_state @ _entropy(given, 1))
        out[f.id] = on_answer + RANKING.cause_share * on_cause
    return out


def _blocked(f: Finding, seen: set[str]) -> str:
    waiting = [findings()[a].label for a in f.after if a not in seen and a in findings()]
    return ", ".join(waiting)


def _reason(f: Finding, posterior: Array, leading: str) -> str:
    """One line: what the answer would be after the most and the least favourable result."""
    joint = model().tables[f.id] * posterior
    hit = (model().answers == ANSWERS.index(leading)).astype(float)
    p = (joint @ hit) / np.maximum(joint.sum(1), 1e-300)
    best, worst = int(p.argmax()), int(p.argmin())
    name = f.label[0].lower() + f.label[1:] if not f.label[:2].isupper() and not f.label[0].isdigit() else f.label
    return (
        f"{name}: if {f.states[best].replace('_', ' ')}, {leading} {p[best]:.0%}; "
        f"if {f.states[worst].replace('_', ' ')}, {p[worst]:.0%}"
    )


def rank(found: Sequence[Reading], posterior: Array, leading: str, known: dict[str, float]) -> tuple[NextTest, ...]:
    """Tests worth asking for, best first; those that wait for another test come after it."""
    seen = {r.finding for r in found}
    p_calciphylaxis = float(posterior[model().answers == ANSWERS.index("calciphylaxis")].sum())
    best: dict[str, NextTest] = {}
    for key, bits in known.items():
        f = findings()[key]
        if (f.layer == "history" and f.cost < RANKING.least_cost) or not f.offer or bits < RANKING.least_gain:
            continue
        biopsy = "biopsy" in f.test.lower()
        harm = f.harm * (RANKING.biopsy_factor if biopsy and p_calciphylaxis > RANKING.calciphylaxis_likely else 1.0)
        cost = max(f.cost, RANKING.least_cost)
        test = NextTest(f.id, f.test, bits, cost, harm, bits / (cost + harm), "", _blocked(f, seen))
        if f.test not in best or bits > best[f.test].gain_bits:
            best[f.test] = test
    ordered = sorted(best.values(), key=lambda t: (bool(t.blocked_by), -t.utility, t.label))[:8]
    return tuple(
        NextTest(t.test, t.label, t.gain_bits, t.cost, t.harm, t.utility, _why(t, posterior, leading), t.blocked_by)
        for t in ordered
    )


def _why(t: NextTest, posterior: Array, leading: str) -> str:
    text = _reason(findings()[t.test], posterior, leading)
    if t.blocked_by:
        text += f"; first: {t.blocked_by}"
    if t.harm > findings()[t.test].harm:
        text += "; a biopsy may harm in calciphylaxis"
    return text


def missing(posterior: Array, leading: str, known: dict[str, float], most: int = 8) -> tuple[Missing, ...]:
    """The findings not reported that would tell most, and P(leading answer) in each of their states."""
    hit = (model().answers == ANSWERS.index(leading)).astype(float)
    top = sorted(known, key=lambda k: (-known[k], k))[:most]
    out = []
    for key in top:
        f, joint = findings()[key], model().tables[key] * posterior
        p = (joint @ hit) / np.maximum(joint.sum(1), 1e-300)
        likely = sorted(range(len(f.states)), key=lambda i: -joint[i].sum())[:6]
        out.append(Missing(key, f.label, {f.states[i]: float(p[i]) for i in sorted(likely)}))
    return tuple(out)
