"""One call of the integrator: its arrays, handed in pieces to threads.

The machine code runs without the interpreter's lock, so threads use all processors; a piece of people goes through
the lanes of one thread, and each piece has lanes of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from fetuin.engine.course import course_of
from fetuin.engine.model import Model
from fetuin.engine.progress import tell
from fetuin.engine.schedule import Schedule
from fetuin.errors import MissingExtraError

if TYPE_CHECKING:
    from fetuin.engine.compiled import Compiled

ABSOLUTE = 1e-2
"""Absolute tolerance of a state: this x relative tolerance x its scale."""
MOST_STEPS = 50_000_000
"""Trial steps after which a person is given up."""
PIECE = 64
"""People a thread takes at a time."""
MODES = ("adapt", "record", "replay")


class Work:
    """Arrays of one call, handed in pieces to threads."""

    def __init__(self, code: Compiled, schedules: Sequence[Schedule], times: np.ndarray, parameters: np.ndarray,
                 start: np.ndarray, rtol: float, most: int = MOST_STEPS, mode: str = "adapt",
                 mesh: np.ndarray | None = None) -> None:  # fmt: skip
        if "fetuin.engine.rosenbrock" not in sys.modules:
            tell("loading the integrator (compiled once for all models, kept for the next time)")
        try:
            from fetuin.engine import rosenbrock
        except ImportError as error:
            raise MissingExtraError("numba", "fast") from error
        self.code, self.rtol = code, rtol
        people, n = start.shape
        self.course, self.inputs_at = course_of(code.model, schedules, people, times)
        self.task = rosenbrock.Task(
            parameters, start, times, tolerances(code.model, rtol), np.zeros((people, len(times), n)),
            np.zeros((people, 3), np.int64), np.zeros((people, 2 + 2 * n)), np.zeros(1) if mesh is None else mesh,
        )  # fmt: skip
        self.sizes = np.array([*code.addresses, code.lanes, n, parameters.shape[1], self.course.inputs.shape[1],
                               self.course.many.max(), len(times), len(self.task.mesh), MODES.index(mode), most], np.int64)  # fmt: skip
        self.march = rosenbrock.march.ctypes

    def piece(self, first: int, last: int) -> int:
        """People `first` .. `last` - 1 on the calling thread (which gives the interpreter free meanwhile)."""
        lanes = self._lanes()
        arrays = (self.sizes, *self.course, *self.task, *lanes)
        return self.march(*(a.ctypes.data_as(t) for a, t in zip(arrays, self.march.argtypes)), first, last, self.rtol)

    def _lanes(self) -> tuple[np.ndarray, ...]:
        from fetuin.engine import rosenbrock as r

        w, n, k = self.code.lanes, self.task.start.shape[1], self.task.parameters.shape[1]
        sizes = [n, n, r.STAGES * n, self.code.constants, k, self.course.inputs.shape[1], 3, self.code.work_size,
                 r.SIZES_ROWS, r.PLACE_ROWS, int(self.course.many.max()), 1]  # fmt: skip
        whole = (9, 11)
        return tuple(np.zeros((max(1, s), w), np.int64 if j in whole else float) for j, s in enumerate(sizes))

    def run(self, threads: int) -> None:
        """Everybody, in pieces."""
        people = len(self.task.start)
        size = min(PIECE, max(self.code.lanes, -(-people // threads)))
        bounds = [(a, min(a + size, people)) for a in range(0, people, size)]
        if threads == 1 or len(bounds) == 1:
            self.piece(0, people)
            return
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda ab: self.piece(*ab), bounds))

    @property
    def mesh_was_full(self) -> bool:
        """True where recording stopped because the mesh had no more room."""
        return bool((self.task.status[:, 0] == -3).any())


def tolerances(model: Model, rtol: float) -> np.ndarray:
    """(2, states): the absolute tolerance; its inverse for amounts and 0 for signed states."""
    absolute = ABSOLUTE * rtol * np.array([model.scale(s) for s in model.state_names])
    return np.array([absolute, np.where([s in model.signed for s in model.state_names], 0.0, 1.0 / absolute)])
