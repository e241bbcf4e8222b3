"""Two studies side by side on common random numbers: what each costs, keeps and finds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fetuin.trials.result import TrialResult
from fetuin.trials.surrogacy import CAUTION, findings


@dataclass(frozen=True)
class Difference:
    """One characteristic of the first scenario of each study; `difference` B less A with its Monte Carlo error."""

    name: str
    a: float | None
    a_mcse: float | None
    b: float | None
    b_mcse: float | None
    unit: str
    difference: float | None
    difference_mcse: float | None


def differences(a: TrialResult, b: TrialResult) -> list[Difference]:
    """Every characteristic that either has. Errors are combined as if independent, which is cautious here."""
    one, two = ({c.name: c for c in r.scenarios[0].characteristics} for r in (a, b))
    rows = []
    for name in dict.fromkeys([*one, *two]):
        x, y = one.get(name), two.get(name)
        same = (
            x is not None and y is not None and x.unit == y.unit and math.isfinite(x.value) and math.isfinite(y.value)
        )
        unit = x.unit if x is not None else y.unit if y is not None else ""
        if x is not None and y is not None and x.unit != y.unit:
            unit = f"{x.unit}; {y.unit}"
        gap = (
            (y.value - x.value, math.hypot(x.mcse, y.mcse))
            if same and x is not None and y is not None
            else (None, None)
        )
        rows.append(
            Difference(
                name,
                x.value if x else None,
                x.mcse if x else None,
                y.value if y else None,
                y.mcse if y else None,
                unit,
                *gap,
            )
        )
    return rows


def body(a: TrialResult, b: TrialResult) -> dict[str, Any]:
    """JSON-ready: what `fetuin trial compare --json` prints."""
    return {
        "a": {"title": a.study.title, "randomised": a.scenarios[0].randomised}, "b": {"title": b.study.title, "randomised": b.scenarios[0].randomised},
        "n": a.n, "seed": a.seed, "characteristics": [vars(d) for d in differences(a, b)], "caution": CAUTION, "published": [vars(f) for f in findings()],
    }  # fmt: skip
