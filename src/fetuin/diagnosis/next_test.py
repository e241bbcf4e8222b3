"""What to ask next: the expected gain of information on mechanism and cause, against cost and harm.

A test is the findings it shows; its gain is that of its most telling finding, a lower bound. A biopsy is five times as
harmful where calciphylaxis is likely. Some tests wait for others: PTH before PTHrP (Q038), chemistry before gene panels,
ionised calcium before a decision on adjusted calcium.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fetuin.diagnosis.assessment import Missing, NextTest
from fetuin.diagnosis.model import ANSWERS
from fetuin.diagnosis.outlook import Outlook
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
    least_cost: float = quantity(1.0, "1", "assumption: a test costs at least a serum value", "floor of cost")
    least_gain: float = quantity(0.005, "bit", "elicited", "below it a test is not worth a line")


RANKING = Ranking()


def _blocked(f: Finding, seen: frozenset[str]) -> str:
    waiting = [findings()[a].label for a in f.after if a not in seen and a in findings()]
    return ", ".join(waiting)


def _reason(f: Finding, view: Outlook, leading: str) -> str:
    """One line: what the answer would be after the most and the least favourable result."""
    p = view.answer_given(f.id)[:, ANSWERS.index(leading)]
    best, worst = int(p.argmax()), int(p.argmin())
    name = f.label[0].lower() + f.label[1:] if not f.label[:2].isupper() and not f.label[0].isdigit() else f.label
    return (
        f"{name}: if {f.states[best].replace('_', ' ')}, {leading} {p[best]:.0%}; "
        f"if {f.states[worst].replace('_', ' ')}, {p[worst]:.0%}"
    )


def rank(view: Outlook, leading: str) -> tuple[NextTest, ...]:
    """Tests worth asking for, best first; those that wait for another test come after it."""
    p_calciphylaxis = float(view.answers[ANSWERS.index("calciphylaxis")])
    best: dict[str, NextTest] = {}
    for key, bits in view.gains.items():
        f = findings()[key]
        if (f.layer == "history" and f.cost < RANKING.least_cost) or bits < RANKING.least_gain:
            continue
        biopsy = "biopsy" in f.test.lower()
        harm = f.harm * (RANKING.biopsy_factor if biopsy and p_calciphylaxis > RANKING.calciphylaxis_likely else 1.0)
        cost = max(f.cost, RANKING.least_cost)
        test = NextTest(f.id, f.test, bits, cost, harm, bits / (cost + harm), "", _blocked(f, view.seen))
        if f.test not in best or bits > best[f.test].gain_bits:
            best[f.test] = test
    ordered = sorted(best.values(), key=lambda t: (bool(t.blocked_by), -t.utility, t.label))[:8]
    return tuple(replace(t, reason=_why(t, view, leading)) for t in ordered)


def _why(t: NextTest, view: Outlook, leading: str) -> str:
    text = _reason(findings()[t.test], view, leading)
    if t.blocked_by:
        text += f"; first: {t.blocked_by}"
    if t.harm > findings()[t.test].harm:
        text += "; a biopsy may harm in calciphylaxis"
    return text


def missing(view: Outlook, leading: str, most: int = 8) -> tuple[Missing, ...]:
    """The findings not reported that would tell most, and P(leading answer) in each of their states."""
    out = []
    for key in sorted(view.gains, key=lambda k: (-view.gains[k], k))[:most]:
        f, p = findings()[key], view.answer_given(key)[:, ANSWERS.index(leading)]
        out.append(Missing(key, f.label, dict(zip(f.states, p.tolist(), strict=True))))
    return tuple(out)
