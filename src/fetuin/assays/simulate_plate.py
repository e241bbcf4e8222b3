"""A plate of raw curves with known truth, from a seed: what a nephelometer would have printed.

`simulate(seed, kind)` draws a plate; `write(plate, folder)` writes the reads in the wide layout and the truth beside it.
Kinds: "clean" (logistic rises, white noise), "asym" (Richards rises), "full" (correlated noise, drift, settling, edge
effect, read offset, spikes, bubbles, wells that do not react), "harsh" (full, and first-cycle transients, two-step
curves, lipaemic sera, bubbles that never leave, T50 beyond the run).
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fetuin.assays.curves import richards_place
from fetuin.assays.plate import Plate
from fetuin.errors import UsageError
from fetuin.quantities import quantity

FACTS = "assumption: generative model of the assay facts, section 3"
TRUTH = ("well", "T50_min", "read_offset_min", "width_w_min", "g", "edge", "flags")


@dataclass(frozen=True)
class Laboratory:
    """The reader, the assay and their faults. Spreads of positive quantities are of the logarithm."""

    t50: float = quantity(290.0, "min", "facts 1.3: cohorts of 243 to 336 min", "mean T50 of the sera")
    t50_sd: float = quantity(75.0, "min", "facts 1.3: SD 52 to 93 min", "spread of T50")
    t50_least: float = quantity(80.0, "min", FACTS, "shortest T50 drawn")
    width: float = quantity(12.0, "min", FACTS, "logistic width at a T50 of 290 min")
    width_sd: float = quantity(0.30, "1", FACTS, "spread of ln width")
    asymmetry: float = quantity(-0.25, "1", FACTS, "mean of ln g")
    asymmetry_sd: float = quantity(0.45, "1", FACTS, "spread of ln g")
    blank: float = quantity(4e3, "{RNU}", FACTS, "blank and serum")
    cpp1: float = quantity(9e3, "{RNU}", FACTS, "height of the CPP1 rise")
    level_sd: float = quantity(0.25, "1", FACTS, "spread of ln blank and ln cpp1")
    tau: float = quantity(8.0, "min", FACTS, "time of the CPP1 rise")
    tau_sd: float = quantity(0.4, "1", FACTS, "spread of ln tau")
    amplitude: float = quantity(1.2e5, "{RNU}", FACTS, "height of the CPP2 rise")
    amplitude_sd: float = quantity(0.2, "1", FACTS, "spread of ln amplitude")
    ceiling: float = quantity(2.6e5, "{RNU}", FACTS, "largest read of the detector")
    noise_floor: float = quantity(150.0, "{RNU}", FACTS, "noise of a dark well")
    noise_relative: float = quantity(0.006, "1", "measured: 0.9 to 1.6 % in BMG kinetics", "noise as part of the read")
    correlation: float = quantity(0.0, "1", FACTS, "lag-one correlation of the noise")
    drift_sd: float = quantity(0.0, "{RNU}/min", FACTS, "spread of the drift")
    settling: float = quantity(0.0, "/min", FACTS, "loss from an hour after T50")
    edge: float = quantity(1.0, "1", FACTS, "T50 of border wells over that of the others")
    offset: float = quantity(0.0, "1", "instrument: wells are read in turn", "read time of the last well, of a cycle")
    spikes: float = quantity(0.0, "1", FACTS, "part of wells with one to four spikes")
    bubbles: float = quantity(0.0, "1", FACTS, "part of wells with a bubble")
    bubbles_stay: float = quantity(0.0, "1", FACTS, "part of the bubbles that never leave")
    no_reaction: float = quantity(0.0, "1", FACTS, "part of wells that do not react")
    two_step: float = quantity(0.0, "1", FACTS, "part of wells with a CPP1 aggregation step or bump")
    lipaemic: float = quantity(0.0, "1", FACTS, "part of wells with 3 to 10 times the blank")
    transient: float = quantity(
        0.0, "1", "measured: first cycles of BMG kinetics", "part of wells with a high first cycle"
    )
    beyond: float = quantity(0.0, "1", FACTS, "part of wells with T50 past the end of the run")


CLEAN = replace(Laboratory(), asymmetry=0.0, asymmetry_sd=0.0)
ASYM = Laboratory()
FULL = Laboratory(
    correlation=0.3, drift_sd=6.0, settling=1e-4, edge=0.97, offset=0.9, spikes=0.05, bubbles=0.02, no_reaction=0.01
)
HARSH = replace(FULL, two_step=0.04, lipaemic=0.04, transient=0.5, beyond=0.06, bubbles_stay=0.3)
KINDS: Mapping[str, Laboratory] = {"clean": CLEAN, "asym": ASYM, "full": FULL, "harsh": HARSH}


@dataclass(frozen=True)
class Simulated:
    """A drawn plate and its truth, one dictionary a well with the keys of `TRUTH` (T50_min NaN: does not react).

    `T50_min` is on the true clock; the plate's minutes hold the read offset only where `offset_known`.
    """

    plate: Plate
    truth: tuple[dict[str, object], ...]
    kind: str
    seed: int
    offset_known: bool

    def t50(self, *, on_file_clock: bool | None = None) -> np.ndarray:
        """True T50 [min] on the clock of the plate's minutes."""
        shifted = not self.offset_known if on_file_clock is None else on_file_clock
        return np.array([float(r["T50_min"]) - (float(r["read_offset_min"]) if shifted else 0.0) for r in self.truth])  # type: ignore[arg-type]


