"""What a replication answers: the effect that the inputs predict, the published one, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray
NEAR = 0.25  # of the published interval's width: how far its ends may lie from the replicated ones
ALPHA = 0.05


@dataclass(frozen=True)
class Effect:
    """An effect with interval and p-value; None: not said."""

    effect: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dict(vars(self))


@dataclass(frozen=True)
class Replica:
    """One trial replicated.

    expected   effect, interval and p that the inputs give by calculation
    simulated  mean effect, mean interval and median p over `n` simulated trials; `power` their share with p < 0.05
    agrees     True, False, or None where nothing published can be compared; `why` says it in words
    """

    id: str
    reference: str
    recipe: str
    measure: str
    unit: str
    inputs: tuple[str, ...]
    assumptions: tuple[str, ...]
    published: Effect
    expected: Effect
    simulated: Effect
    power: float | None
    power_mcse: float | None
    n: int
    agrees: bool | None
    why: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            k: v.to_dict() if isinstance(v, Effect) else list(v) if isinstance(v, tuple) else v
            for k, v in vars(self).items()
        }


def p_value(text: Any) -> tuple[str, float] | None:
    """("=" or "<" or ">", number) of a p-value as it is printed."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return "=", float(text)
    if isinstance(text, str) and text[:1] in "<>=":
        try:
            return text[0], float(text[1:])
        except ValueError:
            return None
    return None


def compare(published: Effect, found: Effect) -> tuple[bool | None, str]:
    """Do they agree? Effect within the replicated interval, interval ends near, p on the same side of 0.05."""
    words, verdicts = [], []
    if published.effect is not None and found.low is not None and found.high is not None:
        inside = found.low <= published.effect <= found.high
        verdicts.append(inside)
        words.append("the published effect lies " + ("within" if inside else "outside") + " the replicated interval")
    if published.low is not None and published.high is not None and found.low is not None and found.high is not None:
        width = published.high - published.low
        away = max(abs(found.low - published.low), abs(found.high - published.high)) / width
        verdicts.append(away <= NEAR)
        words.append(f"its interval's ends lie {100 * away:.0f} % of its width from the replicated ones")
    said = p_value(published.p)
    if said is not None and isinstance(found.p, float):
        theirs = said[1] < ALPHA or (said[0] == "<" and said[1] <= ALPHA)
        verdicts.append(theirs == (found.p < ALPHA))
        words.append(
            f"p {published.p} and {found.p:.3g} fall on "
            + ("the same side" if verdicts[-1] else "different sides")
            + " of 0.05"
        )
    if not verdicts:
        return None, "nothing numerical was published that could be compared"
    return all(verdicts), "; ".join(words)
