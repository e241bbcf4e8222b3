"""The true courses of people at the visits, under their own arm and under the reference: paired counterfactuals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fetuin.trials.bank import Bank
    from fetuin.trials.streams import Streams
    from fetuin.trials.study import Study

Array = np.ndarray


@dataclass(frozen=True)
class Paths:
    """True values [T, n, V] of the same people with the reference treatment and with their own arm's, fully taken.

    rescued(values, day [T, n]) -> values when a rescue binder starts on `day`; `phosphate` [T, n, V] or None where nobody
    knows it; `hazard` [T, n]: hazard ratio of events under the arm.
    """

    control: Array
    assigned: Array
    rescued: Callable[[Array, Array], Array]
    phosphate: Array | None
    hazard: Array


def paths(study: Study, bank: Bank | None, streams: Streams, arm: Array) -> Paths:
    """The courses of people in arms `arm` [T, n], by the study's generator."""
    from importlib import import_module

    module = import_module(f"fetuin.trials.generators.{study.patients.generator}")
    return module.paths(study, bank, streams, arm)
