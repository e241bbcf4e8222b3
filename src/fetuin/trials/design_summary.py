"""What a design asks for and what it keeps, by calculation alone: sizes, bounds, expected size, power over effects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from scipy.special import ndtri

from fetuin.trials.size import boundaries, needed, ratio

if TYPE_CHECKING:
    from fetuin.trials.designs.group_sequential import GroupSequential
    from fetuin.trials.study import Study

MONTH = 30.4375  # days
SHARES = tuple(round(0.05 * k, 2) for k in range(31))  # of the planned effect


def summary(study: Study) -> dict[str, Any]:
    """JSON-ready: what `fetuin trial design --json` prints."""
    p, design, need = study.plan, boundaries(study), needed(study)
    n = p.randomised or need["randomised"]
    drift = _drift(study, design, n, need)
    months = p.follow_up / MONTH
    return {
        "title": study.title, "endpoint": study.endpoint.kind.name, "analysis": study.endpoint.analysis,
        "alpha": p.alpha, "sided": p.sided, "power_wanted": p.power, "randomised": n, "needed": need,
        "arms": {a.name: a.share for a in study.arms}, "compared": study.compared, "reference": study.reference,
        "follow_up_months": round(months, 3), "patient_months": round(n * months, 3),
        "duration_months": round(n / p.per_month + p.ramp / 2 + months, 3),
        "looks": _looks(design, n), "power_curve": _curve(design, drift), "power": design.power(drift) if drift else None,
        "expected_randomised": {"no effect": n * design.expected_fraction(0.0), "planned effect": n * design.expected_fraction(drift) if drift else None},
    }  # fmt: skip


def _looks(design: GroupSequential, n: int) -> list[dict[str, float | None]]:
    spent = design.alpha_spent
    rows = []
    for k, t in enumerate(design.t):
        futility = None if design.futility is None or k >= len(design.futility) else float(design.futility[k])
        rows.append({"fraction": float(t), "people": math.ceil(t * n - 1e-9), "critical_z": float(design.critical[k]), "futility_z": futility,
                     "nominal_p_one_sided": float(design.stage_levels[k]), "alpha_spent": float(spent[k])})  # fmt: skip
    return rows


def _drift(study: Study, design: GroupSequential, n: int, need: dict[str, int]) -> float:
    """E Z at full information for the planned effect and the size said; 0 where nothing is planned."""
    if not need:
        return 0.0
    r, plan = ratio(study), study.plan.planned
    if study.endpoint.is_time:
        return design.drift() * math.sqrt(n / need["randomised"])
    from fetuin.trials.size import ADJUSTED

    assert plan.difference is not None
    assert plan.sd is not None
    pair = [sum(a.share for a in study.arms if a.group == g) for g in (study.compared, study.reference)]
    analysed = n * sum(pair) / sum(a.share for a in study.arms) * (1 - plan.dropout)
    sd = plan.sd * (math.sqrt(1 - plan.correlation**2) if study.endpoint.analysis in ADJUSTED else 1.0)
    shift = abs(plan.difference) / sd * math.sqrt(analysed * r) / (1 + r)
    return _as_normal(shift, analysed - 2, study.plan.alpha / study.plan.sided)


def _as_normal(shift: float, df: float, level: float) -> float:
    """The drift of a z-test with the power of the t-test."""
    from scipy import stats

    if df <= 0:
        return shift
    power = float(stats.nct(df, shift).sf(stats.t(df).isf(level)))
    return float(ndtri(min(max(power, 1e-12), 1 - 1e-12)) - ndtri(level))


def _curve(design: GroupSequential, drift: float) -> list[dict[str, float]]:
    """Power and expected share of the size at shares of the planned effect."""
    if drift == 0:
        return []
    return [
        {"share": s, "power": design.power(s * drift), "expected_fraction": design.expected_fraction(s * drift)}
        for s in SHARES
    ]


def simulated_curve(study: Study, truth: float, se: float) -> list[dict[str, float]]:
    """Power over shares of the true effect, where nothing was planned: by normal theory from the simulated standard error."""
    return _curve(boundaries(study), abs(truth) / se) if se > 0 and math.isfinite(truth / se) else []
