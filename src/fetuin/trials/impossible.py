"""Designs that cannot be, each refused with its place, its reason and a remedy. One check, one function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError

if TYPE_CHECKING:
    from fetuin.trials.study import Study


def refuse(study: Study) -> None:
    """Raise InputError at the first thing that cannot be."""
    for check in (
        _error_rates,
        _looks,
        _spending,
        _comparison,
        _size,
        _outcome,
        _patients,
        _baselines,
        _rescue,
        _events,
    ):
        check(study)


def _error_rates(s: Study) -> None:
    p = s.plan
    if not 0.0 < p.alpha < 0.5:
        raise InputError(
            f"alpha = {p.alpha:g} is no error rate.",
            where="design.alpha",
            why="it lies above 0 and below 0.5",
            fix="alpha = 0.05",
        )
    if p.power >= 1.0:
        raise InputError(
            "a power of 1 needs endless patients.", where="design.power", why=f"power {p.power:g}", fix="power = 0.9"
        )
    if p.power <= p.alpha:
        raise InputError("the power is below alpha.", where="design.power", why=f"power {p.power:g}, alpha {p.alpha:g}: a coin would do as well",
                         fix="power = 0.8 or 0.9")  # fmt: skip


def _looks(s: Study) -> None:
    t = np.array(s.plan.interim.looks)
    if t[0] <= 0 or (np.diff(t) <= 0).any() or abs(t[-1] - 1.0) > 1e-9:
        raise InputError(
            "the looks do not rise to 1.",
            where="design.interim.looks",
            why=f"{t.tolist()}",
            fix="for example [0.5, 1.0]",
        )
    if s.plan.interim.futility is not None and s.plan.sided == 2:
        raise InputError("a futility bound needs a one-sided design.", where="design.interim.futility",
                         why="a two-sided test has no side to give up", fix="sided = 1 and half of alpha")  # fmt: skip


def _spending(s: Study) -> None:
    """Spending must rise with the information and end at alpha, whether listed or by a family's parameter."""
    i, alpha = s.plan.interim, s.plan.alpha
    if i.spent:
        e, where = np.array(i.spent), "design.interim.spent"
        if len(e) != len(i.looks):
            raise InputError(
                f"{len(e)} errors are spent at {len(i.looks)} looks.",
                where=where,
                why="one for each look",
                fix="as many as looks",
            )
    else:
        from fetuin.trials.designs.boundaries import family

        where, members = "design.interim.parameter", [n for n in (i.boundary, i.futility) if n is not None]
        for name, total, at in zip(members, (alpha, 1 - s.plan.power), (i.parameter, i.futility_parameter)):
            f = family(name)
            if name == i.futility and not hasattr(f, "spend"):
                raise InputError(f"{name} cannot be a futility bound.", where="design.interim.futility", why="beta is spent by a spending function",
                                 fix="hwang_shih_decani, kim_demets, lan_demets_obrien_fleming or lan_demets_pocock")  # fmt: skip
            if hasattr(f, "spend"):
                with np.errstate(all="ignore"):
                    _rising(np.asarray(f.spend(np.array(i.looks), total, at), float), total, where)
        return
    _rising(e, alpha, where)


def _rising(e: np.ndarray, total: float, where: str) -> None:
    if not np.isfinite(e).all() or (np.diff(np.append(0.0, e)) < -1e-12).any():
        raise InputError("spending is not monotone.", where=where, why=f"{np.round(e, 6).tolist()}: an error once spent does not come back",
                         fix="errors that never fall from look to look")  # fmt: skip
    if abs(e[-1] - total) > 1e-9:
        raise InputError(
            "spending does not end at its total.", where=where, why=f"{e[-1]:g} of {total:g}", fix=f"end at {total:g}"
        )


def _comparison(s: Study) -> None:
    groups = sorted({a.group for a in s.arms})
    if s.plan.compare and s.plan.compare not in groups:
        raise InputError(f"there is no arm {s.plan.compare[:40]!r} to compare.", where="design.compare", why=f"groups: {', '.join(groups)}",
                         fix="name one of these")  # fmt: skip
    if s.compared == s.reference:
        raise InputError(
            "the reference is compared with itself.",
            where="design.compare",
            why=f"both are {s.reference}",
            fix="another group",
        )


