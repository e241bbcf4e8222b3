"""Low, normal or high bone turnover from PTH and bone alkaline phosphatase in dialysis: how little PTH alone settles.

Two lognormals a marker: ln PTH of a bone with low turnover lies d' standard deviations below that of the rest (and of high
turnover above). An area under the curve of 0.71 is a d' of 0.80: at 150 ng/L every second adynamic bone is missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fetuin.errors import InputError
from fetuin.quantities import quantity


@dataclass(frozen=True)
class TurnoverClass:
    """Separations and cut-offs."""

    low_separation: float = quantity(
        0.80,
        "1",
        "Sprague 2016: sensitivity 65.7, specificity 65.3 % at 103.8 ng/L",
        "d' of ln PTH, low against the rest",
    )
    high_separation: float = quantity(
        0.74,
        "1",
        "Sprague 2016: sensitivity 37.0, specificity 85.8 % at 323.0 ng/L",
        "d' of ln PTH, high against the rest",
    )
    alp_separation: float = quantity(
        1.3, "1", "Salam 2018: bALP AUC 0.82", "d' of ln bone alkaline phosphatase, low against the rest"
    )
    spread: float = quantity(
        1.1, "1", "assumption: SD of ln PTH in dialysis", "SD of ln PTH within a class", (0.8, 1.3)
    )
    alp_spread: float = quantity(0.5, "1", "assumption: SD of ln bALP in dialysis", "SD of ln bALP within a class")
    low_cut: float = quantity(103.8, "ng/L", "Sprague 2016", "PTH below which turnover is called low")
    high_cut: float = quantity(323.0, "ng/L", "Sprague 2016", "PTH above which turnover is called high")
    alp_cut: float = quantity(33.1, "ug/L", "Sprague 2016, as U/L", "bALP below which turnover is called low")
    correlation: float = quantity(0.5, "1", "assumption: PTH drives bALP", "correlation of the two markers in a class")


def _phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def area(separation: float) -> float:
    """Area under the ROC curve of two normals of equal spread, `separation` (d') apart."""
    return _phi(separation / math.sqrt(2.0))


def low_turnover(
    pth: float, prior: float = 0.5, bone_alp: float | None = None, p: TurnoverClass | None = None
) -> float:
    """Probability of low turnover at PTH [ng/L], and bone alkaline phosphatase [ug/L] where it is known.

    `prior` is the share of low turnover among people like this one: published 0.22 to 0.85, so it must be chosen.
    """
    p = p or TurnoverClass()
    if not (pth > 0 and 0 < prior < 1 and (bone_alp is None or bone_alp > 0)):
        raise InputError(
            f"PTH {pth}, bone ALP {bone_alp}, prior {prior} cannot be read.", fix="positive values, prior in 0-1"
        )
    x = math.log(pth / p.low_cut) / p.spread
    if bone_alp is None:
        evidence = -p.low_separation * x
    else:
        y = math.log(bone_alp / p.alp_cut) / p.alp_spread
        r, a, b = p.correlation, p.low_separation, p.alp_separation
        evidence = -((a - r * b) * x + (b - r * a) * y) / (1.0 - r * r)
    odds = prior / (1.0 - prior) * math.exp(evidence)
    return odds / (1.0 + odds)


def accuracy(kind: str, p: TurnoverClass | None = None) -> tuple[float, float, float]:
    """(sensitivity, specificity, AUC) of the published PTH cut-off for "low" or "high" turnover."""
    p = p or TurnoverClass()
    if kind == "low":
        # the cut lies where both classes err equally
        return _phi(p.low_separation / 2.0), _phi(p.low_separation / 2.0), area(p.low_separation)
    if kind == "high":
        cut = math.log(p.high_cut / p.low_cut) / p.spread  # in SD above the centre of the rest, near the low cut
        return _phi(p.high_separation - cut), _phi(cut), area(p.high_separation)
    raise InputError(f"turnover '{kind}' is not known.", fix="low or high")
