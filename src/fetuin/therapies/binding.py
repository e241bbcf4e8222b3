"""What a binder must hold so that a given amount is not absorbed.

Balance studies call "bound" what a dose keeps from being absorbed. Of phosphate that stays free in the gut a part would
have left with the stool anyway, so the binder has to hold more than the absorption it prevents.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Meal:
    """The meal of the binder studies."""

    absorbed: float = quantity(
        0.65,
        "1",
        "assumption: 60-65 % of a day's phosphate; of the meal of Martin 2011, 75 %",
        "share of phosphate absorbed",
        (0.6, 0.8),
    )


def held(prevented: float) -> float:
    """Phosphate to be held [mmol] so that `prevented` [mmol] is not absorbed."""
    return prevented / Meal.absorbed
