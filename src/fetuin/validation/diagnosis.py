"""How well the engine answers published cases: accuracy, calibration, and intervals from a bootstrap by source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fetuin.diagnosis.model import CALCIFIED
from fetuin.quantities import quantity
from fetuin.validation.cases import Row, ask_all, firm

LIMITS = (
    "Most cases lack most analytes: only excerpts of about 1,500 characters were read, and most laboratory data are words.",
    "The state of the tissue was read by someone who knew the diagnosis: it leaks the label. See the figures with it hidden too.",
    "Rules written after reading these cases are optimistic on them.",
    "Cases are published because they are odd: they give no base rates.",
    "Brain calcification of hypoparathyroidism is counted as metastatic; myositis ossificans is bone, a look-alike.",
    "Mixed has four cases in all: no accuracy is claimed for it.",
)


@dataclass(frozen=True)
class Judging:
    """Numbers of the evaluation itself."""

    bins: float = quantity(
        5.0, "1", "assumption: few bins for some 70 cases (facts, section 6)", "bins of the calibration error"
    )
    draws: float = quantity(1000.0, "1", "assumption: enough for a 95 % interval", "bootstrap draws")


JUDGING = Judging()


@dataclass(frozen=True)
class Judged:
    """The rows as arrays, so that a thousand draws of them are quick. Mechanism -1: not to be judged."""

    label: NDArray[np.int64]  # index into CALCIFIED, or -1
    answer: NDArray[np.int64]
    third: NDArray[np.bool_]  # label among the first three
    squares: NDArray[np.float64]  # summed squared error
    sure: NDArray[np.float64]  # probability of the answer
    cause: NDArray[np.float64]  # rank of the cause group from 0, or NaN

    def take(self, index: NDArray[np.int64]) -> Judged:
        """The rows of an index, with repetition."""
        return Judged(*(getattr(self, f.name)[index] for f in fields(self)))


def judged(rows: Sequence[Row]) -> Judged:
    """Rows to arrays."""
    label = [CALCIFIED.index(r.label.mechanism) if r.label.firm else -1 for r in rows]  # type: ignore[arg-type]
    squares = [sum((p - (m == r.label.mechanism)) ** 2 for m, p in r.mechanisms.items()) for r in rows]
    cause = [_rank(r) for r in rows]
    return Judged(
        np.array(label),
        np.array([CALCIFIED.index(r.ranked[0]) for r in rows]),
        np.array([r.label.mechanism in r.ranked[:3] for r in rows]),
        np.array(squares),
        np.array([max(r.mechanisms.values()) for r in rows]),
        np.array(cause),
    )


def _rank(r: Row) -> float:
    if not r.label.group:
        return float("nan")
    return float(r.ranked_groups.index(r.label.group)) if r.label.group in r.groups else 1e9


Metric = Callable[[Judged], float]


def _mean(x: NDArray[Any]) -> float:
    return float(x.mean()) if len(x) else float("nan")


def top1(j: Judged) -> float:
    """Share of firm cases whose mechanism is named first."""
    return _mean((j.label == j.answer)[j.label >= 0])


def top3(j: Judged) -> float:
    """Share of firm cases whose mechanism is among the first three."""
    return _mean(j.third[j.label >= 0])


def cause_top(j: Judged, k: int) -> float:
    """Share of cases with a cause group whose group is among the first k."""
    return _mean(j.cause[~np.isnan(j.cause)] < k)


def brier(j: Judged) -> float:
    """Mean over firm cases of the summed squared error of the seven probabilities (0 best, 2 worst)."""
    return _mean(j.squares[j.label >= 0])


def ece(j: Judged) -> float:
    """Expected calibration error of the leading answer, in equal bins of its probability."""
    firm_ = j.label >= 0
    sure, right = j.sure[firm_], (j.label == j.answer)[firm_].astype(float)
    cell = np.minimum((sure * JUDGING.bins).astype(int), int(JUDGING.bins) - 1)
    gap = [(cell == b).mean() * abs(sure[cell == b].mean() - right[cell == b].mean()) for b in set(cell.tolist())]
    return float(sum(gap)) if gap else float("nan")


def macro_f1(j: Judged) -> float:
    """Mean F1 over the mechanisms that occur among the labels."""
    firm_, size = j.label >= 0, len(CALCIFIED)
    n, said = np.bincount(j.label[firm_], minlength=size), np.bincount(j.answer[firm_], minlength=size)
    hit = np.bincount(j.label[firm_ & (j.label == j.answer)], minlength=size)
    return _mean((2 * hit / np.maximum(n + said, 1))[n > 0])


def per_class(rows: Sequence[Row]) -> dict[str, dict[str, float | int | None]]:
    """For each mechanism: cases, how many were answered right, precision, recall and F1."""
    mine, out = firm(rows), {}
    for m in CALCIFIED:
        n = sum(r.label.mechanism == m for r in mine)
        said = sum(r.ranked[0] == m for r in mine)
        hit = sum(r.ranked[0] == m == r.label.mechanism for r in mine)
        f1 = 2 * hit / (n + said) if n + said else None
        out[m] = {
            "n": n,
            "right": hit,
            "answered": said,
            "recall": hit / n if n else None,
            "precision": hit / said if said else None,
            "f1": f1,
        }
    return out


METRICS: dict[str, Metric] = {
    "top1": top1,
    "top3": top3,
    "macro_f1": macro_f1,
    "brier": brier,
    "ece": ece,
    "cause_top1": lambda j: cause_top(j, 1),
    "cause_top3": lambda j: cause_top(j, 3),
}


def intervals(rows: Sequence[Row], seed: int = 0) -> dict[str, list[float]]:
    """{metric: [2.5 %, 97.5 %]} of a bootstrap that draws sources, not cases: cases of one paper are alike."""
    sources: dict[str, list[int]] = {}
    for i, r in enumerate(rows):
        sources.setdefault(r.label.source, []).append(i)
    groups, rng, all_rows = [np.array(g) for g in sources.values()], np.random.default_rng(seed), judged(rows)
    drawn = []
    for _ in range(int(JUDGING.draws)):
        sample = all_rows.take(np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))]))
        drawn.append([f(sample) for f in METRICS.values()])
    bounds = np.nanquantile(np.array(drawn), (0.025, 0.975), axis=0)
    return {m: [float(bounds[0, k]), float(bounds[1, k])] for k, m in enumerate(METRICS)}


def row_json(r: Row) -> dict[str, Any]:
    """One case of the evaluation as a JSON object."""
    x = r.label
    return {
        "id": x.id,
        "source": x.source,
        "mechanism": x.mechanism,
        "firm": x.firm,
        "cause_group": x.group,
        "answer": r.ranked[0],
        "right": r.ranked[0] == x.mechanism if x.firm else None,
        "in_top3": x.mechanism in r.ranked[:3] if x.firm else None,
        "probabilities": {m: r.mechanisms[m] for m in r.ranked},
        "causes": [{"cause_group": g, "probability": r.groups[g]} for g in r.ranked_groups[:5]],
        "cause_in_top3": x.group in r.ranked_groups[:3] if x.group else None,
    }


def evaluate(path: Path, setting: str = "general", hide_tissue: bool = False, seed: int = 0) -> dict[str, Any]:
    """Every figure of a file of labelled cases: the body of `fetuin evaluate --json`."""
    rows = ask_all(path, setting, hide_tissue)
    arrays = judged(rows)
    figures: dict[str, Any] = {name: f(arrays) for name, f in METRICS.items()}
    return {
        "n": len(firm(rows)),
        "n_cases": len(rows),
        "n_cause": sum(bool(r.label.group) for r in rows),
        **figures,
        "per_class": per_class(rows),
        "intervals": intervals(rows, seed),
        "setting": setting,
        "tissue_hidden": hide_tissue,
        "limits": list(LIMITS),
        "rows": [row_json(r) for r in rows],
    }
