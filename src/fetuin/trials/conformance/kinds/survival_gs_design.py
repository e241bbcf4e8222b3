"""East: a group-sequential log-rank design with non-binding futility, bounds on the z and hazard-ratio scales."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import RPACT
from fetuin.trials.designs.group_sequential import design
from fetuin.trials.designs.sample_size import event_probability

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
    p = np.mean(
        [
            event_probability(h, i["dropout_monthly"], i["enrol_months"], i["min_followup"])
            for h in (hazard, hazard * i["hr"])
        ]
    )
    under_0, under_1 = d.crossing(0.0, futility=False), d.crossing(d.drift())
    fut = d.futility if d.futility is not None else np.zeros(0)
    out = [Compared("N", o["N"], math.ceil(events[-1] / p), 0.5), *listed("events", o["events"], events, 0.5)]
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
