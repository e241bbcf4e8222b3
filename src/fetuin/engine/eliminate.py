"""The linear systems of an implicit step, solved in straight-line arithmetic.

For W = g I - J with the sparsity of J known beforehand, Gaussian elimination in a fill-reducing order is a fixed list
of multiplications and subtractions. There is no pivoting: W is dominated by its diagonal for a small enough step, and
`residual` measures the backward error of a solution, so that a step whose factors lost accuracy is rejected and
halved rather than believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fetuin.engine.program import Program

Entry = tuple[int, int]


@dataclass(frozen=True)
class Elimination:
    """Order of elimination, the places that fill, and the number of multiplications they cost."""

    order: tuple[int, ...]
    filled: frozenset[Entry]
    """Off-diagonal (row, column) of L and U in the numbering of the order."""

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.order)

    @property
    def slots(self) -> dict[Entry, int]:
        """Where each factor is stored: the off-diagonal entries, then the inverse diagonal."""
        places = [*sorted(self.filled), *((k, k) for k in range(self.size))]
        return {entry: k for k, entry in enumerate(places)}


def plan(size: int, pattern: frozenset[Entry]) -> Elimination:
    """Eliminate in the order that creates least new entries at each step (Markowitz 1957 on the diagonal)."""
    order = _markowitz(size, pattern)
    place = {v: k for k, v in enumerate(order)}
    filled = {(place[i], place[j]) for i, j in pattern if i != j}
    for k in range(size):
        rows = [i for i in range(k + 1, size) if (i, k) in filled]
        columns = [j for j in range(k + 1, size) if (k, j) in filled]
        filled |= {(i, j) for i in rows for j in columns if i != j}
    return Elimination(tuple(order), frozenset(filled))


def rows_of(program: Program) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[float, ...]]:
    """The Jacobian as tables sorted by row: row, column, kind (0 in J, 1 in c, 2 a number), place or number."""
    table = sorted((i, j, *program.where(i, j)) for i, j in program.entries)
    rows, columns, kinds, places = zip(*table, strict=True) if table else ((), (), (), ())
    return rows, columns, kinds, tuple(float(x) for x in places)


def _markowitz(size: int, pattern: frozenset[Entry]) -> list[int]:
    rows: dict[int, set[int]] = {i: set() for i in range(size)}
    columns: dict[int, set[int]] = {i: set() for i in range(size)}
    for i, j in pattern:
        if i != j:
            rows[i].add(j)
            columns[j].add(i)
    order, left = [], set(range(size))
    while left:
        v = min(left, key=lambda k: (len(rows[k]) * len(columns[k]), k))
        order.append(v)
        left.remove(v)
        for i in columns[v]:
            rows[i] |= rows[v] - {i}
            rows[i].discard(v)
        for j in rows[v]:
            columns[j] |= columns[v] - {j}
            columns[j].discard(v)
    return order
