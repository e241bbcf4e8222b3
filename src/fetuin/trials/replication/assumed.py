"""What a replication assumes where the published facts do not say: each with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Assumed:
    """Spread within and between people."""

    correlation: float = quantity(
        0.6, "1", "facts 2, variance model of T50", "between visits of a person", (0.42, 0.72)
    )
    t50_within: float = quantity(
        41.0, "min", "facts 2, variance model of T50", "SD of T50 within a person", (33.0, 49.0)
    )
    t50_given_baseline: float = quantity(
        56.0, "min", "facts 2: SD 70 and correlation 0.6", "SD of T50 given its baseline"
    )
    log_score_change: float = quantity(
        0.45,
        "1",
        "assumption: twice the 0.23 of volume in CaLIPSO, scores vary more",
        "SD of the change of log CAC score in a year",
    )
    pwv_given_baseline: float = quantity(
        2.0, "m/s", "assumption: SD 3.6 at baseline and correlation 0.83", "SD of PWV given its baseline"
    )


ASSUMED = Assumed()
