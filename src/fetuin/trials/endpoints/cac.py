"""CAC volume [mm3]: two scans of one person differ by chance as in MESA; another scanner reads all of a person's later scans
higher or lower. A volume never falls below zero, so small deposits are sometimes not seen at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.imaging.repeatability import MesaLimits
from fetuin.quantities import quantity
from fetuin.trials.endpoints.contract import Kind, Seen
from fetuin.trials.streams import Streams

PAIR = 1.96 * np.sqrt(2.0)  # a 95 % limit of the difference of two scans, in SDs of one scan


@dataclass(frozen=True)
class Scan:
    """Rescan error and change of scanner."""

    rescan: float = quantity(
        1.0, "1", "Chung, AJR 2008, PMID 18212206", "fold of the MESA repeatability limit", (0.0, 10.0)
    )
    bmi: float = quantity(27.0, "kg/m2", "assumption: adults on dialysis", "mean body mass index", (14.0, 60.0))
    bmi_sd: float = quantity(5.0, "kg/m2", "assumption: adults on dialysis", "SD of it", (0.0, 15.0))
    scanner_change: float = quantity(0.0, "1", "assumption: one scanner throughout", "share of people scanned on another one later", (0.0, 1.0))  # fmt: skip
    scanner_cv: float = quantity(
        0.06, "1", "assumption: between scanners", "spread of the factor of another scanner", (0.0, 1.0)
    )


def rescan_sd(volume: np.ndarray, bmi: np.ndarray) -> np.ndarray:
    """SD of one scan [mm3] at a true volume [mm3] and body mass index [kg/m2], from the limit of two."""
    m = MesaLimits()
    limit = m.volume_slope * volume + m.volume_root * np.sqrt(volume) + m.volume_bmi * bmi + m.volume_constant
    return np.where(volume > 0, np.maximum(limit, 0.0) / PAIR, 0.0)


def measure(truth: np.ndarray, day: np.ndarray, streams: Streams, s: Scan) -> Seen:
    """Measured volume [T, n, V]."""
    n, V = truth.shape[1:]
    bmi = np.maximum(s.bmi + s.bmi_sd * streams.normal("body", n), 14.0)[:, :, None]
    when = np.where(
        streams.uniform("scanner", n) < s.scanner_change, 1 + np.floor(streams.uniform("scan", n) * max(V - 1, 1)), V
    )
    factor = np.exp(s.scanner_cv * streams.normal("scanner", n))[:, :, None]
    later = np.arange(V)[None, None, :] >= when[:, :, None]
    seen = truth * np.where(later, factor, 1.0) + s.rescan * rescan_sd(truth, bmi) * streams.normal("replicate", n, V)
    return Seen(np.maximum(seen, 0.0), np.zeros(truth.shape, bool))


KIND = Kind("cac", "mm3", "cac", Scan(), measure, (0.0, 1e5), "CAC volume by CT", 1.0)
