"""From doses to Acts: how a level in the body rises, stays and falls, and the Targets that it moves, piece by piece.

A drug taken oftener than its half-life is a steady rate that builds up; one given seldom is followed dose by dose.
Levels are means over a piece, from the exact one-compartment solution (`physiology.pharmacokinetics`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from fetuin.physiology.pharmacokinetics import mean_amount, rate
from fetuin.physiology.targets import NEUTRAL, Targets
from fetuin.therapies.contract import Act, Dosing

STEPS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.5, 7.0)  # edges of pieces, in half-lives
GONE = 7.0  # half-lives after which less than 1 % is left


def steady(dosing: Dosing, half_life: float) -> Iterator[tuple[float, float, float]]:
    """(start, duration, mean level in units of the dose a day) of a steady rate that builds up and washes out."""
    k = rate(half_life)
    per_day = dosing.amount / dosing.every
    edges = [0.0, *(s * half_life for s in STEPS if s * half_life < dosing.last), dosing.last]
    for a, b in pairwise(edges):
        yield a, b - a, per_day * (1.0 - (math.exp(-k * a) - math.exp(-k * b)) / (k * (b - a)))
    if dosing.last >= dosing.horizon - 1e-9:
        return
    reached = per_day * (1.0 - math.exp(-k * dosing.last))
    off = [0.0, *(s * half_life for s in STEPS)]
    for a, b in pairwise(off):
        yield dosing.last + a, b - a, reached * (math.exp(-k * a) - math.exp(-k * b)) / (k * (b - a))


def by_dose(
    dosing: Dosing, half_life: float, absorption: float, steps: tuple[float, ...] = STEPS
) -> Iterator[tuple[float, float, float]]:
    """(start, duration, mean amount in the body) of single doses; `half_life`, `absorption` (half-life) in d."""
    doses, lost, taken = dosing.times(), rate(half_life), rate(absorption)
    near = [s * absorption for s in (0.3, 1.0, 2.0)]
    after = sorted({*near, *(s * half_life for s in steps)})
    edges = {0.0}
    for k, d in enumerate(doses):
        until = doses[k + 1] if k + 1 < len(doses) else math.inf
        edges |= {d} | {d + a for a in after if d + a < until - 0.02}
    ordered = sorted(e for e in edges if e < dosing.horizon)
    end = min(dosing.horizon, doses[-1] + max(GONE, steps[-1]) * half_life)
    ordered = [*(e for e in ordered if e < end), end]
    for a, b in pairwise(ordered):
        yield a, b - a, dosing.amount * mean_amount(a, b, doses, taken, lost)


def levels(dosing: Dosing, half_life: float, absorption: float = 0.02) -> Iterator[tuple[float, float, float]]:
    """(start, duration, level): the mean amount in the body per mean residence, so that a steady rate of 1/d reads 1."""
    if dosing.every <= half_life:
        yield from steady(dosing, half_life)
    else:
        for start, duration, held in by_dose(dosing, half_life, absorption):
            yield start, duration, held * rate(half_life)


def acts(pieces: Iterator[tuple[float, float, float]], moved: Callable[[float], Targets]) -> tuple[Act, ...]:
    """The Acts of levels: `moved(level)` is what a level does."""
    found = ((start, duration, moved(level)) for start, duration, level in pieces if level > 0)
    return tuple(Act(t, {}, start, duration) for start, duration, t in found if t != NEUTRAL)
