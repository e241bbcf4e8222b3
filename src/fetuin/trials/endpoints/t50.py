"""T50 [min]: biology of the day, reagent lot, plate and replicate act on ln T50; a well that has not turned is censored.

.. math:: \\ln y = \\ln T_{50} + b_{visit} + l_{lot} + p_{plate} + e / \\sqrt{r}

`plates = "as they come"`: samples of a week share a plate and lots change with the calendar, so lots fall between a
person's visits. `plates = "together"`: frozen samples of a person are measured on one plate, and lot and plate cancel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.quantities import quantity
from fetuin.trials.endpoints.contract import Kind, Seen, chosen
from fetuin.trials.streams import Streams

WEEK, MONTH = 7.0, 30.4375  # days
CYCLE = 400  # plates or lots that differ; later ones repeat
PEOPLE_A_PLATE = 10  # duplicates of four visits and controls fill 96 wells


@dataclass(frozen=True)
class Assay:
    """Parts of the error, as coefficients of variation."""

    biology: float = quantity(0.14, "1", "assumption: leaves within-person SD 33 to 49 min (facts 2, variance model) less the assay", "from day to day in a person", (0.0, 1.0))  # fmt: skip
    lot: float = quantity(0.04, "1", "assumption: recalled, lot 3 to 5 %", "between reagent lots", (0.0, 1.0))
    plate: float = quantity(0.03, "1", "assumption: recalled, between plates 3 %", "between plates", (0.0, 1.0))
    well: float = quantity(0.055, "1", "assumption: recalled, replicates 4 to 8 %", "between replicates", (0.0, 1.0))
    replicates: float = quantity(2.0, "1", "assumption: duplicates", "wells of a sample", (1.0, 20.0))
    lot_months: float = quantity(6.0, "mo", "assumption", "a lot lasts", (0.25, 120.0))
    run: float = quantity(600.0, "min", "assumption: a plate is read for 10 h", "a well that has not turned by then is '> run'", (30.0, 3000.0))  # fmt: skip
    plates: str = chosen("as they come", ("as they come", "together"), "when a person's samples are measured")


def measure(truth: np.ndarray, day: np.ndarray, streams: Streams, a: Assay) -> Seen:
    """Measured T50 [T, n, V]."""
    n, V = truth.shape[1:]
    noise = a.biology * streams.normal("biology", n, V) + a.well / np.sqrt(a.replicates) * streams.normal(
        "replicate", n, V
    )
    lots, plates = streams.normal("lot", CYCLE), streams.normal("plate", CYCLE)
    if a.plates == "as they come":
        lot, plate = (np.floor((day + 1000.0) / span).astype(int) % CYCLE for span in (a.lot_months * MONTH, WEEK))
        noise += a.lot * _of(lots, lot) + a.plate * _of(plates, plate)
    else:  # one lot bought for the study; a plate holds all samples of some people
        noise += a.lot * lots[:, :1, None] + a.plate * _of(
            plates, np.broadcast_to(np.arange(n)[:, None] // PEOPLE_A_PLATE % CYCLE, truth.shape)
        )
    seen = truth * np.exp(noise)
    return Seen(np.minimum(seen, a.run), seen > a.run)


def _of(effects: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Each trial's own effects [T, CYCLE] at the indices [T, n, V]."""
    return np.take_along_axis(effects, index.reshape(len(effects), -1), axis=1).reshape(index.shape)


KIND = Kind("t50", "min", "t50", Assay(), measure, (1.0, 3000.0), "T50, half time of calciprotein ripening")
