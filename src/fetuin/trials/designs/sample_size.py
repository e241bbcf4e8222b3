"""How many: sizes of fixed two-arm designs, before rounding (callers round each arm up)."""

from __future__ import annotations

import math

from scipy import stats
from scipy.optimize import brentq
from scipy.special import ndtri

LARGEST = 30.0  # standard deviations; a larger effect needs no more people, and the noncentral t is not computed for it
FEWEST = 2.001  # a t-test needs more than two people
MANY = 1e7  # people from which on t and normal agree to a person


def _z(alpha: float, sided: int, power: float) -> tuple[float, float]:
    return float(ndtri(1 - alpha / sided)), float(ndtri(power))


def means(
    delta: float,
    sd: float,
    *,
    alpha: float = 0.05,
    sided: int = 2,
    power: float = 0.9,
    ratio: float = 1.0,
    normal: bool = False,
) -> float:
    """Total of a two-sample t-test (noncentral t), or by the normal approximation. `ratio` is n1/n2."""
    za, zb = _z(alpha, sided, power)
    n = (1 + ratio) ** 2 / ratio * sd**2 * (za + zb) ** 2 / delta**2
    if normal or n > MANY:
        return n
    size = min(abs(delta) / sd, LARGEST)

    def short(total: float) -> float:
        df = total - 2
        shift = size * math.sqrt(total * ratio) / (1 + ratio)
        return float(stats.nct(df, shift).sf(stats.t(df).ppf(1 - alpha / sided))) - power

    if short(FEWEST) >= 0:
        return FEWEST
    return float(brentq(short, FEWEST, 3 * n + 50, xtol=1e-10))


def rates(
    p1: float, p2: float, *, alpha: float = 0.05, sided: int = 2, power: float = 0.9, ratio: float = 1.0
) -> float:
    """Total for two proportions, pooled variance under the null hypothesis."""
    za, zb = _z(alpha, sided, power)
    pooled = (ratio * p1 + p2) / (1 + ratio)
    null = za * math.sqrt(pooled * (1 - pooled) * (1 + ratio))
    alternative = zb * math.sqrt(p1 * (1 - p1) + ratio * p2 * (1 - p2))
    n1 = (null + alternative) ** 2 / (p1 - p2) ** 2
    return n1 * (1 + ratio) / ratio if ratio != 1 else 2 * n1


def events(
    hazard_ratio: float, *, alpha: float = 0.05, sided: int = 2, power: float = 0.9, ratio: float = 1.0
) -> float:
    """Events of a log-rank test (Schoenfeld)."""
    za, zb = _z(alpha, sided, power)
    return (za + zb) ** 2 * (1 + ratio) ** 2 / ratio / math.log(hazard_ratio) ** 2


def event_probability(hazard: float, dropout: float, accrual: float, follow_up: float) -> float:
    """Chance that one person has the event: exponential event and dropout, uniform accrual, then `follow_up`."""
    total = hazard + dropout
    if accrual <= 0:
        return hazard / total * (1 - math.exp(-total * follow_up))
    mean = (math.exp(-total * follow_up) - math.exp(-total * (accrual + follow_up))) / (total * accrual)
    return hazard / total * (1 - mean)


def survival(hazard_ratio: float, median_control: float, *, accrual: float, follow_up: float, dropout_per_12: float = 0.0, alpha: float = 0.05, sided: int = 2, power: float = 0.9, ratio: float = 1.0) -> dict[str, float]:  # fmt: skip
    """Events and total of a two-arm trial with exponential survival; times in months, `ratio` treated to control."""
    d = events(hazard_ratio, alpha=alpha, sided=sided, power=power, ratio=ratio)
    control, loss = math.log(2) / median_control, -math.log(1 - dropout_per_12) / 12
    p = (
        event_probability(control, loss, accrual, follow_up)
        + ratio * event_probability(control * hazard_ratio, loss, accrual, follow_up)
    ) / (1 + ratio)
    return {"events": d, "n_total": d / p, "study_duration": accrual + follow_up}


def with_dropout(n: float, dropout: float) -> int:
    """People to randomise so that `n` remain, both arms alike."""
    return 2 * math.ceil(n / 2 / (1 - dropout))


def equivalence_means(
    lower: float, upper: float, difference: float, sd: float, *, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Total for two one-sided t-tests (Owen's Q by integration over the variance), both arms alike."""
    import numpy as np
    from scipy.integrate import quad

    def chance(n: int) -> float:
        df, se = 2 * n - 2, sd * math.sqrt(2 / n)
        t = stats.t(df).ppf(1 - alpha)

        def inside(s: float) -> float:  # s = sample over true SD
            a, b = (lower - difference) / se + t * s, (upper - difference) / se - t * s
            return (
                float(max(stats.norm.cdf(b) - stats.norm.cdf(a), 0.0) * stats.chi2(df).pdf(df * s * s) * 2 * df * s)
                if b > a
                else 0.0
            )

        top = (upper - lower) / (2 * t * se)
        return float(quad(inside, 0, min(top, 1 + 10 / np.sqrt(df)), limit=200)[0])

    n = 2
    while chance(n) < power:
        n += 1
    return 2 * n