def _size(s: Study) -> None:
    p = s.plan
    if p.randomised == 0:
        pl = p.planned
        if not s.endpoint.is_time and (not pl.difference or not pl.sd):
            raise InputError("the size is not said and cannot be computed.", where="design", why="randomised is 0 and planned.difference or planned.sd is missing or 0",
                             fix="randomised = 58, or [design.planned] difference and sd")  # fmt: skip
        if s.endpoint.is_time and (pl.hazard_ratio is None or pl.hazard_ratio == 1.0 or not s.conditions.events):
            raise InputError("the size is not said and cannot be computed.", where="design", why="randomised is 0 and planned.hazard_ratio or events.rate_per_100py is missing",
                             fix="randomised = 2000, or [design.planned] hazard_ratio and [events] rate_per_100py")  # fmt: skip
        return
    shares = sum(a.share for a in s.arms)
    least = min(p.randomised * a.share // shares for a in s.arms)
    if least < 2:
        empty = min(s.arms, key=lambda a: a.share)
        raise InputError(f"the arm {empty.name!r} is empty.", where="design.randomised", why=f"{p.randomised} patients in {len(s.arms)} arms leave it {least}",
                         fix=f"at least {2 * shares // min(a.share for a in s.arms) + shares} patients")  # fmt: skip


def _outcome(s: Study) -> None:
    e = s.endpoint
    if "composite" in s.estimand.strategies.values() and e.failure is None and not e.is_time:
        raise InputError("a composite strategy needs a failure value.", where="endpoint.failure", why="the event is itself an outcome",
                         fix=f"failure = ... in {e.kind.unit}, the value that counts from the event on")  # fmt: skip
    if s.estimand.scale == "log" and e.kind.name != "events" and e.failure == 0.0 and e.offset == 0.0:
        raise InputError(
            "a failure value of 0 has no logarithm.",
            where="endpoint.failure",
            why="the ratio of geometric means is analysed",
            fix="a value above 0, or endpoint.offset",
        )
    if e.analysis == "mmrm" and not [d for d in s.visits if d > 0]:
        raise InputError(
            "an MMRM needs visits after baseline.",
            where="visits.days",
            why=f"{list(s.visits)}",
            fix="add visits after day 0",
        )


def _patients(s: Study) -> None:
    if s.patients.mechanistic:
        if any(a.mean or a.sd for a in s.arms):
            raise InputError("virtual patients bring their own values.", where="arms", why="mean and sd belong to the statistical generator",
                             fix="drop them, or patients.generator = 'statistical'")  # fmt: skip
        return
    if s.endpoint.is_time:
        return
    for i, a in enumerate(s.arms):
        if not a.mean or not a.sd:
            raise InputError(f"the arm {a.name!r} has no values.", where=f"arms[{i}]", why="the statistical generator needs mean and sd at each visit",
                             fix="mean = [..], sd = [..], or patients.generator = 'bank'")  # fmt: skip
        if min(a.sd) <= 0:
            raise InputError(
                "the covariance is singular.",
                where=f"arms[{i}].sd",
                why="an SD of 0 leaves nothing to vary",
                fix="an SD above 0",
            )
        if s.patients.distribution == "lognormal" and (min(a.mean) <= 0 or max(a.sd) > 5):
            raise InputError("a lognormal median must be positive and its log SD small.", where=f"arms[{i}]", why=f"mean {list(a.mean)}, sd {list(a.sd)}",
                             fix="medians above 0, SDs of logarithms of at most 5")  # fmt: skip


def _baselines(s: Study) -> None:
    """Randomised arms share a baseline; an analysis that adjusts for it would be biased by a difference."""
    if s.patients.mechanistic or s.endpoint.is_time or s.endpoint.analysis == "t_test":
        return
    for v in [s.column(d) for d in s.endpoint.baseline]:
        means = {a.mean[v] for a in s.arms if a.mean}
        if len(means) > 1:
            raise InputError("the arms differ at baseline.", where="arms.mean", why=f"day {s.visits[v]:g}: {sorted(means)}; randomised arms share a baseline",
                             fix="one baseline mean, or endpoint.analysis = 't_test' of the follow-up alone")  # fmt: skip


def _rescue(s: Study) -> None:
    c = s.conditions
    if c.rescue_above and not s.patients.mechanistic and s.endpoint.kind.name != "phosphate":
        raise InputError("nobody knows the phosphate of these patients.", where="rescue.above", why="the statistical generator makes the endpoint only",
                         fix="rescue.rate, or patients.generator = 'bank'")  # fmt: skip
    if c.rescue_effect and s.patients.mechanistic:
        raise InputError(
            "the effect of rescue comes from its regimen.",
            where="rescue.effect",
            why="virtual patients are treated, not shifted",
            fix="rescue.regimen",
        )


def _events(s: Study) -> None:
    if s.endpoint.is_time and s.conditions.mechanism != "mcar":
        raise InputError(f"dropout of {s.conditions.mechanism} needs a value that is seen or not.", where="dropout.mechanism",
                         why="an event endpoint has no values at visits", fix="mechanism = 'mcar'")  # fmt: skip
    if s.endpoint.is_time and s.conditions.events <= 0:
        raise InputError(
            "no events are expected.",
            where="events.rate_per_100py",
            why="the rate of the reference arm is 0 or missing",
            fix="rate_per_100py = 4.5",
        )
