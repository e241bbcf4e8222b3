"""One mechanism read off a bank of virtual patients in the terms of three endpoints: T50, CAC and events.

The same virtual people under the same regimen say what it does to T50 after a month, to CAC after a year, how much people
differ and how their values hold together, so the three trials are sized for one and the same thing.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.endpoint_comparison import Comparison, Mechanism, compare_endpoints
from fetuin.trials.endpoints.cac import rescan_sd
from fetuin.trials.endpoints.t50 import Assay

if TYPE_CHECKING:
    from fetuin.trials.bank import Bank
    from fetuin.trials.study import Study

MONTH_DAYS, YEAR_DAYS = 28.0, 364.0


def mechanism(study: Study, bank: Bank) -> Mechanism:
    """What the compared arm does beside the reference: T50 at 4 weeks and CAC at 52, with the errors of measurement."""
    if bank.days[-1] < YEAR_DAYS or "cac" not in bank.curves:
        raise InputError("the bank says nothing of CAC after a year.", where="design.follow_up", why=f"{bank.days[-1]:g} days are simulated",
                         fix="follow_up = 364 and endpoint.kind = 'cac'")  # fmt: skip
    groups = [a.group for a in study.arms]
    pair = [groups.index(study.compared), groups.index(study.reference)]
    week, last = int(MONTH_DAYS // 7), int(YEAR_DAYS // 7)
    t50 = bank.curves["t50"][:, pair][:, :, [0, week]]
    noise, r = _noise(Assay()), np.corrcoef(np.log(t50[:, 1, 0]), np.log(t50[:, 1, 1]))[0, 1]
    between = float(np.log(t50[:, 1, 1]).var(ddof=1))
    sd = float(t50[:, 1, 1].mean() * math.sqrt(between + noise))
    cac = bank.curves["cac"][:, pair][:, :, [0, last]] + 1.0
    change = np.log(cac[:, :, 1] / cac[:, :, 0])
    scan = rescan_sd(cac[:, 1] - 1.0, np.full(cac[:, 1].shape, 27.0)) / cac[:, 1]
    growth = 100 * np.expm1(change.mean(axis=0))
    return replace(
        Mechanism(),
        t50_difference=float((t50[:, 0, 1] - t50[:, 1, 1]).mean()), t50_sd=sd, t50_correlation=float(r * between / (between + noise)),
        cac_treated=float(growth[0]), cac_control=float(growth[1]), cac_sd=float(math.sqrt(change[:, 1].var(ddof=1) + (scan**2).sum(axis=1).mean())),
    )  # fmt: skip


def _noise(a: Assay) -> float:
    """Variance of one measured ln T50 that is not the person's own level."""
    return a.biology**2 + a.lot**2 + a.plate**2 + a.well**2 / a.replicates


def compare(study: Study, bank: Bank) -> Comparison:
    """The three endpoints for the mechanism of a study's bank."""
    return compare_endpoints(mechanism(study, bank))
