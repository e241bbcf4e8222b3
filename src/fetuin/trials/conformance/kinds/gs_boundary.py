"""rpact: critical values, error spent, levels, shift, inflation and expected sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.conformance.contract import Compared, listed
from fetuin.trials.conformance.gs import bounds, from_rpact

BOUNDS = 1e-6  # of critical values: the issue's own bar, stricter than the record's


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Every number of the record."""
    d, o, tol = from_rpact(record["input"]), record["output"], record["tol"]
    ours = {
        "inflation_factor": d.inflation,
        "shift": d.shift,
        "asn_ratio_H1": d.asn_ratio(1),
        "asn_ratio_H01": d.asn_ratio(0.5),
        "asn_ratio_H0": d.asn_ratio(0),
    }
    out = bounds("critical_values", o["critical_values"], d.critical, BOUNDS)
    out += listed("alpha_spent", o.get("alpha_spent", []), d.alpha_spent, tol) + listed(
        "stage_levels", o.get("stage_levels", []), d.stage_levels, tol
    )
    return out + [Compared(k, o[k], v, tol) for k, v in ours.items() if k in o]
