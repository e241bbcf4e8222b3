"""What every finding not yet seen could show, and what the answer would then be: computed once, read by all who ask.

Rows are the states of all findings one below the other. Only pairs of causes that are still alive are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import ANSWERS, Array, model
from fetuin.knowledge.finding import findings
from fetuin.quantities import quantity

_ALIVE = 1e-5  # a pair with less posterior changes no gain by 0.001 bit


@dataclass(frozen=True)
class Worth:
    """How information is weighed."""

    cause_share: float = quantity(
        0.3, "1", "elicited", "weight of a bit on the cause against a bit on the mechanism", (0.1, 0.5)
    )


WORTH = Worth()


@dataclass(frozen=True)
class Outlook:
    """For each row: `chance` of the result, `after` its answers (adding up to 1). `gains` [bit] of each finding not seen."""

    answers: Array
    seen: frozenset[str]
    rows: Mapping[str, slice]
    chance: Array
    after: Array
    gains: Mapping[str, float]

    def answer_given(self, finding: str) -> Array:
        """P(answer | state) for each state of a finding, shape (states, answers)."""
        return self.after[self.rows[finding]]


@cache
def stacked() -> tuple[Array, Mapping[str, slice], NDArray[np.int64], Array]:
    """All tables that may be asked, one below the other; rows of each finding; first rows; pairs x answers."""
    m, rows, tables, at = model(), {}, [], 0
    for f in findings().values():
        if f.offer:
            rows[f.id] = slice(at, at + len(f.states))
            tables.append(m.tables[f.id])
            at += len(f.states)
    starts = np.array([s.start for s in rows.values()])
    return np.concatenate(tables), rows, starts, np.eye(len(ANSWERS))[m.answers]


def _entropy(p: Array) -> Array:
    """Entropy [bit] of distributions along the last axis."""
    return np.asarray(-np.einsum("...k,...k->...", p, np.log2(np.maximum(p, 1e-12))))


def outlook(found: Sequence[Reading], posterior: Array) -> Outlook:
    """What may come, given the posterior over pairs."""
    tables, rows, starts, to_answer = stacked()
    keep = np.flatnonzero(posterior > _ALIVE)
    p, to_answer = posterior[keep] / posterior[keep].sum(), to_answer[keep]
    joint = tables[:, keep] * p
    chance = joint.sum(1)
    given = joint / np.maximum(chance, 1e-300)[:, None]
    after = given @ to_answer
    now = p @ to_answer
    left = chance * (_entropy(after) + WORTH.cause_share * _entropy(given))
    before = float(_entropy(now) + WORTH.cause_share * _entropy(p))
    gain = np.maximum(before - np.add.reduceat(left, starts), 0.0)
    seen = frozenset(r.finding for r in found)
    gains = {f: float(g) for f, g in zip(rows, gain, strict=True) if f not in seen}
    return Outlook(now, seen, rows, chance, after, gains)
