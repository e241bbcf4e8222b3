"""The analysis that a study file asks for, on data: primary, by visit, and beside it what other analyses would say.

The estimators are those of the simulation, so a simulated trial and a real one are analysed by the same code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.notice import RESEARCH_USE, USE_LIMITATION, __version__
from fetuin.trials.analysed import baseline, outcome, scaled
from fetuin.trials.contrast import Contrast
from fetuin.trials.dataset import TrialTable, read_data
from fetuin.trials.estimators import Analysed, Estimates, estimator
from fetuin.trials.monitoring import half_width, upper_tail
from fetuin.trials.strategies import counted
from fetuin.trials.study import Study, read_study
from fetuin.trials.surrogacy import CAUTION

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = {
    "t_test": "t-test of follow-up",
    "change": "t-test of change",
    "ancova": "analysis of covariance",
    "mmrm": "MMRM, Satterthwaite",
    "cox": "Cox's model",
}
BACK = {"log": ("ratio of geometric means", math.exp), "hazard": ("hazard ratio", math.exp)}


@dataclass(frozen=True)
class Analysis:
    """What a trial's data say."""

    study: Study
    primary: Contrast
    by_visit: tuple[Contrast, ...]
    others: tuple[Contrast, ...]
    described: tuple[Mapping[str, Any], ...]
    flow: tuple[Mapping[str, Any], ...]
    censored: int
    rejected: bool
    tipping_point: Mapping[str, Any] | None = None
    caution: str = CAUTION
    notice: str = RESEARCH_USE

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: what `fetuin trial analyse --json` prints."""
        s = self.study
        return {
            "title": s.title, "summary": s.estimand.summary, "compared": s.compared, "reference": s.reference, "unit": s.endpoint.kind.unit,
            "scale": s.estimand.scale, "primary": self.primary.to_dict(), "rejected": self.rejected, "alpha": s.plan.alpha, "sided": s.plan.sided,
            "by_visit": [c.to_dict() for c in self.by_visit], "other_analyses": [c.to_dict() for c in self.others],
            "described": [dict(d) for d in self.described], "flow": [dict(f) for f in self.flow], "censored": self.censored, "tipping_point": None if self.tipping_point is None else dict(self.tipping_point),
            "caution": self.caution, "use": USE_LIMITATION, "version": __version__,
        }  # fmt: skip


def analyse(data: str | Path, study: str | Path | Study, *, seed: int = 1) -> Analysis:
    """Analyse a CSV table as the study asks. NotEnoughDataError where the primary analysis has no answer."""
    s = study if isinstance(study, Study) else read_study(study)
    table = read_data(Path(data), s)
    ready = _prepared(s, table)
    primary = _contrast(s, WORDS[s.endpoint.analysis], s.endpoint.analysis, ready)
    if not primary.converged:
        raise NotEnoughDataError(
            "the primary analysis has no answer.",
            where=WORDS[s.endpoint.analysis],
            why=_why(ready),
            fix="more people with baseline and follow-up in both groups",
        )
    others = [
        n
        for n in (("cox",) if s.endpoint.is_time else ("t_test", "change", "ancova", "mmrm"))
        if n != s.endpoint.analysis
    ]
    direction = 1 if s.plan.direction == "higher" else -1
    filled, tipping = _imputed(s, ready, direction, seed)
    right = primary.estimate * direction > 0
    rejected = primary.p < s.plan.alpha if s.plan.sided == 2 else right and primary.p / 2 < s.plan.alpha
    return Analysis(
        s, primary, tuple(_by_visit(s, ready)), tuple(_contrast(s, WORDS[n], n, ready) for n in others) + _more(s, table, ready) + tuple(filled),
        tuple(_described(s, table)), tuple(_flow(s, table, ready)), int(table.censored.sum()), bool(rejected), tipping,
    )  # fmt: skip


def _imputed(s: Study, d: Analysed, direction: int, seed: int) -> tuple[list[Contrast], Mapping[str, Any] | None]:
    """Imputations, where values are missing at the last visit."""
    from fetuin.trials.missing_values import applies, imputed

    if s.endpoint.is_time or not applies(d):
        return [], None
    return imputed(d, direction=direction, level=s.plan.alpha if s.plan.sided == 2 else 2 * s.plan.alpha, seed=seed)


def _more(s: Study, table: TrialTable, ready: Analysed) -> tuple[Contrast, ...]:
    if s.endpoint.is_time:
        return ()
    from fetuin.trials.sensitivity import others

    return tuple(others(s, table, ready.treated[0]))


def _prepared(s: Study, t: TrialTable) -> Analysed:
    groups = np.array([1 if a.group == s.compared else 0 if a.group == s.reference else -1 for a in s.arms])
    treated = groups[t.arm][None]
    if s.endpoint.is_time:
        blank = np.full(treated.shape, np.nan)
        return Analysed(treated, blank, blank, blank[:, :, None], t.time[None], t.status[None])
    measured = t.measured[None]
    use = counted(measured, np.array(s.visits), {k: v[None] for k, v in t.days.items()}, s.estimand, s.endpoint.failure)
    base = baseline(s, measured)
    base = np.where(np.isfinite(base), base, scaled(s, t.base[None]))
    late = [v for v, d in enumerate(s.visits) if 0 < d <= max(s.endpoint.follow_up)]
    zero = np.zeros(treated.shape)
    return Analysed(treated, base, outcome(s, use), scaled(s, use[:, :, late]), zero, zero.astype(bool))


def _contrast(s: Study, name: str, how: str, d: Analysed) -> Contrast:
    e = estimator(how)(d)
    ok = bool(e.converged[0])
    if not ok:
        return Contrast.failed(name)
    level = 1 - s.plan.alpha if s.plan.sided == 2 else 1 - 2 * s.plan.alpha
    return _made(s, name, e, level)


def _made(s: Study, name: str, e: Estimates, level: float) -> Contrast:
    estimate, se, df, half = float(e.estimate[0]), float(e.se[0]), float(e.df[0]), float(half_width(e, level)[0])
    p = float(2 * upper_tail(np.abs(e.estimate / e.se), e.df)[0])
    back = None
    if s.estimand.scale in BACK:
        back = tuple(BACK[s.estimand.scale][1](v) for v in (estimate, estimate - half, estimate + half))
    return Contrast(name, estimate, se, df, estimate - half, estimate + half, p, True, back)  # type: ignore[arg-type]


def _by_visit(s: Study, d: Analysed) -> list[Contrast]:
    """ANCOVA at each visit after baseline."""
    if s.endpoint.is_time:
        return []
    late = [v for v in s.visits if 0 < v <= max(s.endpoint.follow_up)]
    return [_contrast(s, f"day {day:g}", "ancova", replace(d, outcome=d.values[:, :, k])) for k, day in enumerate(late)]


def _described(s: Study, t: TrialTable) -> list[dict[str, Any]]:
    found = []
    for k, arm in enumerate(s.arms):
        for v, day in enumerate(s.visits if not s.endpoint.is_time else ()):
            y = t.measured[t.arm == k, v]
            y = y[np.isfinite(y)]
            sd = float(y.std(ddof=1)) if len(y) > 1 else math.nan
            found.append({"arm": arm.name, "day": day, "n": len(y), "mean": float(y.mean()) if len(y) else math.nan, "sd": sd,
                          "median": float(np.median(y)) if len(y) else math.nan})  # fmt: skip
        if s.endpoint.is_time:
            mine = t.arm == k
            years = float(t.time[mine].sum()) / 365.25
            found.append(
                {"arm": arm.name, "n": int(mine.sum()), "events": int(t.status[mine].sum()), "patient_years": years}
            )
    return found


def _flow(s: Study, t: TrialTable, d: Analysed) -> list[dict[str, Any]]:
    used = np.isfinite(d.time[0]) if s.endpoint.is_time else np.isfinite(d.outcome[0]) & np.isfinite(d.baseline[0])
    if s.endpoint.analysis == "mmrm":
        used = np.isfinite(d.values[0]).any(axis=1) & np.isfinite(d.baseline[0])
    return [{"arm": a.name, "in_table": int((t.arm == k).sum()), "analysed": int(((t.arm == k) & used).sum()), "not_analysed": int(((t.arm == k) & ~used).sum())}
            for k, a in enumerate(s.arms)]  # fmt: skip


def _why(d: Analysed) -> str:
    n = [int(((d.treated[0] == g) & np.isfinite(d.outcome[0])).sum()) for g in (1, 0)]
    return f"{n[0]} and {n[1]} people with an outcome, or no variation between them"
