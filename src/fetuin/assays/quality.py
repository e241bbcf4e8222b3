"""How well a laboratory measures T50 over time: CV components, lot-to-lot shifts, within-person change, RCV.

Everything is computed on ln T50, where the error is the same from 120 to 390 minutes, and reported as a CV or in minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.assays.variance import Term, cv, variance_interval
from fetuin.errors import InputError, NotEnoughDataError


@dataclass(frozen=True)
class Components:
    """Variance components as CVs (0.05 is 5 %): within a plate, between plates of a lot, between lots, all together.

    `interval`: {name: (low, high)} 95 % intervals; n: {"lots", "plates", "wells"}.
    """

    repeatability: float
    between_plate: float
    between_lot: float
    total: float
    interval: dict[str, tuple[float, float]]
    n: dict[str, int]


def _nested(
    t50_min: Sequence[float], plate: Sequence[str], lot: Sequence[str] | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(ln T50, lot, plate within its lot) of each well; an error where they cannot tell components apart."""
    y = np.log(np.asarray(t50_min, float))
    if not np.isfinite(y).all():
        raise InputError(
            "A T50 is missing or not above 0.", where="CV components", fix="leave censored wells out, and say so"
        )
    lots = np.asarray(lot if lot is not None else [""] * y.size, dtype=object)
    plates = np.array([f"{a}\x1f{b}" for a, b in zip(lots, plate)], dtype=object)
    n, p, q = y.size, len(set(plates)), len(set(lots))
    if n - p < 1 or p - q < 1:
        raise NotEnoughDataError(
            f"CV components need replicates on at least two plates of a lot; there are {n} wells on {p} plates of {q} lots.",
            where="CV components",
        )  # fmt: skip
    return y, lots, plates


def components(t50_min: Sequence[float], plate: Sequence[str], lot: Sequence[str] | None = None) -> Components:
    """CV components of one control or sample from its wells [min] over plates and lots.

    Nested analysis of variance (Henderson's first method, unbalanced) on ln T50; a component below zero counts as
    zero. Intervals: chi-squared for repeatability, modified large-sample for plates, Satterthwaite for the total; of lots,
    which are few, none. NotEnoughDataError without
    replicates or with a single plate.
    """
    y, lots, plates = _nested(t50_min, plate, lot)
    n, p, q = y.size, len(set(plates)), len(set(lots))
    within = sum(float(np.sum((y[plates == k] - y[plates == k].mean()) ** 2)) for k in set(plates))
    among = sum(
        float((plates == k).sum() * (y[plates == k].mean() - y[lots == _lot(k)].mean()) ** 2) for k in set(plates)
    )
    over = sum(float((lots == k).sum() * (y[lots == k].mean() - y.mean()) ** 2) for k in set(lots))
    ms_w, ms_p = within / (n - p), among / (p - q)
    sizes = {k: int((plates == k).sum()) for k in set(plates)}
    by_lot = {k: int((lots == k).sum()) for k in set(lots)}
    inside = sum(s * s / by_lot[_lot(k)] for k, s in sizes.items())
    k_p = (n - inside) / (p - q)
    v_p = max((ms_p - ms_w) / k_p, 0.0)
    v_l = 0.0
    # each term of the total: a mean square's weight times it, and its degrees of freedom
    terms = [(ms_p / k_p, p - q), ((1.0 - 1.0 / k_p) * ms_w, n - p)]
    if q > 1:
        k1 = (inside - sum(s * s for s in sizes.values()) / n) / (q - 1)
        k2 = (n - sum(s * s for s in by_lot.values()) / n) / (q - 1)
        v_l = max((over / (q - 1) - ms_w - k1 * v_p) / k2, 0.0)
        if v_l > 0.0:  # few lots: the total is known no better than they allow
            inner = (1.0 - k1 / k2) / k_p
            terms = [(over / (q - 1) / k2, q - 1), (inner * ms_p, p - q), ((1.0 - 1.0 / k2 - inner) * ms_w, n - p)]
    total = ms_w + v_p + v_l
    plates_apart = variance_interval(Term(1.0 / k_p, ms_p, p - q), Term(-1.0 / k_p, ms_w, n - p))
    interval = {
        "repeatability": _chi(ms_w, n - p),
        "between_plate": (cv(plates_apart[0]), cv(plates_apart[1])),
        "total": _chi(total, _satterthwaite(total, terms)),
    }
    return Components(cv(ms_w), cv(v_p), cv(v_l), cv(total), interval, {"lots": q, "plates": p, "wells": n})