def simulate(
    seed: int, kind: str = "full", *, wells: int = 384, points: int = 145, minutes: float = 600.0,
    t50: np.ndarray | None = None, offset_known: bool = False, laboratory: Laboratory | None = None,
) -> Simulated:  # fmt: skip
    """Draw a plate. `t50` [min] sets the true half times (before the edge effect); otherwise they are drawn.

    Raises UsageError for an unknown kind, a plate of other than 96 or 384 wells, or fewer than 12 points.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no kind of plate '{kind}'.", where="--kind", fix=f"one of: {', '.join(KINDS)}")
    if wells not in (96, 384) or points < 12 or not minutes > 0:
        raise UsageError("A plate has 96 or 384 wells and at least 12 points.", where=f"{wells} wells, {points} points")
    lab, rng = laboratory or KINDS[kind], np.random.default_rng(seed)
    columns = 12 if wells == 96 else 24
    names = tuple(f"{chr(65 + i // columns)}{i % columns + 1:02d}" for i in range(wells))
    clock = np.linspace(0.0, minutes, points)
    drawn = _draw(lab, rng, names, clock, t50)
    offset = np.arange(wells) / wells * lab.offset * (clock[1] - clock[0])
    reads = np.empty((wells, points))
    for i in range(wells):
        reads[i] = _reads(lab, rng, clock + offset[i], drawn, i)
    times = clock[None, :] + (offset[:, None] if offset_known else 0.0)
    plate = Plate(
        names, np.broadcast_to(times, reads.shape), np.round(reads, 1), reads >= lab.ceiling, "nephelometry", "RNU",
        f"simulated {kind}, seed {seed}", f"simulate(seed={seed}, kind={kind!r})", {"simulated": "true"},
    )  # fmt: skip
    truth = tuple(
        {
            "well": names[i], "T50_min": drawn["t50"][i], "read_offset_min": offset[i], "width_w_min": drawn["w"][i],
            "g": drawn["g"][i], "edge": int(drawn["edge"][i]), "flags": "".join(f"{f};" for f in drawn["flags"][i]),
        }
        for i in range(wells)
    )  # fmt: skip
    return Simulated(plate, truth, kind, seed, offset_known)


def _draw(lab: Laboratory, rng: np.random.Generator, names, clock, t50) -> dict:  # type: ignore[no-untyped-def, type-arg]
    n, end = len(names), float(clock[-1])
    rows, columns = (8, 12) if n == 96 else (16, 24)
    place = np.arange(n)
    edge = np.isin(place // columns, (0, rows - 1)) | np.isin(place % columns, (0, columns - 1))
    half = np.maximum(rng.normal(lab.t50, lab.t50_sd, n), lab.t50_least)
    late = rng.random(n) < lab.beyond
    half = np.where(late, rng.uniform(end, 1.5 * end, n), half)
    half = np.array(t50, float) if t50 is not None else half
    half = half * np.where(edge, lab.edge, 1.0)
    flags: list[list[str]] = [[] for _ in range(n)]
    for name in ("spikes", "bubbles", "two_step", "lipaemic", "transient", "no_reaction"):
        for i in np.flatnonzero(rng.random(n) < getattr(lab, name)):
            flags[i].append(_WORDS[name])
    half = np.where(["noreact" in f for f in flags], np.nan, half)
    width = (
        lab.width * np.exp(rng.normal(0.0, lab.width_sd, n)) * np.sqrt(np.where(np.isnan(half), 290.0, half) / 290.0)
    )
    return {
        "t50": half, "w": width, "g": np.exp(rng.normal(lab.asymmetry, lab.asymmetry_sd, n)), "edge": edge, "flags": flags,
        "b0": lab.blank * np.exp(rng.normal(0, lab.level_sd, n)), "p1": lab.cpp1 * np.exp(rng.normal(0, lab.level_sd, n)),
        "tau": lab.tau * np.exp(rng.normal(0, lab.tau_sd, n)), "drift": rng.normal(0.0, 1.0, n) * lab.drift_sd,
        "a": lab.amplitude * np.exp(rng.normal(0, lab.amplitude_sd, n)), "still": rng.random(n) < 0.5,
    }  # fmt: skip


_WORDS = {
    "spikes": "spike", "bubbles": "bubble", "two_step": "twostep", "lipaemic": "lipaemic", "transient": "transient",
    "no_reaction": "noreact",
}  # fmt: skip


def _reads(lab: Laboratory, rng: np.random.Generator, t: np.ndarray, d: dict, i: int) -> np.ndarray:  # type: ignore[type-arg]
    flags, amplitude = d["flags"][i], d["a"][i]
    y = np.full(t.size, d["b0"][i] * (rng.uniform(3.0, 10.0) if "lipaemic" in flags else 1.0))
    if not ("noreact" in flags and d["still"][i]):
        y = y + d["p1"][i] * (1.0 - np.exp(-t / d["tau"][i]))
    half = d["t50"][i]
    if np.isfinite(half):
        w, g = d["w"][i], d["g"][i]
        y = y + amplitude * np.exp(-g * np.logaddexp(0.0, -(t - richards_place(half, w, g)) / w)) + d["drift"][i] * t
        if "twostep" in flags:
            y = y + amplitude * _early(rng, t, half)
        y = y * (1.0 - lab.settling * np.maximum(t - half - 60.0, 0.0))
    if "transient" in flags:
        y = y * (1.0 + rng.uniform(0.3, 0.9) * np.exp(-np.arange(t.size) / rng.uniform(0.4, 1.2)))
    if "bubble" in flags:
        y = y + _bubble(lab, rng, t.size) * amplitude
    y = y + _noise(lab, rng, y)
    if "spike" in flags:
        at = rng.choice(np.arange(2, t.size), rng.integers(1, 5), replace=False)
        y[at] += amplitude * rng.uniform(0.15, 1.5, at.size)
    return np.clip(y, 0.0, lab.ceiling)


def _early(rng: np.random.Generator, t: np.ndarray, half: float) -> np.ndarray:
    place, height, width = rng.uniform(0.4, 0.6) * half, rng.uniform(0.05, 0.15), rng.uniform(4.0, 12.0)
    if rng.random() < 0.5:
        return height / (1.0 + np.exp(-np.clip((t - place) / width, -500, 500)))
    return height * np.exp(-0.5 * ((t - place) / (2.0 * width)) ** 2)


def _bubble(lab: Laboratory, rng: np.random.Generator, n: int) -> np.ndarray:
    begin, length = int(rng.integers(8, max(int(0.7 * n), 10))), int(rng.integers(4, 20))
    stays = rng.random() < lab.bubbles_stay
    end: int = n if stays else min(begin + length, n)
    box = np.zeros(n)
    box[begin:end] = rng.uniform(0.2, 0.7)
    return box


def _noise(lab: Laboratory, rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    white = rng.standard_normal(y.size)
    e = np.empty(y.size)
    e[0] = white[0]
    fresh = np.sqrt(1.0 - lab.correlation**2)
    for k in range(1, y.size):
        e[k] = lab.correlation * e[k - 1] + fresh * white[k]
    return e * np.hypot(lab.noise_floor, lab.noise_relative * y)


def wide_csv(simulated: Simulated) -> str:
    """The reads in the wide layout: first row the minutes, one row a well, `read_offset_min` where it is known."""
    plate, out = simulated.plate, io.StringIO()
    offsets = [float(r["read_offset_min"]) for r in simulated.truth]  # type: ignore[arg-type]
    clock = plate.minutes[0] - (offsets[0] if simulated.offset_known else 0.0)
    writer = csv.writer(out, lineterminator="\n")
    extra = ["read_offset_min"] if simulated.offset_known else []
    writer.writerow(["well", *extra, *(f"{m:.4f}" for m in clock)])
    for well, reads, offset in zip(plate.wells, plate.reads, offsets):
        writer.writerow([well, *([f"{offset:.4f}"] if extra else []), *(f"{v:.1f}" for v in reads)])
    return out.getvalue()


def truth_csv(simulated: Simulated) -> str:
    """The truth, one row a well."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(TRUTH)
    for row in simulated.truth:
        writer.writerow([f"{v:.4f}" if isinstance(v, float) else v for v in (row[k] for k in TRUTH)])
    return out.getvalue()


def write(simulated: Simulated, folder: Path) -> tuple[Path, Path]:
    """Write reads (`sim_plate_KIND_seedN.csv.gz`) and truth (`..._truth.csv`); returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"sim_plate_{simulated.kind}_seed{simulated.seed}"
    reads, truth = folder / f"{stem}.csv.gz", folder / f"{stem}_truth.csv"
    with reads.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(wide_csv(simulated).encode())
    truth.write_text(truth_csv(simulated), encoding="utf-8")
    return reads, truth
