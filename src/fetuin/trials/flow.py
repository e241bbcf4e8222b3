"""The flow of one simulated trial's people, as CONSORT counts it: randomised, what happened, analysed, arm by arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fetuin.trials.analysed import prepare
from fetuin.trials.conduct import conduct
from fetuin.trials.size import randomised
from fetuin.trials.streams import Streams

if TYPE_CHECKING:
    from fetuin.trials.bank import Bank
    from fetuin.trials.study import Study


@dataclass(frozen=True)
class ArmFlow:
    """Counts of one arm."""

    arm: str
    randomised: int
    rescued: int
    stopped: int
    died: int
    lost: int
    analysed: int


def flow(study: Study, bank: Bank | None, seed: int, trial: int = 0) -> tuple[ArmFlow, ...]:
    """The counts of one trial; nothing stops it early."""
    data = conduct(study, bank, Streams(seed, (trial,)), randomised(study))
    ready = prepare(study, data)
    used = (
        np.isfinite(ready.time[0])
        if study.endpoint.is_time
        else np.isfinite(ready.outcome[0]) & np.isfinite(ready.baseline[0])
    )
    if study.endpoint.analysis == "mmrm":
        used = np.isfinite(ready.values[0]).any(axis=1) & np.isfinite(ready.baseline[0])
    end, found = data.in_study[0], []
    for k, arm in enumerate(study.arms):
        mine = data.arm[0] == k
        happened = {e: int((mine & (d[0] <= end)).sum()) for e, d in data.days.items()}
        lost = mine & (end < study.plan.follow_up - 1e-9) & ~(data.days["death"][0] <= end)
        found.append(
            ArmFlow(
                arm.name,
                int(mine.sum()),
                happened["rescue"],
                happened["discontinuation"],
                happened["death"],
                int(lost.sum()),
                int((mine & used).sum()),
            )
        )
    return tuple(found)
