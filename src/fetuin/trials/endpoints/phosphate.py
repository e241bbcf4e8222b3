"""Serum phosphate [mmol/L] before dialysis: variation of the day and of the laboratory act on its logarithm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.quantities import quantity
from fetuin.simulation.observation import Laboratory
from fetuin.trials.endpoints.contract import Kind, Seen
from fetuin.trials.streams import Streams


@dataclass(frozen=True)
class Chemistry:
    """Within-person and analytical variation together."""

    cv: float = quantity(Laboratory().phosphate / 100.0, "1", "assumption: within-person 8 %, analytical 2 %", "of one value", (0.0, 1.0))  # fmt: skip


def measure(truth: np.ndarray, day: np.ndarray, streams: Streams, c: Chemistry) -> Seen:
    """Measured phosphate [T, n, V]."""
    noise = c.cv * streams.normal("laboratory", *truth.shape[1:])
    return Seen(truth * np.exp(noise), np.zeros(truth.shape, bool))


KIND = Kind("phosphate", "mmol/L", "phosphate", Chemistry(), measure, (0.01, 10.0), "serum phosphate before dialysis")
