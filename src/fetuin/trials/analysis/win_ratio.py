"""Win ratio: each treated person against each control, by the most important outcome first (Pocock 2012, Eur Heart J 33:176).

A pair is decided by the first outcome in which one does better; wins over losses is the ratio. Interval by the asymptotic law of
two U-statistics (Bebu and Lachin 2016, Biostatistics 17:178).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.ratio import Ratio
from fetuin.trials.analysis.samples import same_length, two_arms

Array = np.ndarray


@dataclass(frozen=True)
class TimeToEvent:
    """A bad event: later is better; undecided where the earlier time is censored."""

    time: object
    event: object

    def compare(self, t: Array, c: Array) -> Array:
        """+1 where the treated wins, -1 where the control does [treated, control]."""
        time, event = same_length(time=self.time, event=self.event)
        win = (event[c] == 1) & (time[c] < time[t][:, None])
        loss = (event[t] == 1)[:, None] & (time[t][:, None] < time[c])
        return win.astype(int) - loss.astype(int)


@dataclass(frozen=True)
class Measure:
    """A number: more than `margin` apart decides; `greater` is better or not."""

    value: object
    greater: bool = True
    margin: float = 0.0

    def compare(self, t: Array, c: Array) -> Array:
        """+1 where the treated wins, -1 where the control does [treated, control]."""
        (v,) = same_length(value=self.value)
        d = (v[t][:, None] - v[c]) * (1 if self.greater else -1)
        return (d > self.margin).astype(int) - (d < -self.margin).astype(int)


@dataclass(frozen=True)
class Wins:
    """Pairs won, lost and tied; the ratio; wins minus losses as a share of all pairs (net benefit); pairs decided by each outcome."""

    wins: int
    losses: int
    ties: int
    ratio: Ratio
    net_benefit: Test
    decided_by: list[tuple[int, int]]


def win_ratio(treated: object, outcomes: list[TimeToEvent | Measure]) -> Wins:
    """`outcomes` in order of importance, each with one value a person."""
    z = two_arms(treated)
    if not outcomes:
        raise InputError("no outcome", where="outcomes", fix="name one or more, the most important first")
    t, c = np.flatnonzero(z), np.flatnonzero(~z)
    if min(len(t), len(c)) < 2:
        raise NotEnoughDataError("an arm is too small", where="treated", why=f"{len(t)} and {len(c)}")
    result, by = np.zeros((len(t), len(c)), int), []
    for o in outcomes:
        (length,) = {len(np.asarray(v, float)) for v in (o.time if isinstance(o, TimeToEvent) else o.value,)}
        if length != len(z):
            raise InputError("an outcome has another length", where="outcomes", why=f"{length}, {len(z)} people")
        new = np.where(result == 0, o.compare(t, c), 0)
        by.append((int((new == 1).sum()), int((new == -1).sum())))
        result = result + new
    return _summary(result, by)


def _summary(result: Array, by: list[tuple[int, int]]) -> Wins:
    win, loss = (result == 1).astype(float), (result == -1).astype(float)
    pw, pl = float(win.mean()), float(loss.mean())
    if pw == 0 or pl == 0:
        raise NotEnoughDataError("every decided pair goes one way", where="outcomes", why="the ratio has no interval")
    rows = np.cov(win.mean(axis=1), loss.mean(axis=1)) / result.shape[0]
    columns = np.cov(win.mean(axis=0), loss.mean(axis=0)) / result.shape[1]
    S = rows + columns
    slope, gap = np.array([1 / pw, -1 / pl]), np.array([1.0, -1.0])
    ratio = Ratio(Test.of(float(np.log(pw / pl)), float(np.sqrt(slope @ S @ slope))))
    net = Test.of(pw - pl, float(np.sqrt(gap @ S @ gap)))
    counts = [int(win.sum()), int(loss.sum())]
    return Wins(counts[0], counts[1], result.size - sum(counts), ratio, net, by)
