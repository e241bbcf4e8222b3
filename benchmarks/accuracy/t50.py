"""Accuracy of T50 on drawn plates of many seeds: error, coverage, censoring, flags.

`python benchmarks/accuracy/t50.py [seeds]` prints one line a kind and writes `benchmarks/results/t50_accuracy.csv`.
"Sound" wells are inside the run (T50 + 3 w < 600 min) and have no fault in their truth.
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

import numpy as np

from fetuin.assays.simulate_plate import KINDS, Simulated, simulate
from fetuin.assays.t50 import measure
from fetuin.notice import __version__

OUT = Path(__file__).parents[1] / "results" / "t50_accuracy.csv"
FIGURES = (
    "kind", "plates", "sound_wells", "rmse_min", "p95_min", "worst_min", "unflagged_over_10_min", "sound_reported",
    "sound_flagged", "coverage", "beyond", "beyond_censored", "no_reaction", "no_reaction_reported",
)  # fmt: skip


def score(drawn: list[Simulated]) -> dict[str, float]:
    errors, covered, unflagged = [], [], 0
    count = dict.fromkeys(("sound", "reported", "flagged", "beyond", "censored", "still", "still_reported"), 0)
    for plate in drawn:
        for well, truth, t50 in zip(measure(plate.plate).wells, plate.truth, plate.t50()):
            if not np.isfinite(t50):
                count["still"] += 1
                count["still_reported"] += well.t50_min is not None
                continue
            inside = t50 + 3 * float(truth["width_w_min"]) < 600  # type: ignore[arg-type]
            sound = inside and not str(truth["flags"]).replace("transient;", "")
            count["sound"] += sound
            count["reported"] += sound and well.t50_min is not None
            count["flagged"] += sound and bool(well.flags)
            count["beyond"] += t50 > 600
            count["censored"] += t50 > 600 and well.censored and well.t50_min is None
            if well.t50_min is None:
                continue
            error = abs(well.t50_min - t50)
            unflagged += error > 10 and not well.flags
            if inside:
                errors.append(error)
            if sound:
                covered.append(well.ci_low <= t50 <= well.ci_high)  # type: ignore[operator]
    e = np.array(errors)
    values = (
        len(drawn), count["sound"], np.sqrt(np.mean(e**2)), np.quantile(e, 0.95), e.max(), unflagged,
        count["reported"] / count["sound"], count["flagged"] / count["sound"], np.mean(covered), count["beyond"],
        count["censored"], count["still"], count["still_reported"],
    )  # fmt: skip
    return dict(zip(FIGURES[1:], values))


def late(seed: int, kind: str) -> Simulated:
    """A plate of which half turns between 601 and 900 min."""
    rng = np.random.default_rng(10_000 + seed)
    t50 = np.where(np.arange(384) % 2, rng.uniform(621, 900, 384), rng.normal(290, 75, 384).clip(80, 500))
    return simulate(seed, kind, t50=t50)


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 27
    with OUT.open("w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["date", "version", *FIGURES])
        sets = {kind: [(s, kind) for s in range(seeds if kind != "harsh" else max(seeds // 3, 1))] for kind in KINDS}
        for name, wanted in [*sets.items(), ("late", [(s, k) for s in range(3) for k in ("clean", "asym", "full")])]:
            drawn = [late(s, k) if name == "late" else simulate(s, k) for s, k in wanted]
            row = score(drawn)
            print(name, {k: round(float(v), 4) for k, v in row.items()}, flush=True)
            out.writerow([date.today(), __version__, name, *(f"{float(v):.6g}" for v in row.values())])


if __name__ == "__main__":
    main()
