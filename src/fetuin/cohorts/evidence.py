"""Readings of many people as columns: what `diagnosis.batch` multiplies, and how loud each reading speaks.

A reading is (rows, finding, state, log-likelihood pieces). Words have one column for each different reading; a laboratory
finding has one column for each different column of its table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix

from fetuin.cohorts import weights as w
from fetuin.cohorts.people import FEMALE, MALE, People
from fetuin.cohorts.said import Listener
from fetuin.diagnosis.batch import Batch, profiles
from fetuin.diagnosis.differential import log_likelihood
from fetuin.diagnosis.evidence import AGES, Reading, Spoken
from fetuin.diagnosis.model import ANSWERS, CALCIFIED, model
from fetuin.diagnosis.prior import log_prior
from fetuin.knowledge.finding import findings

Array = np.ndarray
_LEAST = 1e-12
STATES: tuple[tuple[str, str], ...] = tuple((f.id, s) for f in findings().values() for s in f.states)


@dataclass(frozen=True)
class Column:
    """Readings of one kind: people `rows`; entries [rows, k] of the feature matrix; `gather` [k, pairs] its constants;
    `state` [rows] index into STATES; `loud` [rows, answers] log-likelihood ratio for each mechanism."""

    rows: Array
    entries: Array
    gather: Array
    state: Array
    loud: Array


@cache
def _prior_by_answer(setting: str) -> Array:
    """P(pair) split by answer, [pairs, mechanisms]."""
    return np.exp(log_prior(setting))[:, None] * np.eye(len(ANSWERS))[model().answers][:, : len(CALCIFIED)]


def _ratios(hit: Array, mass: Array) -> Array:
    """log P(datum | mechanism) - log P(datum | another), from joint [n, mechanisms] and mass [mechanisms]."""
    inside, outside = hit / mass, (hit.sum(1, keepdims=True) - hit) / (mass.sum() - mass)
    return np.log(np.maximum(inside, _LEAST)) - np.log(np.maximum(outside, _LEAST))


def _index(finding: str) -> int:
    return STATES.index((finding, findings()[finding].states[0]))


def numeric(finding: str, seen: Array, classes: Array, setting: str) -> Column:
    """A laboratory finding: classes [n, states] of the people `seen`."""
    rows = np.flatnonzero(seen)
    different, which = profiles(finding)
    likelihood = classes[rows] @ different
    by_answer = which @ _prior_by_answer(setting)
    loud = _ratios(likelihood @ by_answer, _prior_by_answer(setting).sum(0))
    state = _index(finding) + classes[rows].argmax(1)
    return Column(rows, np.log(likelihood), which, state, loud)


def worded(reading: Reading, rows: Array, setting: str) -> Column:
    """One reading that many people share."""
    ll = log_likelihood(reading)
    loud = _ratios((np.exp(ll) @ _prior_by_answer(setting))[None], _prior_by_answer(setting).sum(0))
    state = STATES.index((reading.finding, reading.state))
    n = len(rows)
    return Column(rows, np.ones((n, 1)), ll[None].astype(np.float32), np.full(n, state), np.repeat(loud, n, 0))


def _shared(said: list[Spoken], which: Array, seen: dict[str, Array]) -> Iterator[tuple[Reading, Array]]:
    """(reading, people) for words; those of a finding that a number has read are left out."""
    by_reading: dict[Reading, list[int]] = {}
    for k, s in enumerate(said):
        for r in (*s.tissue, *s.others):
            by_reading.setdefault(r, []).append(k)
    members = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[members], np.arange(len(said) + 1))
    for r, sets in sorted(by_reading.items(), key=lambda x: (x[0].finding, x[0].state, x[0].weights, x[0].power)):
        rows = np.sort(np.concatenate([members[starts[k] : starts[k + 1]] for k in sets]))
        rows = rows[~seen[r.finding][rows]] if r.finding in seen and r not in _tissue(said) else rows
        if len(rows):
            yield r, rows


def _tissue(said: list[Spoken]) -> frozenset[Reading]:
    return frozenset(r for s in said for r in s.tissue)


def _persons(p: People) -> Iterator[tuple[Reading, Array]]:
    f, g, last = findings()["age"], findings()["female"], 0.0
    for band, below in AGES:
        rows = np.flatnonzero((p.age >= last) & (p.age < below))
        yield Reading("age", tuple(1.0 if s == band else 0.0 for s in f.states), band, ""), rows
        last = below
    for code, state in ((FEMALE, g.states[0]), (MALE, g.states[1])):
        yield Reading("female", (1.0, 0.0) if code == FEMALE else (0.0, 1.0), state, ""), np.flatnonzero(p.sex == code)


def columns(p: People, listener: Listener, setting: str) -> list[Column]:
    """Every reading of a part, exactly as `evidence.readings` has them person by person."""
    said, which = listener.hear(p)
    fails, reduced = (np.array([getattr(s, k) for s in said])[which] for k in ("fails", "reduced"))
    number, classes = w.kidney(p, reduced)
    number &= ~fails
    states = findings()["kidney"].states
    spoken_state = np.array([states.index(s.kidney.state) if s.kidney else 0 for s in said])[which]
    kidney = np.where(number, classes.argmax(1), spoken_state)
    seen = {f.id: w.serum(p, f.id, kidney) for f in findings().values() if _is_serum(f.id)}
    seen["calcium_discordance"] = w.discordance(p)
    found = [numeric(f, rows, c, setting) for f, (rows, c) in seen.items() if rows.any()]
    if number.any():
        found.append(numeric("kidney", number, classes, setting))
    known = {f: rows for f, (rows, _) in seen.items()}
    by_kidney: dict[Reading, list[int]] = {}
    for k, s in enumerate(said):
        if s.kidney:
            by_kidney.setdefault(s.kidney, []).append(k)
    words = [*_persons(p), *_shared(said, which, known)]
    words += [(r, np.flatnonzero(np.isin(which, sets) & ~number)) for r, sets in by_kidney.items()]
    return found + [worded(r, rows, setting) for r, rows in words if len(rows)]


def _is_serum(finding: str) -> bool:
    f = findings()[finding]
    return f.layer == "serum" and bool(f.analyte) and finding not in ("kidney", "calcium_discordance")


def batch(n: int, found: list[Column]) -> Batch:
    """The columns of `n` people as one sparse product."""
    rows, cols, values, at = [], [], [], 0
    for c in found:
        k = c.entries.shape[1]
        rows.append(np.repeat(c.rows, k))
        cols.append(np.tile(np.arange(at, at + k), len(c.rows)))
        values.append(c.entries.ravel())
        at += k
    if not found:
        return Batch(csr_matrix((n, 0), dtype=np.float32), np.zeros((0, model().pairs), np.float32))
    data = np.concatenate(values).astype(np.float32)
    x = csr_matrix((data, (np.concatenate(rows), np.concatenate(cols))), shape=(n, at))
    return Batch(x, np.concatenate([c.gather for c in found]).astype(np.float32))
