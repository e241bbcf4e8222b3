"""Which lesion would give these values? The values of a record against what the body shows of each lesion.

Every lesion has the same chance before; the values then speak through a log-normal law about what the body shows, at the
kidney function of the record, over the severities a lesion may have. It is another voice than the differential: that one
knows frequencies, tissue and history, this one knows only how the economy works. Where they differ, it is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.errors import FetuinError
from fetuin.knowledge.lesion import lesions
from fetuin.mechanism.library import ANALYTES, BETWEEN, NOTHING, SEVERITIES, WEIGHTS, Expected, level, library
from fetuin.records.record import Record

NAMED = {"fgf23": "fgf23_intact", "urine_calcium": "urine_calcium_24h"}
NEEDED = ("calcium", "calcium_ionised")
LEAST = 3  # values
SHOWN = 5
CLEAR = 0.5  # probability from which a lesion counts as an answer
DOUBT = 0.05
ALIKE = 0.2  # a lesion of this probability is as good a reading as the first
OF_KIDNEYS = ("tertiary_hpt",)  # lesions that only kidney disease makes
KIDNEY_DISEASE = 60.0  # mL/min
FAR = 2.5  # standard deviations: a value that the best lesion does not give


@dataclass(frozen=True)
class Candidate:
    """A lesion: its probability among the lesions, the severity that fits best, and what it would show."""

    lesion: str
    name: str
    probability: float
    severity: float
    shows: Mapping[str, float]
    unexplained: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """The mechanistic answer, beside the probabilistic one; `reason` says why there is none."""

    candidates: tuple[Candidate, ...] = ()
    values: Mapping[str, float] | None = None
    gfr: float | None = None
    dialysis: bool = False
    agreement: str = ""
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """One JSON-ready object."""
        return {
            "available": not self.reason, "reason": self.reason, "gfr": self.gfr, "dialysis": self.dialysis,
            "values": dict(self.values or {}),
            "candidates": [
                {"lesion": c.lesion, "name": c.name, "probability": c.probability, "severity": c.severity,
                 "would_show": dict(c.shows), "unexplained": list(c.unexplained)} for c in self.candidates
            ],
            "agreement": self.agreement,
            "note": "every lesion was given the same chance; frequencies, tissue and history are not in it",
        }  # fmt: skip


def read(record: Record, assessment: Any = None) -> Reading:
    """The reading of a record; with an Assessment, whether the two agree. A record without enough says so."""
    values = _values(record)
    if not any(n in values for n in NEEDED) or len(values) < LEAST:
        have = ", ".join(values) or "none of them"
        return Reading(reason=f"needs calcium and at least two more of {', '.join(ANALYTES)}; the record holds {have}")
    dialysis = any("dialysis" in text.lower() and said == "present" for text, said, _ in record.texts())
    latest = record.latest("egfr")
    gfr = float(latest.value) if latest is not None and latest.value else None
    try:
        expected = library(level(gfr), dialysis)
    except FetuinError as error:
        return Reading(values=values, gfr=gfr, dialysis=dialysis, reason=f"the body could not be run: {error.what}")
    found = _ranked(values, expected)
    return Reading(found, values, gfr, dialysis, _agreement(found, assessment))


def _values(record: Record) -> dict[str, float]:
    found = {}
    for a in ANALYTES:
        o = record.latest(NAMED.get(a, a))
        if o is not None and o.value is not None and o.value > 0 and o.censor is None:
            found[a] = float(o.value)
    return found


def _ranked(values: Mapping[str, float], expected: Expected) -> tuple[Candidate, ...]:
    at = [ANALYTES.index(a) for a in values]
    seen, spread = np.log(list(values.values())), np.array([BETWEEN[a] for a in values])
    best: dict[str, tuple[float, int]] = {}
    for name, shown in expected.shown.items():
        if name in OF_KIDNEYS and not expected.dialysis and expected.gfr >= KIDNEY_DISEASE:
            continue
        z = (seen - shown[:, at]) / spread
        logs = -0.5 * np.sum(np.minimum(z * z, 25.0), axis=1)  # one wild value does not decide
        best[name] = (float(np.log(np.dot(WEIGHTS, np.exp(logs - logs.max()))) + logs.max()), int(np.argmax(logs)))
    top = max(v for v, _ in best.values())
    total = sum(math.exp(v - top) for v, _ in best.values())
    order = sorted(best, key=lambda n: -best[n][0])[:SHOWN]
    return tuple(_candidate(n, math.exp(best[n][0] - top) / total, best[n][1], values, expected) for n in order)


def _candidate(name: str, p: float, k: int, values: Mapping[str, float], expected: Expected) -> Candidate:
    shown = {a: float(np.exp(expected.shown[name][k, ANALYTES.index(a)])) for a in values}
    far = tuple(a for a, v in values.items() if abs(math.log(v / shown[a])) > FAR * BETWEEN[a])
    words = "no lesion beside kidney function" if name == NOTHING else lesions()[name].name
    return Candidate(name, words, p, 0.0 if name == NOTHING else SEVERITIES[k], shown, far)


def _agreement(found: Sequence[Candidate], assessment: Any) -> str:
    """Agreement or disagreement with the probabilistic answer, in words."""
    if assessment is None or not found:
        return ""
    first = found[0]
    causes = {c.name: c for c in assessment.causes}
    if first.probability < CLEAR:
        names = " or ".join(c.name for c in found[:2])
        return f"The values alone do not single out a lesion ({names}); no disagreement can be said."
    if first.lesion == NOTHING:
        return "The values need no lesion beside kidney function; they neither support nor contradict a cause outside the blood."
    alike = next(
        (c for c in found[1:] if c.probability >= ALIKE and causes.get(c.lesion) is assessment.causes[0]), None
    )
    if alike is not None:
        return f"Both readings hold {alike.name}; the values alone could come from {first.name} as well."
    own = causes.get(first.lesion)
    if own is None:
        return f"The values would come from {first.name}, which is not among the causes the differential weighs."
    if own.value >= CLEAR:
        return f"Both readings agree on {first.name}."
    if own.value <= DOUBT:
        leading = assessment.causes[0]
        return (
            f"Disagreement: the values would come from {first.name} ({100 * first.probability:.0f} % among lesions), which the "
            f"differential holds for {100 * own.value:.0f} % likely; it leads with {leading.label or leading.name}."
        )
    return (
        f"The values point to {first.name}; the differential holds it for {100 * own.value:.0f} % likely beside others."
    )
