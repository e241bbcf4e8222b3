"""What can be seen: detection curves of the bone scan and of CT, noise on the phantom insert. Figures for the docs.

`python benchmarks/accuracy/imaging_detection.py [--scans 200]` writes benchmarks/results/imaging_detection.csv,
imaging_noise.csv and docs/images/detection_bone_scan.png, detection_ct.png. All of it is simulation with fixed seeds: no
real scan of soft-tissue uptake was available.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from fetuin import __version__
from fetuin.imaging import detection, scanner
from fetuin.imaging.detection import CalfScan, Point
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantoms import noise, qrm
from fetuin.imaging.roi import Circle, disc

ROOT = Path(__file__).resolve().parents[2]
COLOURS = ("#0b6b7a", "#b34f18", "#5b4bb7", "#3f7d20")
MG_CALF = (0, 3, 5, 10, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000, 2000, 5000)
MG_CT = (0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5)


def bone_scan() -> dict[str, list[Point]]:
    """Curves by avidity and kidneys."""
    out = {}
    for gfr, avidity in ((5, 1), (5, 3), (5, 10), (90, 3)):
        name = f"GFR {gfr} mL/min, avidity {avidity}"
        out[name] = detection.calf_curve(MG_CALF, CalfScan(gfr=gfr, avidity=avidity), draws=4000, seed=1)
    return out


def ct(scans: int) -> dict[str, list[Point]]:
    """Curves by density, noise and slice thickness."""
    thin = dataclasses.replace(scanner.CARDIAC, thickness=1.0, fwhm_z=1.0, noise=35.0)  # a third of the photons
    ways = {
        "400 mg/cm3, noise 20 HU": (400.0, scanner.CARDIAC), "200 mg/cm3, noise 20 HU": (200.0, scanner.CARDIAC),
        "400 mg/cm3, noise 35 HU": (400.0, scanner.with_noise(scanner.CARDIAC, 35.0)), "400 mg/cm3, noise 35 HU, 1 mm slices": (400.0, thin),
    }  # fmt: skip
    return {n: detection.ct_curve(MG_CT, density=d, s=s, scans=scans, seed=1) for n, (d, s) in ways.items()}


def figure(curves: dict[str, list[Point]], title: str, file: Path) -> None:
    """Share detected against mineral, with intervals; false alarms named in the legend."""
    fig, ax = plt.subplots(figsize=(7.2, 5.0), layout="constrained")
    for colour, (name, points) in zip(COLOURS, curves.items()):
        shown = [p for p in points if p.mass_mg > 0]
        x = [p.mass_mg for p in shown]
        ax.fill_between(x, [p.low for p in shown], [p.high for p in shown], color=colour, alpha=0.15, linewidth=0)
        half, alarm = detection.half_detected(points), points[0].detected
        middle = f"half at {half:.3g} mg" if np.isfinite(half) else "no half point"
        ax.plot(x, [p.detected for p in shown], color=colour, label=f"{name}: {middle}; false alarms {alarm:.1%}")
    ax.set(
        xscale="log",
        ylim=(-0.02, 1.02),
        xlabel="mineral of the deposit, mg of hydroxyapatite",
        ylabel="share detected",
        title=title,
    )
    ax.grid(alpha=0.3)
    fig.legend(fontsize=8, loc="outside lower center")
    fig.savefig(file, dpi=110)
    plt.close(fig)


def insert_noise(n: int = 100) -> list[dict[str, Any]]:
    """Bias and spread of the scores of the QRM insert under correlated noise of 20 HU."""
    clean, truth = qrm.phantom(fwhm_xy=noise.FWHM, fwhm_z=3.0)
    middle = (clean.values.shape[1] - 1) / 2
    places = [(middle + (i - 1) * 40, middle + (j - 1) * 40) for i in range(3) for j in range(3)]
    where = np.any([disc(clean, Circle(*p, 6, 2, len(clean.values) - 3)) for p in places], axis=0)
    keys = ("agatston", "volume_mm3", "mass_mg", "integrated_mass_mg")
    base, found = score(clean, where, factor=truth["calibration"], region_is_lesion=True), []
    for seed in range(n):
        field = noise.correlated(
            clean.values.shape, noise.SD, noise.FWHM, clean.spacing[1], np.random.default_rng(seed)
        )
        noisy = dataclasses.replace(clean, values=(clean.values + field).astype(np.float32))
        result = score(noisy, where, factor=truth["calibration"], region_is_lesion=True)
        found.append([getattr(result, k) for k in keys])
    table = np.array(found)
    return [
        {"version": __version__, "measure": k, "without noise": round(getattr(base, k), 2), "bias": round(float(table[:, i].mean() - getattr(base, k)), 2),
         "sd": round(float(table[:, i].std(ddof=1)), 2), "realisations": n}
        for i, k in enumerate(keys)
    ]  # fmt: skip


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    """A table of results."""
    with file.open("w", newline="") as f:
        w = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        w.writeheader()
        w.writerows(rows)


def stored() -> dict[str, dict[str, list[Point]]]:
    """The curves of the last run."""
    out: dict[str, dict[str, list[Point]]] = {}
    with (ROOT / "benchmarks/results/imaging_detection.csv").open() as f:
        for row in csv.DictReader(f):
            point = Point(*(float(row[k]) for k in ("mass_mg", "diameter_mm", "detected", "low", "high")))
            out.setdefault(row["modality"], {}).setdefault(row["curve"], []).append(point)
    return out


def main() -> int:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=200)
    parser.add_argument("--draw", action="store_true", help="draw the figures of the last run again")
    a = parser.parse_args()
    both = stored() if a.draw else {"bone scan, planar, from behind": bone_scan(), "CT, literature policy": ct(a.scans)}
    rows = [
        {
            "version": __version__,
            "modality": m,
            "curve": name,
            **{k: round(v, 4) for k, v in dataclasses.asdict(p).items()},
        }
        for m, curves in both.items()
        for name, points in curves.items()
        for p in points
    ]
    if not a.draw:
        write(ROOT / "benchmarks/results/imaging_detection.csv", rows)
        write(ROOT / "benchmarks/results/imaging_noise.csv", insert_noise())
    images = ROOT / "docs/images"
    figure(
        both["bone scan, planar, from behind"],
        "A calf plaque on a planar bone scan (simulated)",
        images / "detection_bone_scan.png",
    )
    figure(both["CT, literature policy"], "One deposit on a calcium CT (simulated)", images / "detection_ct.png")
    for m, curves in both.items():
        for name, points in curves.items():
            print(
                f"{m}; {name}: half detected at {detection.half_detected(points):.3g} mg, false alarms {points[0].detected:.2%}"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
