"""Published outcomes replayed, one table; and which parameters those outcomes identify.

python benchmarks/accuracy/physiology.py              # outcomes -> benchmarks/results/physiology.csv
python benchmarks/accuracy/physiology.py --identify   # sensitivities -> benchmarks/results/physiology_identifiability.csv
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from fetuin.notice import __version__
from fetuin.physiology.parameters import described
from fetuin.validation.outcome import Outcome, shipped
from fetuin.validation.replay import replay

RESULTS = Path(__file__).resolve().parents[1] / "results"
SLOW = ("o18", "o21", "o22")  # with dialysis: left out of the sensitivities
STEP = 0.05


def outcomes() -> None:
    """Every read-out of every outcome, with what was published."""
    rows = []
    for o in shipped():
        done = replay(o)
        for r in done.readings:
            print(
                f"{'ok  ' if r.passed else 'MISS'} {o.name:36} {r.name:28} {r.expected:28} {r.simulated:10.4g} {r.unit}"
            )
            rows.append(
                [
                    datetime.now(UTC).date(),
                    __version__,
                    o.name,
                    r.name,
                    r.expected,
                    f"{r.simulated:.5g}",
                    r.unit,
                    r.passed,
                ]
            )
    _write("physiology.csv", ["date", "version", "outcome", "read-out", "published", "simulated", "unit", "pass"], rows)
    print(f"{sum(r[-1] for r in rows)} of {len(rows)} read-outs")


def _readings(listed: list[Outcome], name: str = "", value: float = 0.0) -> Iterator[float]:
    for o in listed:
        own = {**o.subject.get("parameters", {}), **({name: value} if name else {})}
        for r in replay(replace(o, subject={**o.subject, "parameters": own})).readings:
            yield np.nan if r.simulated is None else r.simulated


def identify() -> None:
    """d(read-out, in tolerances) / d(parameter, in half ranges), and how well each parameter is seen by the outcomes."""
    listed = [o for o in shipped() if not o.not_yet and not o.name.startswith(SLOW)]
    base = np.array(list(_readings(listed)))
    scale = np.maximum(0.05 * np.abs(base), 0.02)
    names = [n for n, q in described().items() if q.spread and not n.startswith(("solved.", "dialysis."))]
    slopes = np.zeros((len(names), len(base)))
    for k, n in enumerate(names):
        q = described()[n]
        assert q.spread is not None
        half = (q.spread[1] - q.spread[0]) / 2
        moved = np.array(list(_readings(listed, n, q.value + STEP * half)))
        slopes[k] = np.nan_to_num((moved - base) / scale / STEP) if len(moved) == len(base) else 0.0
        print(f"{n:36} {np.linalg.norm(slopes[k]):10.3g}", flush=True)
    information = slopes @ slopes.T
    posterior = np.linalg.inv(information + np.eye(len(names)))  # prior: one half range each
    shrink = 1.0 - np.sqrt(np.diag(posterior))
    order = np.argsort(-shrink)
    _write("physiology_identifiability.csv", ["parameter", "sensitivity", "range learnt from the outcomes"],
           [[names[k], f"{np.linalg.norm(slopes[k]):.4g}", f"{shrink[k]:.3f}"] for k in order])  # fmt: skip


def _write(name: str, head: list[str], rows: list[list]) -> None:
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / name).open("w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows([head, *rows])
    print(f"wrote benchmarks/results/{name}")


if __name__ == "__main__":
    identify() if "--identify" in sys.argv else outcomes()
