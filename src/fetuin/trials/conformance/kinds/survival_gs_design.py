"""East: a group-sequential log-rank design with non-binding futility, bounds on the z and hazard-ratio scales."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import brentq

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import RPACT
from fetuin.trials.designs.group_sequential import design
from fetuin.trials.designs.sample_size import event_probability

MONTH = 1.0  # months are printed whole
EFFICACY = {"LDOF": "asOF", "LDP": "asP"}


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Negative z favours treatment, as East prints; N is rounded up."""
    i, o, tol = record["input"], record["expected"], record["tol"]
    gamma = float(i["futility"].split("gamma")[1].split()[0])
    d = design(
        RPACT[EFFICACY[i["efficacy"]]], looks=i["info_times"], alpha=i["alpha"], sided=i["sided"], beta=1 - i["power"],
        futility="hwang_shih_decani", futility_parameter=gamma,
    )  # fmt: skip
    events = np.ceil(d.shift * 4 / math.log(i["hr"]) ** 2 * d.t - 1e-3)
    hazard = math.log(2) / i["median_control"]
    loss, enrol, length = _loss(i["dropout_monthly"]), i["enrol_months"], i["enrol_months"] + i["min_followup"]

    def share(month: float) -> float:
        """Of those planned, who have had the event by a calendar month."""
        open_for = min(month, enrol)
        each = [event_probability(h, loss, open_for, month - open_for) for h in (hazard, hazard * i["hr"])]
        return float(np.mean(each)) * open_for / enrol

    people = math.ceil(events[-1] / share(length))
    months = [float(brentq(lambda m, e=e: share(m) - e / people, 0.1, 10 * length)) for e in events]
    under_0, under_1 = d.crossing(0.0, futility=False), d.crossing(d.drift())
    fut = d.futility if d.futility is not None else np.zeros(0)
    out = [Compared("N", o["N"], people, 0.5), *listed("events", o["events"], events, 0.5)]
    out += listed("month", o["month"], months, MONTH) if "month" in o else []
    out += listed("eff_z", o["eff_z"], -d.critical, tol["z"]) + listed("eff_p", o["eff_p"], d.stage_levels, tol["prob"])
    out += listed("hr_at_bound", o["hr_at_bound"], np.exp(-2 * d.critical / np.sqrt(events)), tol["z"])
    out += [
        Compared("fut_z", o["fut_z"], -float(fut[0]), tol["z"]),
        Compared("fut_hr", o["fut_hr"], float(np.exp(-2 * fut[0] / np.sqrt(events[0]))), tol["z"]),
    ]
    out += listed("cross_H1", o["cross_H1"], np.cumsum(under_1.upper), tol["prob"]) + listed(
        "cross_H0", o["cross_H0"], np.cumsum(under_0.upper), tol["prob"]
    )
    lower_0 = d.crossing(0.0).lower[0]
    return [
        *out,
        Compared("fut_cross_H0", o["fut_cross_H0"], float(lower_0), tol["prob"]),
        Compared("fut_cross_H1", o["fut_cross_H1"], float(under_1.lower[0]), tol["prob"]),
    ]


def _loss(printed: float) -> float:
    """Monthly hazard of dropping out. Records print it with three decimals of a whole percentage lost in a year.

    CAMIS (Comp/r-east_gsd_tte.qmd) names 0.019 in its text and hands 20 % in 12 months to rpact: -ln(0.8)/12 = 0.0186.
    """
    exact = -math.log(1 - round(1 - math.exp(-12 * printed), 2)) / 12
    return exact if round(exact, 3) == round(printed, 3) == printed else printed
