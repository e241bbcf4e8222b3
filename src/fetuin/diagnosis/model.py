"""The model as arrays: tissue cause x systemic cause, what each pair says of every finding, and which answer it gives.

Latent states are pairs (t, s): a cause in the tissue or "none", and a cause in the chemistry or "none". Each side also has an
out-of-model state that knows nothing. The table of a finding is P(state | t, s):

* louder:   the cause that says more of the finding (its table lies farther from the background) speaks for both; two causes
            of one illness (calciphylaxis within kidney failure) would otherwise count the same fact twice
* mixture:  a draw from one of the two: a site is the site of one of the deposits
* pair:     a mixture, and with two causes at work both kinds of tissue are often seen ("mixed")

A cause that does not name a finding leaves it at its background.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fetuin.knowledge.disorder import Variant, disorders
from fetuin.knowledge.finding import Finding, findings
from fetuin.quantities import quantity

Array = NDArray[np.float64]
NONE, OTHER = "none", "other"
ANSWERS = (
    "dystrophic",
    "metastatic",
    "iatrogenic",
    "calciphylaxis",
    "hereditary",
    "idiopathic",
    "mixed",
    NONE,
    OTHER,
)
CALCIFIED = ANSWERS[:7]


@dataclass(frozen=True)
class Shape:
    """Numbers of the model itself."""

    reported_tissue: float = quantity(
        0.95, "1", "elicited", "P(calcification was reported | a cause in tissue)", (0.8, 1.0)
    )
    reported_systemic: float = quantity(
        0.5, "1", "elicited", "P(calcification was reported | a systemic cause)", (0.2, 0.8)
    )
    reported_lookalike: float = quantity(
        0.01, "1", "elicited", "P(calcification was reported | a look-alike)", (0.001, 0.05)
    )
    both_tissues: float = quantity(
        0.4, "1", "elicited", "P(viable and damaged tissue both seen | two causes)", (0.2, 0.6)
    )
    outside_flat: float = quantity(
        0.5, "1", "elicited", "how little an unknown cause knows: share of a flat table", (0.3, 0.7)
    )


SHAPE = Shape()


@dataclass(frozen=True)
class State:
    """One state of one axis: a variant of a disorder, "none" or "other"."""

    id: str
    disorder: str
    variant: Variant | None


def _axis(axis: str) -> tuple[State, ...]:
    forms = [State(v.id, d.id, v) for d in disorders().values() if d.axis == axis for v in d.variants]
    return (State(NONE, NONE, None), *forms, State(OTHER, OTHER, None))


def answer_of(t: State, s: State) -> str:
    """The mechanism named first for a pair of causes; idiopathic only where nothing else is at work."""
    if OTHER in (t.id, s.id):
        return OTHER
    a = t.variant.answer if t.variant else NONE
    b = s.variant.answer if s.variant else NONE
    if a in (NONE, "idiopathic"):
        return b if b != NONE else a
    if a == "dystrophic" and b != NONE:
        return "mixed" if b == "metastatic" else b
    return a


def side_table(f: Finding, states: tuple[State, ...]) -> Array:
    """P(state of the finding | state of one axis), states of the axis along the second dimension."""
    background = np.array(f.background.p)
    columns = []
    for x in states:
        if x.id == OTHER:
            flat = SHAPE.outside_flat if f.layer != "history" else 0.0
            columns.append((1 - flat) * background + flat / len(background))
        elif x.variant is None or f.id not in x.variant.likelihoods:
            columns.append(background)
        else:
            columns.append(np.array(x.variant.likelihoods[f.id].p))
    return np.stack(columns, axis=1)


def loudness(table: Array, background: Array) -> Array:
    """How far each column lies from the background: Kullback-Leibler divergence [nat]."""
    b = background[:, None]
    return np.asarray((table * np.log(table / b)).sum(0))


def mix(f: Finding, t: Array, s: Array, choose: Choice) -> Array:
    """P(state | pair) from the two sides, pairs along the last axis and states along the one before.

    Leading axes (samples) are carried through. `choose` says which side speaks.
    """
    if f.combine == "louder":
        return np.where(choose.loud_t, t, s)
    both = 0.5 * (t + s)
    if f.combine == "pair":
        mixed = np.array([1.0 if x == "mixed" else 0.0 for x in f.states])
        both = (1 - SHAPE.both_tissues) * both + SHAPE.both_tissues * mixed[:, None]
    return np.where(choose.none_t, s, np.where(choose.none_s, t, both))


@dataclass(frozen=True)
class Choice:
    """For each pair: is a side "none", and does the tissue's side speak louder?"""

    none_t: NDArray[np.bool_]
    none_s: NDArray[np.bool_]
    loud_t: NDArray[np.bool_]


def choice(f: Finding, t: Array, s: Array, pt: NDArray[np.int64], ps: NDArray[np.int64]) -> Choice:
    """The Choice for a finding from the two side tables (states x axis)."""
    background = np.array(f.background.p)
    loud = loudness(t, background)[pt] >= loudness(s, background)[ps]
    return Choice(pt == 0, ps == 0, loud)


@dataclass(frozen=True)
class Model:
    """The compiled model. Pairs run over `pair_t`, `pair_s` (indices of the two axes)."""

    tissue: tuple[State, ...]
    systemic: tuple[State, ...]
    pair_t: NDArray[np.int64]
    pair_s: NDArray[np.int64]
    answers: NDArray[np.int64]  # index into ANSWERS for each pair
    tables: dict[str, Array]  # finding -> P(state | pair), shape (states, pairs)
    choices: dict[str, Choice]  # finding -> which side speaks for each pair

    @property
    def pairs(self) -> int:
        """How many latent states there are."""
        return len(self.pair_t)

    def members(self, disorder: str) -> NDArray[np.bool_]:
        """The pairs to which a disorder contributes."""
        t = np.array([x.disorder == disorder for x in self.tissue])
        s = np.array([x.disorder == disorder for x in self.systemic])
        return t[self.pair_t] | s[self.pair_s]


def _reported(model_t: tuple[State, ...], model_s: tuple[State, ...], pt: Array, ps: Array) -> Array:
    """P(calcification reported | pair): set by the axis, not by each disorder."""
    bare = findings()["calcification_reported"].background.p[0]
    side_s = np.array(
        [
            bare
            if x.id == NONE
            else SHAPE.reported_lookalike
            if x.variant and x.variant.answer == NONE
            else SHAPE.reported_systemic
            for x in model_s
        ]
    )
    p = np.where(pt > 0, SHAPE.reported_tissue, side_s[ps])
    return np.stack([p, 1 - p])


@cache
def model() -> Model:
    """The model compiled from the files of knowledge; KnowledgeError where a number has neither source nor spread."""
    tissue, systemic = _axis("tissue"), _axis("systemic")
    grid = [
        (i, j)
        for i, t in enumerate(tissue)
        for j, s in enumerate(systemic)
        if OTHER not in (t.id, s.id) or NONE in (t.id, s.id)
    ]
    pt, ps = np.array([i for i, _ in grid]), np.array([j for _, j in grid])
    answers = np.array([ANSWERS.index(answer_of(tissue[i], systemic[j])) for i, j in grid])
    tables, choices = {}, {}
    for f in findings().values():
        t, s = side_table(f, tissue), side_table(f, systemic)
        choices[f.id] = choice(f, t, s, pt, ps)
        tables[f.id] = mix(f, t[:, pt], s[:, ps], choices[f.id])
    tables["calcification_reported"] = _reported(tissue, systemic, pt, ps)
    return Model(tissue, systemic, pt, ps, answers, tables, choices)
