"""One comparison with a peer: the same work done by us and by them, and what the machine would allow at best."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import numpy as np

WARM_BYTES = 512 * 2**20  # far beyond every cache


@dataclass(frozen=True)
class Limit:
    """The least seconds for one item on this machine, and why."""

    seconds: float
    because: str


@dataclass(frozen=True)
class Pair:
    """`ours` and `theirs` are called in turn; each does `ours_items` or `theirs_items` items of the same kind."""

    part: str
    item: str
    peer: str
    distribution: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    ours_items: int = 1
    theirs_items: int = 1
    repeats: int = 5
    limit: Limit | None = None

    def peer_version(self) -> str:
        """Version of the peer, where it is a Python distribution."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return self.distribution

    def measure(self) -> tuple[np.ndarray, np.ndarray]:
        """Processor seconds an item, ours and theirs [repeats]. In turn, so that another's load falls on both."""
        self.ours(), self.theirs()  # compiled, imported and cached before anything is timed
        rows = [
            (_spent(self.ours, self.ours_items), _spent(self.theirs, self.theirs_items)) for _ in range(self.repeats)
        ]
        ours, theirs = np.array(rows).T
        return ours, theirs


def _spent(work: Callable[[], object], items: int) -> float:
    """Processor seconds an item over all threads; short work is repeated until the clock can tell."""
    times, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < 0.05 or not times:
        work()
        times += 1
    return spent / times / items


@cache
def read_bandwidth() -> float:
    """Bytes a second that one core reads from memory: the largest of an array far beyond the caches."""
    block = np.ones(WARM_BYTES // 2, np.int16)
    return block.nbytes / min(_spent(block.max, 1) for _ in range(3))


@cache
def multiply_adds() -> float:
    """Multiply-adds a second of one core: a matrix product in double precision, one BLAS thread."""
    from threadpoolctl import threadpool_limits

    n = 1024
    a = np.ones((n, n))
    with threadpool_limits(1):
        return float(n**3 / min(_spent(lambda: a @ a, 1) for _ in range(3)))
