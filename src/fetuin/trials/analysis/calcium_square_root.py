"""Calcium volume on the square-root scale, on which rescan error is even: ANCOVA of sqrt(follow-up) - sqrt(baseline).

Hokanson 2004 (Am J Roentgenol 182:1327): the SD of sqrt(volume) between two scans does not depend on the volume. Zeros need
no constant.
"""

from __future__ import annotations

import numpy as np

from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.analysis.calcium_log import scores
from fetuin.trials.analysis.inference.contract import Test


def calcium_square_root(baseline: object, follow_up: object, treated: object) -> Test:
    """Treated minus control: difference in change of sqrt(score) [sqrt of its unit], adjusted for sqrt(baseline)."""
    import pandas as pd

    b, f, z = scores(baseline, follow_up, treated)
    t = pd.DataFrame({"y": np.sqrt(f) - np.sqrt(b), "x": np.sqrt(b), "arm": np.where(z, "treated", "control")})
    return ancova(t, "y ~ arm + x", reference={"arm": "control"}).differences("arm", "control")[0].test
