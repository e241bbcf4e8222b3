"""How well the engine answers published cases: accuracy, calibration, and intervals from a bootstrap by source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

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
Metric = Callable[[Sequence[Row]], float]


def top(rows: Sequence[Row], k: int) -> float:
    """Share of firm cases whose mechanism is among the first k."""
    judged = firm(rows)
    return sum(r.label.mechanism in r.ranked[:k] for r in judged) / len(judged) if judged else float("nan")


def cause_top(rows: Sequence[Row], k: int) -> float:
    """Share of cases whose cause group is among the first k."""
    judged = [r for r in rows if r.label.group]
    return sum(r.label.group in r.ranked_groups[:k] for r in judged) / len(judged) if judged else float("nan")


def brier(rows: Sequence[Row]) -> float:
    """Mean over firm cases of the summed squared error of the seven probabilities (0 best, 2 worst)."""
    judged = firm(rows)
    each = [sum((p - (m == r.label.mechanism)) ** 2 for m, p in r.mechanisms.items()) for r in judged]
    return float(np.mean(each)) if each else float("nan")


def ece(rows: Sequence[Row]) -> float:
    """Expected calibration error of the leading answer, in equal bins of its probability."""
    judged = firm(rows)
    if not judged:
        return float("nan")
    sure = np.array([max(r.mechanisms.values()) for r in judged])
    right = np.array([r.ranked[0] == r.label.mechanism for r in judged], float)
    cell = np.minimum((sure * JUDGING.bins).astype(int), int(JUDGING.bins) - 1)
    return float(
        sum((cell == b).mean() * abs(sure[cell == b].mean() - right[cell == b].mean()) for b in set(cell.tolist()))
    )


def per_class(rows: Sequence[Row]) -> dict[str, dict[str, float | int | None]]:
    """For each mechanism: cases, how many were answered right, precision, recall and F1."""
    judged, out = firm(rows), {}
    for m in CALCIFIED:
        n = sum(r.label.mechanism == m for r in judged)
        said = sum(r.ranked[0] == m for r in judged)
        hit = sum(r.ranked[0] == m == r.label.mechanism for r in judged)
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


def macro_f1(rows: Sequence[Row]) -> float:
    """Mean F1 over the mechanisms that occur among the labels."""
    scores = [float(c["f1"] or 0.0) for c in per_class(rows).values() if c["n"]]
    return float(np.mean(scores)) if scores else float("nan")


METRICS: dict[str, Metric] = {
    "top1": lambda rows: top(rows, 1),
    "top3": lambda rows: top(rows, 3),
    "macro_f1": macro_f1,
    "brier": brier,
    "ece": ece,
    "cause_top1": lambda rows: cause_top(rows, 1),
    "cause_top3": lambda rows: cause_top(rows, 3),
}


def intervals(rows: Sequence[Row], seed: int = 0) -> dict[str, list[float]]:
    """{metric: [2.5 %, 97.5 %]} of a bootstrap that draws sources, not cases: cases of one paper are alike."""
    sources: dict[str, list[Row]] = {}
    for r in rows:
        sources.setdefault(r.label.source, []).append(r)
    groups, rng = list(sources.values()), np.random.default_rng(seed)
    drawn = []
    for _ in range(int(JUDGING.draws)):
        sample = [r for i in rng.integers(0, len(groups), len(groups)) for r in groups[i]]
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
    figures: dict[str, Any] = {name: f(rows) for name, f in METRICS.items()}
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