def _lot(plate_key: str) -> str:
    return plate_key.split("\x1f")[0]


def _satterthwaite(total: float, terms: Sequence[tuple[float, int]]) -> float:
    """Degrees of freedom of a sum of independent terms (value, degrees of freedom of its mean square)."""
    return max(total**2 / max(sum(v * v / df for v, df in terms), 1e-300), 1.0)


def _chi(variance: float, dof: float) -> tuple[float, float]:
    from scipy.stats import chi2

    return cv(variance * dof / chi2.ppf(0.975, dof)), cv(variance * dof / chi2.ppf(0.025, dof))


@dataclass(frozen=True)
class LotShift:
    """New lot against old on the same sera: ratio of T50, its 95 % interval, and whether it stays within the limit."""

    ratio: float
    low: float
    high: float
    n: int
    within: bool
    reason: str


def lot_to_lot(old_min: Sequence[float], new_min: Sequence[float], limit: float = 0.10) -> LotShift:
    """Compare lots on paired sera [min]; `limit` 10 % is the interference limit of Xu 2024. InputError if not paired."""
    from scipy.stats import t as student

    old, new = np.asarray(old_min, float), np.asarray(new_min, float)
    if old.shape != new.shape or old.size < 3 or not ((old > 0) & (new > 0)).all():
        raise InputError(
            "Lots are compared on at least three sera measured with both, each above 0 min.", where="lot to lot"
        )
    d = np.log(new / old)
    reach = student.ppf(0.975, d.size - 1) * d.std(ddof=1) / np.sqrt(d.size)
    ratio, low, high = (float(np.exp(d.mean() + k * reach)) for k in (0.0, -1.0, 1.0))
    within = low > 1.0 - limit and high < 1.0 + limit
    words = "lies within" if within else "is not shown to lie within"
    return LotShift(
        ratio, low, high, d.size, within, f"ratio {ratio:.3f} ({low:.3f} to {high:.3f}) {words} {limit:.0%}"
    )


def within_person_sd(sd_of_change: float) -> float:
    """SD of one person's T50 over time [min], from the SD of the change between two visits: divided by the root of 2."""
    return sd_of_change / float(np.sqrt(2.0))


def reference_change_value(within_person: float, analytic: float = 0.0, level: float = 0.95) -> float:
    """The change between two results [min] that chance alone passes with probability 1 - level, two-sided.

    .. math:: RCV = z \\sqrt{2} \\sqrt{s_W^2 + s_A^2}

    `within_person` and `analytic` [min]; where the within-person SD was itself measured with the assay it already
    holds the analytic part, and `analytic` stays 0.
    """
    from scipy.stats import norm

    return float(norm.ppf(0.5 + level / 2.0) * np.sqrt(2.0) * np.hypot(within_person, analytic))


def reference_change_percent(cv_within: float, cv_analytic: float, level: float = 0.95) -> tuple[float, float]:
    """Fall and rise (as parts, -0.2 and 0.25) beyond which a change is more than chance, on the log scale (Fokkema 2006)."""
    from scipy.stats import norm

    variance = np.log1p(cv_within**2) + np.log1p(cv_analytic**2)
    reach = float(norm.ppf(0.5 + level / 2.0) * np.sqrt(2.0 * variance))
    return float(np.expm1(-reach)), float(np.expm1(reach))


def hazard_ratio_for(ratio_per_minute: float, minutes: float) -> float:
    """Hazard ratio for a T50 lower by `minutes`, from the ratio per minute higher: ratio to the power of -minutes."""
    if not ratio_per_minute > 0.0:
        raise InputError(f"A hazard ratio of {ratio_per_minute} is not above 0.", where="hazard ratio")
    return float(ratio_per_minute ** (-minutes))
