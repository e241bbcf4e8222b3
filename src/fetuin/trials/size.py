"""How many people a study needs: fixed size, inflated for looks, raised for dropout; each arm rounded up."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from fetuin.trials.designs import sample_size
from fetuin.trials.designs.group_sequential import GroupSequential, by_spending, design
from fetuin.trials.plan import Interim

if TYPE_CHECKING:
    from fetuin.trials.study import Study

ADJUSTED = ("ancova", "mmrm")


def boundaries(study: Study) -> GroupSequential:
    """The looks and bounds of the study; one look is a fixed design."""
    p = study.plan
    return _bounds(p.interim, p.alpha, p.sided, p.power)


@lru_cache(maxsize=256)
def _bounds(i: Interim, alpha: float, sided: int, power: float) -> GroupSequential:
    if i.spent:
        return by_spending(i.looks, i.spent, sided=sided, beta=1 - power)
    return design(
        i.boundary, looks=list(i.looks), alpha=alpha, sided=sided, beta=1 - power, parameter=i.parameter,
        futility=i.futility, futility_parameter=i.futility_parameter, binding=i.binding,
    )  # fmt: skip


def ratio(study: Study) -> float:
    """People of the compared group for each of the reference."""
    shares = {g: sum(a.share for a in study.arms if a.group == g) for g in (study.compared, study.reference)}
    return shares[study.compared] / shares[study.reference]


def needed(study: Study) -> dict[str, int]:
    """People analysed and randomised, and events, for the planned effect; {} where nothing is planned."""
    p, plan = study.plan, study.plan.planned
    wide = boundaries(study).inflation if len(p.interim.looks) > 1 else 1.0
    r = ratio(study)
    if study.endpoint.is_time:
        if plan.hazard_ratio in (None, 1.0) or study.conditions.events <= 0:
            return {}
        assert plan.hazard_ratio is not None
        return _events(study, plan.hazard_ratio, wide, r)
    if not plan.difference or not plan.sd:
        return {}
    sd = plan.sd * (math.sqrt(1 - plan.correlation**2) if study.endpoint.analysis in ADJUSTED else 1.0)
    total = sample_size.means(plan.difference, sd, alpha=p.alpha, sided=p.sided, power=p.power, ratio=r) * wide
    return _arms(study, total, r)


def _arms(study: Study, total: float, r: float) -> dict[str, int]:
    """Both groups raised for dropout and rounded up; other arms by their share."""
    groups = (total * r / (1 + r), total / (1 + r))
    analysed = [math.ceil(g - 1e-9) for g in groups]
    out = [math.ceil(g / (1 - study.plan.planned.dropout) - 1e-9) for g in groups]
    shares = [sum(a.share for a in study.arms if a.group == g) for g in (study.compared, study.reference)]
    unit = max(n / s for n, s in zip(out, shares))
    others = sum(math.ceil(unit * a.share) for a in study.arms if a.group not in (study.compared, study.reference))
    return {"analysed": sum(analysed), "randomised": sum(out) + others}


def _events(study: Study, hazard_ratio: float, wide: float, r: float) -> dict[str, int]:
    """Schoenfeld's events; people who must enter to see them within accrual and follow-up."""
    p = study.plan
    d = sample_size.events(hazard_ratio, alpha=p.alpha, sided=p.sided, power=p.power, ratio=r) * wide
    months, hazard = p.follow_up / 30.4375, study.conditions.events / 100 / 12
    loss = -math.log(1 - p.planned.dropout) / months

    def seen(n: float) -> float:
        accrual = n / p.per_month
        one = sample_size.event_probability(hazard, loss, accrual, months)
        two = sample_size.event_probability(hazard * hazard_ratio, loss, accrual, months)
        return n * (one + r * two) / (1 + r)

    low, high = 2.0, 4.0
    while seen(high) < d:
        low, high = high, 2 * high
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (middle, high) if seen(middle) < d else (low, middle)
    total = _arms(study, high * (1 - p.planned.dropout), r)
    return {"events": math.ceil(d - 1e-9), "analysed": total["randomised"], "randomised": total["randomised"]}


def randomised(study: Study) -> int:
    """The size of the study: as said, or as needed."""
    return study.plan.randomised or needed(study)["randomised"]
