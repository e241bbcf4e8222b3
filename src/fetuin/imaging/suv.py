"""Standardised uptake value: tissue concentration over what an even spread of the dose through the body would give.

    SUV = C [Bq/mL] x weight [g] / (dose [Bq] x 2^(-dt / half-life))

dt is the time from injection to the moment to which C was decay-corrected: the start of the series, or none where the
image was corrected to the time of the dose. An image in counts, or a header without dose, times or weight, is refused:
an SUV from guessed values looks like one from measured ones.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fetuin.errors import NotEnoughDataError
from fetuin.imaging.volume import Volume
from fetuin.physiology.tracer import decay

LONGEST_MIN = 24 * 60  # from injection to image, min; beyond it a date is wrong; assumption


def factor(volume: Volume) -> float:
    """What a concentration [Bq/mL] of this image is multiplied by to be an SUV [g/mL]."""
    n = volume.acquisition.nuclear
    missing = _missing(volume)
    if n is None or missing:
        raise NotEnoughDataError(
            "no SUV from this header",
            where=", ".join(missing),
            why="absent, or the image is not in Bq/mL",
            fix="use a quantitative reconstruction with its dose, times and weight; a ratio of regions needs none of them",
        )
    minutes = 0.0 if n.decay_correction == "ADMIN" else _minutes(n.injected, n.acquired)
    assert n.weight_kg is not None
    assert n.dose_mbq is not None
    return n.weight_kg * 1000 / (n.dose_mbq * 1e6 * decay(minutes))


def _missing(volume: Volume) -> list[str]:
    n = volume.acquisition.nuclear
    if n is None:
        return ["(0008,0060) Modality"]
    asked: list[tuple[str, Any]] = [
        ("(0054,1001) Units", volume.unit == "Bq/mL"), ("(0018,1074) RadionuclideTotalDose", n.dose_mbq),
        ("(0010,1030) PatientWeight", n.weight_kg),
    ]  # fmt: skip
    if n.decay_correction != "ADMIN":
        asked += [("(0018,1072) RadiopharmaceuticalStartTime", n.injected), ("(0008,0031) SeriesTime", n.acquired)]
    return [name for name, value in asked if not value]


def _minutes(injected: str, acquired: str) -> float:
    try:
        a, b = (datetime.strptime(v[:14].ljust(14, "0"), "%Y%m%d%H%M%S") for v in (injected, acquired))
    except ValueError:
        raise NotEnoughDataError(
            "no SUV from this header", where="(0018,1072)", why="a time cannot be read", fix="export it again"
        ) from None
    minutes = (b - a).total_seconds() / 60
    if not 0 <= minutes <= LONGEST_MIN:
        raise NotEnoughDataError(
            "no SUV from this header",
            where="(0018,1072) RadiopharmaceuticalStartTime",
            why=f"the image lies {minutes:.0f} min after the injection",
            fix="correct the dates",
        )
    return minutes
