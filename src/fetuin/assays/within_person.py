"""How much one person's T50 varies by itself, and which change between two results is more than chance.

Visits of people, each visit with one or more wells; nested analysis of variance on ln T50 tells apart wells of one
visit (analytic), visits of one person (within person) and people (between). Reference change values after Fokkema 2006.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.assays.quality import reference_change_percent
from fetuin.assays.variance import Term, cv, variance_interval
from fetuin.errors import InputError, NotEnoughDataError

Interval = tuple[float, float]


@dataclass(frozen=True)
class WithinPerson:
    """CVs (0.05 is 5 %) with 95 % intervals, and the change beyond chance as parts (-0.2: a fall by 20 %).

    `analytic` is None where no visit has two wells and none was given: then `within` holds the analytic part too, and
    `holds_analytic` is True. `rcv` is for two results that are each the mean of `wells_a_result` wells; `rcv_low` and
    `rcv_high` are the same at the ends of the interval of its variance.
    """

    within: float
    within_interval: Interval
    between: float
    analytic: float | None
    holds_analytic: bool
    index_of_individuality: float | None
    rcv: Interval
    rcv_low: Interval
    rcv_high: Interval
    wells_a_result: int
    median_min: float
    n: dict[str, int]


def within_person(
    person: Sequence[str],
    visit: Sequence[str],
    t50_min: Sequence[float],
    *,
    analytic_cv: float | None = None,
    wells_a_result: int = 1,
) -> WithinPerson:
    """Components from wells [min] of visits of people; visits of two people with the same name are different visits.

    `analytic_cv` (0.05 is 5 %) is used where no visit has two wells, and is taken as known. NotEnoughDataError where
    nobody has two visits or there are fewer than two people.
    """
    y = np.log(_above_zero(t50_min))
    people = np.unique(np.asarray(person, dtype=str), return_inverse=True)[1]
    both = np.array([f"{p}\x1f{v}" for p, v in zip(person, visit)])
    keys, first, visits = np.unique(both, return_index=True, return_inverse=True)
    owner = people[first]
    n, nv, npeople = y.size, keys.size, int(people.max()) + 1 if y.size else 0
    if npeople < 2 or nv - npeople < 1:
        raise NotEnoughDataError(
            f"Within-person variation needs two people and someone with two visits; there are {nv} visits of {npeople} people.",
            where="within-person variation",
        )  # fmt: skip
    if not wells_a_result >= 1:
        raise InputError(
            f"A result is the mean of at least 1 well, not of {wells_a_result}.", where="within-person RCV"
        )
    size, size_person = np.bincount(visits), np.bincount(people)
    mean_visit, mean_person = np.bincount(visits, y) / size, np.bincount(people, y) / size_person
    well = Term(1.0, _ratio(float(((y - mean_visit[visits]) ** 2).sum()), n - nv), n - nv)
    among = Term(1.0, float((size * (mean_visit - mean_person[owner]) ** 2).sum()) / (nv - npeople), nv - npeople)
    inside = float((size**2 / size_person[owner]).sum())
    k = (n - inside) / (nv - npeople)
    within, single, analytic = _parts(among, well, k, analytic_cv, wells_a_result)
    v_visit = max((among.mean_square - well.mean_square) / k, 0.0)
    between = _between(float(y.mean()), size, size_person, mean_person, inside, v_visit, well.mean_square)
    rcv = [reference_change_percent(cv(v), 0.0) for v in single]
    return WithinPerson(
        cv(within[0]), (cv(within[1]), cv(within[2])), between, None if analytic is None else cv(analytic), analytic is None,
        cv(within[0]) / between if between > 0.0 else None, rcv[0], rcv[1], rcv[2], wells_a_result, float(np.median(np.exp(y))),
        {"people": npeople, "visits": nv, "wells": n},
    )  # fmt: skip


def _between(
    centre: float,
    size: np.ndarray,
    size_person: np.ndarray,
    mean_person: np.ndarray,
    inside: float,
    visit: float,
    well: float,
) -> float:
    """CV between people, by the expectations of the mean squares (Henderson 1, unbalanced)."""
    n, more = float(size.sum()), size_person.size - 1
    over = float((size_person * (mean_person - centre) ** 2).sum()) / more
    k1 = (inside - float((size**2).sum()) / n) / more
    k2 = (n - float((size_person**2).sum()) / n) / more
    return cv((over - well - k1 * visit) / k2)


Three = tuple[float, float, float]


def _parts(among: Term, well: Term, k: float, given: float | None, wells: int) -> tuple[Three, Three, float | None]:
    """Variance (with interval) within people and of one result, and the analytic variance of one well."""
    if well.dof > 0:
        if given is not None:
            raise InputError(
                "An analytic CV was given, and visits have several wells, which tell it.",
                where="analytic CV",
                fix="leave it out",
            )
        apart, less_well = Term(1.0 / k, *among[1:]), Term(-1.0 / k, *well[1:])
        v = max((among.mean_square - well.mean_square) / k, 0.0)
        mixed = Term(1.0 / wells - 1.0 / k, *well[1:])
        one = v + well.mean_square / wells
        return (v, *variance_interval(apart, less_well)), (one, *variance_interval(apart, mixed)), well.mean_square
    total, nothing = among.mean_square, Term(0.0, 0.0, 1)
    whole = (total, *variance_interval(among, nothing))
    if given is None:
        if wells > 1:
            raise InputError(
                "The reference change value of a mean of wells needs the analytic CV.", where="within-person RCV",
                why="no visit has two wells", fix="give the analytic CV, or ask for one well a result",
            )  # fmt: skip
        return whole, whole, None
    if not 0.0 <= given < 1.0:
        raise InputError(
            f"An analytic CV of {given} cannot be used.", why="expected a part: 0.05 is 5 %", where="analytic CV"
        )
    noise = float(np.log1p(given**2))
    a, b, c = (max(v - noise, 0.0) for v in whole)
    return (a, b, c), (a + noise / wells, b + noise / wells, c + noise / wells), noise


def _above_zero(t50_min: Sequence[float]) -> np.ndarray:
    values = np.asarray(t50_min, float)
    if not (np.isfinite(values) & (values > 0)).all():
        raise InputError(
            "A T50 is missing or not above 0.", where="within-person variation", fix="leave it out, and say so"
        )
    return values


def _ratio(total: float, dof: int) -> float:
    return total / dof if dof > 0 else 0.0
