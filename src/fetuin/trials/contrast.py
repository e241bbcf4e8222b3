"""A comparison of two groups: estimate, standard error, degrees of freedom, interval, p."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Contrast:
    """The compared group less the reference; `back` the same as a ratio, where logs are analysed. NaN df: normal theory."""

    name: str
    estimate: float
    se: float
    df: float
    low: float
    high: float
    p: float
    converged: bool
    back: tuple[float, float, float] | None = None

    @classmethod
    def failed(cls, name: str) -> Contrast:
        """An analysis without an answer: it keeps its row."""
        none = math.nan
        return cls(name, none, none, none, none, none, none, converged=False)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dict(vars(self))
