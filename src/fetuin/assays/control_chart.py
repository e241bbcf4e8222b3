"""Levey-Jennings charts of control sera on ln T50, judged by Westgard's rules.

T50 of a control scatters by a per cent, not by a minute, so the chart is drawn on the logarithm: z = (ln T50 - mean) / SD.
Rules (Westgard 1981): 1-2s warns; 1-3s, 2-2s, R-4s, 4-1s and 10x reject. 1-3s and R-4s point to random error, the others
to a shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError

LEAST = 10


@dataclass(frozen=True)
class Target:
    """What a control lot is expected to give: mean and SD of ln T50, from `n` runs of it."""

    level: str
    mean: float
    sd: float
    n: int = 0

    @property
    def t50_min(self) -> float:
        """The expected T50 [min]."""
        return float(np.exp(self.mean))

    def z(self, t50_min: float) -> float:
        """Standard deviations of a T50 [min] from the target. InputError where it is not above 0."""
        if not t50_min > 0.0:
            raise InputError(f"A control T50 of {t50_min} min has no logarithm.", where=f"control {self.level}")
        return float((np.log(t50_min) - self.mean) / self.sd)


@dataclass(frozen=True)
class Violation:
    """A rule that a run breaks: which, in which control levels, in words, and whether the run is rejected."""

    rule: str
    run: str
    levels: tuple[str, ...]
    reason: str
    reject: bool


@dataclass(frozen=True)
class Chart:
    """Runs in time order: z of each control level (NaN where it was not run or was censored) and broken rules."""

    runs: tuple[str, ...]
    targets: tuple[Target, ...]
    z: np.ndarray
    violations: tuple[Violation, ...]

    def accepted(self, run: str) -> bool:
        """Whether no rejecting rule is broken in this run."""
        return not any(v.reject and v.run == run for v in self.violations)


def target(level: str, t50_min: Sequence[float]) -> Target:
    """Target of a control lot from its first runs [min]. NotEnoughDataError below ten."""
    values = np.asarray(t50_min, float)
    if values.size < LEAST or not (values > 0).all():
        raise NotEnoughDataError(
            f"A control target needs {LEAST} positive T50 values; there are {int((values > 0).sum())}.",
            where=f"control {level}", fix="run the new lot beside the old one until there are enough",
        )  # fmt: skip
    logs = np.log(values)
    return Target(level, float(logs.mean()), float(logs.std(ddof=1)), values.size)


def levey_jennings(targets: Sequence[Target], runs: Sequence[str], t50_min: np.ndarray) -> Chart:
    """A chart of `runs` in time order; `t50_min` (n_runs, n_levels) [min], NaN where a control has no result.

    Within-run rules look across levels of one run; across-run rules look back within a level, and for 2-2s and 4-1s
    and 10x also across the levels taken together in time order. A missing value breaks no rule and ends no sequence.
    """
    values = np.asarray(t50_min, float)
    if values.shape != (len(runs), len(targets)):
        raise InputError(
            f"The controls are {values.shape}, expected {(len(runs), len(targets))}.", where="control chart",
            why="one row a run and one column a control level",
        )  # fmt: skip
    z = np.full(values.shape, np.nan)
    for (i, j), v in np.ndenumerate(values):
        if not np.isnan(v):
            z[i, j] = targets[j].z(float(v))
    names = tuple(t.level for t in targets)
    found: list[Violation] = []
    for i, run in enumerate(runs):
        found += _within(run, names, z[i])
        found += _across(str(run), names, z[: i + 1])
    return Chart(tuple(str(r) for r in runs), tuple(targets), z, tuple(found))


def _within(run: str, names: tuple[str, ...], z: np.ndarray) -> list[Violation]:
    out = []
    for name, v in zip(names, z):
        if abs(v) > 3.0:
            out.append(Violation("1-3s", run, (name,), f"{name} is {v:+.1f} SD from its target", True))
        elif abs(v) > 2.0:
            out.append(Violation("1-2s", run, (name,), f"{name} is {v:+.1f} SD from its target", False))
    for sign in (1.0, -1.0):
        high = tuple(n for n, v in zip(names, z) if sign * v > 2.0)
        if len(high) >= 2:
            out.append(
                Violation("2-2s", run, high, f"{' and '.join(high)} both beyond {sign * 2:+.0f} SD in one run", True)
            )
    known = z[~np.isnan(z)]
    if known.size >= 2 and known.max() > 2.0 and known.min() < -2.0:
        pair = (names[int(np.nanargmax(z))], names[int(np.nanargmin(z))])
        out.append(Violation("R-4s", run, pair, f"controls {known.max() - known.min():.1f} SD apart in one run", True))
    return out


_SEQUENCES = (("2-2s", 2, 2.0), ("4-1s", 4, 1.0), ("10x", 10, 0.0))


def _across(run: str, names: tuple[str, ...], z: np.ndarray) -> list[Violation]:
    """Rules that look back from the last run, per level and over all levels."""
    out: list[Violation] = []
    if np.isnan(z[-1]).all():
        return out
    series: list[tuple[tuple[str, ...], np.ndarray, bool]] = [
        ((name,), z[:, j][~np.isnan(z[:, j])], bool(~np.isnan(z[-1, j]))) for j, name in enumerate(names)
    ]
    if len(names) > 1:
        series.append((names, z[~np.isnan(z)], True))
    for rule, length, limit in _SEQUENCES:
        for levels, values, now in series:
            if rule == "2-2s" and len(levels) > 1:
                continue  # across levels 2-2s is a rule within one run
            last = values[-length:]
            if now and last.size == length and ((last > limit).all() or (last < -limit).all()):
                side = "above" if last[0] > 0 else "below"
                reason = f"the last {length} of {', '.join(levels)} are all {side} the target by more than {limit:g} SD"
                out.append(Violation(rule, run, levels, reason, True))
                break
    return out
