"""Random numbers of many trials at once: one Philox stream for each trial and purpose, whatever worker draws it.

The counter of Philox (256 bits) is split: [block, block, purpose, trial]. So trial 7 of a seed is the same trial alone, in
a chunk of a hundred and on eight workers; and a change in how dropout is drawn leaves recruitment as it was, so two
studies of one seed are compared on common random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PURPOSES = ("people", "entry", "arms", "adherence", "discontinuation", "death", "rescue", "dropout", "events", "biology", "lot",
            "plate", "replicate", "scan", "scanner", "body", "laboratory", "truth", "resample")  # fmt: skip
Array = np.ndarray


@dataclass(frozen=True)
class Streams:
    """The streams of the trials `trials` [T] under one seed."""

    seed: int
    trials: tuple[int, ...]

    def _generators(self, purpose: str) -> list[np.random.Generator]:
        key = np.random.SeedSequence(self.seed).generate_state(2, np.uint64)
        k = PURPOSES.index(purpose)
        return [np.random.Generator(np.random.Philox(key=key, counter=[0, 0, k, t])) for t in self.trials]

    def normal(self, purpose: str, *shape: int) -> Array:
        """Standard normal [T, *shape]."""
        return np.stack([g.standard_normal(shape) for g in self._generators(purpose)])

    def uniform(self, purpose: str, *shape: int) -> Array:
        """Uniform on [0, 1) [T, *shape]."""
        return np.stack([g.random(shape) for g in self._generators(purpose)])

    def whole(self, purpose: str, below: int, *shape: int) -> Array:
        """Whole numbers from 0 to below - 1 [T, *shape]."""
        return np.stack([g.integers(0, below, shape) for g in self._generators(purpose)])
