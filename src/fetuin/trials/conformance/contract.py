"""What one kind of record offers, and when two numbers agree.

A file offers `replay(record, folder) -> list[Compared]`: every number of the record beside ours, with its tolerance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Compared:
    """One number: its name, theirs, ours, and the record's tolerance (absolute unless `relative`).

    `open` is what the reference itself leaves undetermined; it never makes a number agree, it only explains a miss.
    """

    name: str
    expected: float | None
    ours: float | None
    tolerance: float
    relative: bool = False
    open: float = 0.0

    @property
    def agree(self) -> bool:
        """Both missing, or both there and within tolerance."""
        if self.expected is None or self.ours is None:
            return self.expected is None and self.ours is None
        if not math.isfinite(self.ours):
            return False
        scale = max(1.0, abs(self.expected)) if self.relative else 1.0
        return abs(self.ours - self.expected) <= self.tolerance * scale * (1 + 1e-9)

    @property
    def explained(self) -> bool:
        """It agrees once what the reference leaves open is added to the tolerance."""
        return replace(self, tolerance=self.tolerance + self.open, open=0.0).agree


def listed(name: str, expected: Any, ours: Any, tolerance: float, *, relative: bool = False) -> list[Compared]:
    """Numbers of a list one by one; a list of another length is a disagreement."""
    theirs, mine = (list(v) if isinstance(v, (list, tuple)) or hasattr(v, "__len__") else [v] for v in (expected, ours))
    mine += [math.nan] * (len(theirs) - len(mine))
    return [
        Compared(f"{name}[{i}]", _number(e), _number(o), tolerance, relative)
        for i, (e, o) in enumerate(zip(theirs, mine))
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
