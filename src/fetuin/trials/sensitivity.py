"""What other analyses of the same data would say: censored T50 as censored, calcium on four scales, ranks of change.

The choice of scale changes the answer for CT calcium, so the published ones stand side by side: log (CaLIPSO), root
(Hokanson, CRIC), log with zeros as censored, ranks of the change (medians).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import FetuinError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.contrast import Contrast

if TYPE_CHECKING:
    from fetuin.trials.dataset import TrialTable
    from fetuin.trials.study import Study

Array = np.ndarray


def others(study: Study, table: TrialTable, treated: Array) -> list[Contrast]:
    """Analyses of baseline and follow-up means as measured; `treated` [n]: 1, 0, or -1 for other arms."""
    base, late = (
        _mean(table.measured[:, [study.column(d) for d in days]])
        for days in (study.endpoint.baseline, study.endpoint.follow_up)
    )
    base = np.where(np.isfinite(base), base, table.base)
    use = np.asarray((treated >= 0) & np.isfinite(base) & np.isfinite(late))
    b, y, z = base[use], late[use], treated[use] == 1
    cut = np.asarray(table.censored[:, [study.column(d) for d in study.endpoint.follow_up]].any(axis=1))[use]
    kind, found = study.endpoint.kind.name, []
    if kind == "t50" and cut.any():
        found.append(_try("ANCOVA, T50 beyond the run as censored (min)", lambda: _censored(b, y, z, cut)))
    late_visits = [v for v, d in enumerate(study.visits) if 0 < d <= max(study.endpoint.follow_up)]
    if kind == "t50" and len(late_visits) > 1 and table.censored[:, late_visits].any():
        rows = np.asarray((treated >= 0) & np.isfinite(base))
        at = np.ix_(np.flatnonzero(rows), np.array(late_visits))
        found.append(
            _try(
                "MMRM, T50 beyond the run as censored (min)",
                lambda: _censored_visits(table.measured[at], table.censored[at], treated[rows], base[rows]),
            )
        )
    if kind == "cac":
        found += [
            _try("ANCOVA of logarithms (log ratio)", lambda: _log(b, y, z)),
            _try("ANCOVA of roots (mm^1.5)", lambda: _root(b, y, z)),
            _try("zeros as censored, log scale (log ratio)", lambda: _tobit(b, y, z)),
        ]
    found.append(_try(f"ranks of change: Hodges-Lehmann shift ({study.endpoint.kind.unit})", lambda: _ranks(y - b, z)))
    return found


def _mean(values: Array) -> Array:
    n = np.isfinite(values).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, np.nansum(values, axis=1) / n, np.nan)


def _try(name: str, run: Callable[[], Test]) -> Contrast:
    """A contrast; where the analysis has no answer, one that says so."""
    try:
        t = run()
    except FetuinError:
        return Contrast.failed(name)
    return Contrast(name, t.estimate, t.se, t.df, t.lower, t.upper, t.p, True)


def _censored(b: Array, y: Array, z: Array, cut: Array) -> Test:
    from fetuin.trials.analysis.censored_regression import censored_regression

    X = np.column_stack([np.ones(len(y)), z, b]).astype(float)
    return censored_regression(y, X, cut.astype(float)).test(np.array([0.0, 1.0, 0.0]))


def _censored_visits(y: Array, cut: Array, arm: Array, b: Array) -> Test:
    from fetuin.trials.analysis.censored_mmrm import censored_mmrm

    return censored_mmrm(y, cut, arm, b)


def _log(b: Array, y: Array, z: Array) -> Test:
    from fetuin.trials.analysis.calcium_log import calcium_log

    return calcium_log(b, y, z.astype(float)).ratio.log


def _root(b: Array, y: Array, z: Array) -> Test:
    from fetuin.trials.analysis.calcium_square_root import calcium_square_root

    return calcium_square_root(b, y, z.astype(float))


def _tobit(b: Array, y: Array, z: Array) -> Test:
    from fetuin.trials.analysis.calcium_tobit import calcium_tobit

    return calcium_tobit(b, y, z.astype(float)).log


def _ranks(change: Array, z: Array) -> Test:
    from fetuin.trials.analysis.rank import rank

    r = rank(change[z], change[~z])
    return Test(r.shift, math.nan, math.nan, math.nan, r.p, r.lower, r.upper)
