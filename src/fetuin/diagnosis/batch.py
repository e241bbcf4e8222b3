"""Many people at once: the same posterior as `differential`, in one matrix product.

A person is a row of a sparse feature matrix. A finding that is seen in few ways (present, denied) has one column for each way, and
the constant matrix holds the log of its likelihood for every pair. A soft finding (a laboratory value near a limit differs
from person to person) has one column for each *different* column of its table, holding log(weights @ column), and the
constant matrix says which pairs share it. Nothing is approximated; 32-bit floats hold logarithms to 1e-5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import ANSWERS, model
from fetuin.diagnosis.outlook import stacked
from fetuin.diagnosis.prior import log_prior
from fetuin.knowledge.finding import findings

Floats = NDArray[np.float32]
WORKERS = 2
CHUNK = 256  # people a block: pairs x people of 32-bit floats stay within the cache of a core


@dataclass(frozen=True)
class Batch:
    """People as features: `x` (people x columns) and the constant matrix `gather` (columns x pairs)."""

    x: csr_matrix
    gather: Floats

    def __len__(self) -> int:
        return int(self.x.shape[0])


@cache
def profiles(finding: str) -> tuple[NDArray[np.float64], Floats]:
    """The different columns of a finding's table (states x different), and which pairs have each (different x pairs)."""
    different, which = np.unique(model().tables[finding].round(12), axis=1, return_inverse=True)
    return different, np.eye(different.shape[1], dtype=np.float32)[which.ravel()].T


Seen = list[tuple[int, Reading]]  # person and reading
Entries = tuple[list[int], list[int], list[float]]  # rows, columns, values


def _few(finding: str, ways: dict[tuple[float, ...], int], seen: Seen) -> tuple[Entries, Floats]:
    """One column a way of being seen; its power where it was seen so."""
    cells = [i for i, _ in seen], [ways[r.weights] for _, r in seen], [r.power for _, r in seen]
    rows = np.log(np.array(list(ways)) @ model().tables[finding])
    return cells, rows.astype(np.float32)


def _many(finding: str, seen: Seen) -> tuple[Entries, Floats]:
    """One column for each different column of the table."""
    different, which = profiles(finding)
    k = different.shape[1]
    weights, power = np.array([r.weights for _, r in seen]), np.array([[r.power] for _, r in seen])
    values = power * np.log(weights @ different)
    return (np.repeat([i for i, _ in seen], k).tolist(), list(range(k)) * len(seen), values.ravel().tolist()), which


def features(people: Sequence[Iterable[Reading]]) -> Batch:
    """People as a Batch; what was not seen of a person has no entry and changes nothing."""
    by_finding: dict[str, Seen] = {}
    for i, found in enumerate(people):
        for reading in found:
            by_finding.setdefault(reading.finding, []).append((i, reading))
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    gather, at = [np.zeros((0, model().pairs), np.float32)], 0
    for finding, seen in sorted(by_finding.items()):
        ways = {w: n for n, w in enumerate(dict.fromkeys(x.weights for _, x in seen))}
        few = len(ways) <= profiles(finding)[0].shape[1]
        (r, c, v), block = _few(finding, ways, seen) if few else _many(finding, seen)
        rows += r
        columns += [at + k for k in c]
        values += v
        gather.append(block)
        at += len(block)
    x = csr_matrix((np.array(values, np.float32), (rows, columns)), shape=(len(people), at))
    return Batch(x, np.concatenate(gather))


def _each(people: Batch, setting: str, use: Callable[[slice, Floats], None]) -> None:
    """Call `use` with each block of people and exp(log posterior + a constant of the person); blocks run on two threads."""
    prior = log_prior(setting).astype(np.float32)

    def block(a: int) -> None:
        where = slice(a, min(a + CHUNK, len(people)))
        b = people.x[where] @ people.gather
        b += prior
        b -= b.max(1, keepdims=True)
        use(where, np.exp(b, out=b))

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(block, range(0, len(people), CHUNK)))


def posteriors(people: Batch, setting: str = "general") -> Floats:
    """P(pair) for each person, shape (people, pairs)."""
    out = np.empty((len(people), model().pairs), np.float32)

    def use(where: slice, b: Floats) -> None:
        np.divide(b, b.sum(1, keepdims=True), out=out[where])

    _each(people, setting, use)
    return out


def projected(people: Batch, onto: Floats, setting: str = "general") -> Floats:
    """P summed onto the columns of `onto` (pairs x columns), over the full state space and without keeping it."""
    out = np.empty((len(people), onto.shape[1]), np.float32)

    def use(where: slice, b: Floats) -> None:
        np.matmul(b, onto, out=out[where])
        out[where] /= b.sum(1, keepdims=True)

    _each(people, setting, use)
    return out


def answers(people: Batch, setting: str = "general") -> Floats:
    """P(answer) for each person, shape (people, answers)."""
    return projected(people, np.eye(len(ANSWERS), dtype=np.float32)[model().answers], setting)


@cache
def _asked() -> tuple[tuple[str, ...], Floats, Floats, NDArray[np.int64]]:
    """The tests that are ranked: findings with a price, their tables, their tables by answer, first rows."""
    tables, rows, _, to_answer = stacked()
    keep = [f for f in rows if findings()[f].layer != "history" or findings()[f].cost >= 1.0]
    flat = np.concatenate([tables[rows[f]] for f in keep]).astype(np.float32)
    starts = np.cumsum([0, *(rows[f].stop - rows[f].start for f in keep[:-1])])
    return tuple(keep), flat, to_answer.astype(np.float32), starts


def next_tests(posterior: Floats) -> tuple[tuple[str, ...], Floats]:
    """Gain on the answer [bit] of every priced finding, for each person: names and a matrix people x findings.

    The gain on the cause is left out here; `outlook` has it for one person.
    """
    names, tables, to_answer, starts = _asked()
    joint_by_answer = np.stack([tables * to_answer[:, a] for a in range(len(ANSWERS))])  # answers x rows x pairs
    weights = joint_by_answer.reshape(-1, tables.shape[1]).T.copy()
    out = np.empty((len(posterior), len(names)), np.float32)
    now = posterior @ to_answer
    before = -(now * np.log2(np.maximum(now, 1e-12))).sum(1)
    for a in range(0, len(posterior), 256):
        joint = (posterior[a : a + 256] @ weights).reshape(-1, len(ANSWERS), tables.shape[0])
        chance = joint.sum(1)
        plogp = (joint * np.log2(np.maximum(joint, 1e-12))).sum(1)
        left = chance * np.log2(np.maximum(chance, 1e-12)) - plogp
        out[a : a + 256] = before[a : a + 256, None] - np.add.reduceat(left, starts, axis=1)
    return names, out


__all__ = ["Batch", "answers", "features", "next_tests", "posteriors", "projected"]
