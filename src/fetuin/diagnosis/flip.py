"""The smallest change that flips the answer: one finding more, one other, or one less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fetuin.diagnosis.differential import log_likelihood, posterior
from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import ANSWERS, CALCIFIED, Array, model
from fetuin.diagnosis.outlook import Outlook
from fetuin.diagnosis.prior import log_prior
from fetuin.knowledge.finding import findings
from fetuin.quantities import quantity

_INDEX = [ANSWERS.index(a) for a in CALCIFIED]
_FIXED = ("age", "female", "calcification_reported", "plane")


@dataclass(frozen=True)
class Plausible:
    """What counts as a change worth telling."""

    least: float = quantity(0.01, "1", "elicited", "a result less probable than this is not told", (0.002, 0.05))


PLAUSIBLE = Plausible()


@dataclass(frozen=True)
class Flip:
    """A change: `what` in words, the answer it leads to, that answer's probability, and how likely the change is."""

    what: str
    answer: str
    p: float
    chance: float


def _top(p: Array) -> tuple[str, float]:
    """Leading mechanism and its probability among the mechanisms."""
    masses = np.bincount(model().answers, p, len(ANSWERS))[_INDEX]
    k = int(masses.argmax())
    return CALCIFIED[k], float(masses[k] / max(masses.sum(), 1e-300))


def added(view: Outlook, leading: str) -> list[Flip]:
    """Every result of a finding not yet seen that would lead to another answer."""
    out = []
    best = view.after[:, _INDEX].argmax(1)
    other = (best != CALCIFIED.index(leading)) & (view.chance >= PLAUSIBLE.least)
    telling = set(np.flatnonzero(other).tolist())
    for key in view.gains:
        f, rows = findings()[key], view.rows[key]
        for k in telling.intersection(range(rows.start, rows.stop)):
            masses = view.after[k, _INDEX]
            p = float(masses[best[k]] / max(masses.sum(), 1e-300))
            words = f"{f.label} turned out {f.states[k - rows.start].replace('_', ' ')}"
            out.append(Flip(words, CALCIFIED[best[k]], p, float(view.chance[k])))
    return out


def changed(found: Sequence[Reading], setting: str, leading: str) -> list[Flip]:
    """Every reading that, left out or read as another state, would lead to another answer."""
    each = [log_likelihood(r) for r in found]
    total, out = log_prior(setting) + sum(each, np.zeros(model().pairs)), []
    for r, ll in zip(found, each, strict=True):
        f = findings()[r.finding]
        answer, p = _top(posterior(total - ll))
        if answer != leading:
            out.append(Flip(f"{f.label} ({r.datum}) had not been reported", answer, p, 1.0))
            continue
        if f.id in _FIXED or len(f.states) > 6:  # a site or an age is not read as another
            continue
        for state in f.states:
            if state == r.state:
                continue
            other = replace(r, state=state, weights=tuple(1.0 if s == state else 0.01 for s in f.states))
            answer, p = _top(posterior(total - ll + log_likelihood(other)))
            if answer != leading:
                out.append(
                    Flip(
                        f"{f.label} were {state.replace('_', ' ')} and not {r.state.replace('_', ' ')}", answer, p, 0.5
                    )
                )
    return out


def smallest(found: Sequence[Reading], view: Outlook, setting: str, leading: str) -> str:
    """In words: the most likely single result that flips the answer, else the single reading on which it hangs."""
    new = added(view, leading)
    if new:
        best = max(new, key=lambda f: (f.chance, f.p, f.what))
        return f"If {best.what}, the answer would be {best.answer} ({best.p:.0%}); the chance of that result is {best.chance:.0%}."
    old = changed(found, setting, leading)
    if old:
        best = max(old, key=lambda f: (f.chance, f.p, f.what))
        return f"If {best.what}, the answer would be {best.answer} ({best.p:.0%})."
    return "No single finding, added, changed or left out, flips the answer."
