"""Calcium scores on the log scale: ANCOVA of ln(score + c), the arms' ratio of geometric means, percent change a year.

Zeros enter through c. The choice of c matters where zeros are many: then prefer `calcium_tobit` or `hokanson`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.analysis.ratio import Ratio
from fetuin.trials.analysis.samples import same_length, two_arms

OFFSET = 1.0  # Agatston units or mm3 added before the logarithm; convention of CT progression trials


@dataclass(frozen=True)
class LogChange:
    """Treated over control at follow-up given baseline, and each arm's change in percent a year."""

    ratio: Ratio
    treated_percent_per_year: float
    control_percent_per_year: float


def calcium_log(
    baseline: object, follow_up: object, treated: object, *, years: float = 1.0, offset: float = OFFSET
) -> LogChange:
    """Scores at both scans (Agatston or mm3, same unit), `years` apart."""
    import pandas as pd

    b, f, z = scores(baseline, follow_up, treated)
    if not offset > 0 or not years > 0:
        raise InputError("offset and years must be above 0", where="offset, years", why=f"{offset}, {years}")
    x, y = np.log(b + offset), np.log(f + offset)
    t = pd.DataFrame({"y": y, "x": x, "arm": np.where(z, "treated", "control")})
    fitted = ancova(t, "y ~ arm + x", reference={"arm": "control"})
    change = {a: fitted.ls_mean(arm=a).estimate - float(x.mean()) for a in ("treated", "control")}
    percent = {a: 100 * float(np.expm1(v / years)) for a, v in change.items()}
    return LogChange(Ratio(fitted.differences("arm", "control")[0].test), percent["treated"], percent["control"])


def scores(baseline: object, follow_up: object, treated: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two scans of each person and the arm; refused where a score is missing or negative, or an arm is empty."""
    b, f, z = same_length(baseline=baseline, follow_up=follow_up, treated=treated)
    if min(b.min(), f.min()) < 0:
        raise InputError("a calcium score is negative", where="baseline, follow_up", fix="scores are 0 or more")
    return b, f, two_arms(z)
