"""rpact: efficacy and futility bounds by alpha and beta spending, binding or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import bounds, from_rpact

BOUNDS = 1e-6


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Every number of the record."""
    d, o, tol = from_rpact(record["input"]), record["output"], record["tol"]
    c = d.crossing(d.drift())
    spent = np.cumsum(np.append(c.lower[:-1], d.beta - c.lower[:-1].sum()))
    out = bounds("critical_values", o["critical_values"], d.critical, BOUNDS)
    out += bounds("futility_bounds", o["futility_bounds"], d.futility if d.futility is not None else [], BOUNDS)
    out += listed("beta_spent", o.get("beta_spent", []), spent, tol)
    ours = {
        "inflation_factor": d.inflation,
        "shift": d.shift,
        "asn_ratio_H1": d.asn_ratio(1),
        "asn_ratio_H01": d.asn_ratio(0.5),
        "asn_ratio_H0": d.asn_ratio(0),
    }
    return out + [Compared(k, o[k], v, tol) for k, v in ours.items() if k in o]
