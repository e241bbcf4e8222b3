"""Has it changed? How far two scans of the same person differ when nothing did, and what a score is called.

All functions take and give plain numbers: Agatston units, mm3, kg/m2, years.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from fetuin.knowledge.scan_repeatability import MesaLimits, mesa_limit_agatston, mesa_limit_volume
from fetuin.quantities import quantity

__all__ = ["MesaLimits", "mesa_limit_agatston", "mesa_limit_volume"]


@dataclass(frozen=True)
class ChangeRules:
    """Rules of change by the root."""

    hokanson: float = quantity(
        2.5,
        "sqrt(mm3)",
        "assumption: Hokanson, AJR 2004, recalled; square root of volume",
        "a difference above it is real",
    )
    sevrukov: float = quantity(
        4.93,
        "sqrt(1)",
        "assumption: Sevrukov, AJR 2005, recalled; limit 4.93 sqrt(Agatston)",
        "a difference above it is real",
    )


def sevrukov_limit(agatston: float) -> float:
    """Sevrukov's limit of a real difference [Agatston units]."""
    return ChangeRules().sevrukov * math.sqrt(agatston)


def hokanson_change(first_volume: float, second_volume: float) -> tuple[float, bool]:
    """(difference of the square roots of volume [sqrt mm3], whether it is more than chance)."""
    d = math.sqrt(second_volume) - math.sqrt(first_volume)
    return d, abs(d) >= ChangeRules().hokanson


def has_changed(first: float, second: float, bmi: float) -> dict[str, float | bool]:
    """Two Agatston scores: the difference, the MESA limit at their mean, and whether it is beyond chance."""
    limit = mesa_limit_agatston((first + second) / 2, bmi)
    return {"difference": second - first, "limit": limit, "changed": abs(second - first) > limit}


DISCORDANT = 0.041  # of replicate pairs, one scan finds calcium and the other none: Chung, AJR 2008


def change(
    first: Score, second: Score, *, bmi: float | None = None, years: float | None = None, growth: float | None = None
) -> dict[str, Any]:
    """Has it changed? Every published rule that the two scores and the BMI [kg/m2] allow, each with its limit.

    `years` between the scans give the growth a year; `growth` (fraction a year) the earliest time at which it would be
    distinguished. Rules disagree at the edge: all are told, none is chosen.
    """
    mean_a, mean_v = ((x + y) / 2 for x, y in ((first.agatston, second.agatston), (first.volume, second.volume)))
    d_a, d_v = second.agatston - first.agatston, second.volume - first.volume
    rules = [_rule("Sevrukov, Agatston", "1", d_a, sevrukov_limit(mean_a))]
    root, _ = hokanson_change(first.volume, second.volume)
    rules.append(_rule("Hokanson, root of volume", "sqrt(mm3)", root, ChangeRules().hokanson))
    if bmi is not None:
        rules.append(_rule("MESA, Agatston", "1", d_a, mesa_limit_agatston(mean_a, bmi)))
        rules.append(_rule("MESA, volume", "mm3", d_v, mesa_limit_volume(mean_v, bmi)))
    out: dict[str, Any] = {"first": asdict(first), "second": asdict(second), "rules": rules}
    if (first.agatston > 0) != (second.agatston > 0):
        out["note"] = f"calcium in one scan only: so do {DISCORDANT:.1%} of pairs taken minutes apart"
    if years and first.agatston > 0 and second.agatston > 0:
        out["growth_per_year"] = (second.agatston / first.agatston) ** (1 / years) - 1
    if growth is not None and bmi is not None:
        out["earliest_visible_years"] = earliest_visible(second.agatston, growth, bmi)
    return out


@dataclass(frozen=True)
class Score:
    """What a rule of change needs of a scan: Agatston units and mm3."""

    agatston: float
    volume: float


def _rule(name: str, unit: str, difference: float, limit: float) -> dict[str, Any]:
    return {"rule": name, "unit": unit, "difference": difference, "limit": limit, "changed": abs(difference) > limit}


def earliest_visible(score: float, growth_per_year: float, bmi: float) -> float:
    """Years until a score that grows by the fraction `growth_per_year` exceeds the MESA limit; inf beyond 50 years.

    The first root of  S ((1 + g)^t - 1) = limit(S (1 + (1 + g)^t) / 2), found by bisection: the gap grows with t.
    """
    if score <= 0 or growth_per_year <= 0:
        return math.inf

    def gap(years: float) -> float:
        now = score * (1 + growth_per_year) ** years
        return now - score - mesa_limit_agatston((now + score) / 2, bmi)

    low, high = 0.0, 50.0
    if gap(high) <= 0:
        return math.inf
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if gap(middle) <= 0 else (low, middle)
    return high


def cac_drs(agatston: float) -> str:
    """CAC-DRS category by score: A0 0, A1 1-99, A2 100-299, A3 300 and more (Hecht, JCCT 2018)."""
    if agatston <= 0:
        return "A0"
    return "A1" if agatston < 100 else "A2" if agatston < 300 else "A3"


def aortic_stenosis(agatston: float, sex: str) -> str:
    """Likelihood of severe aortic stenosis by valve calcium, after ESC.

    Men: below 1600 unlikely, from 2000 likely, from 3000 very likely. Women: 800, 1200, 1600. Between: indeterminate.
    Low-flow stenosis is discriminated poorly. Source: ESC values, Heart 2015;101:943.
    """
    unlikely, likely, very = (1600, 2000, 3000) if sex == "M" else (800, 1200, 1600)
    if agatston >= very:
        return "very likely"
    if agatston >= likely:
        return "likely"
    return "unlikely" if agatston < unlikely else "indeterminate"
