"""How small a deposit is seen? Detection curves of the bone scan and of CT, by simulation.

Bone scan: a calf plaque is detected when its region holds more counts than the same region of the other calf by `Z`
standard errors of counting and of the usual difference between two legs. Sums of Poisson counts are Poisson, so regions
are drawn, not images. CT: a deposit is detected when its
circle has an Agatston score above zero. Both curves come with the share of false alarms of the same rule on no deposit.

No real scan of soft-tissue uptake was available: the curve of the bone scan rests on simulation alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.imaging import camera, scanner
from fetuin.imaging.body_model import Deposit, legs
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.roi import Circle, disc

Z = 3.0  # standard errors of the difference: one false alarm in 740; assumption


@dataclass(frozen=True)
class Point:
    """One place of a curve: mineral [mg], its ball's diameter [mm], share detected and its 95 % interval."""

    mass_mg: float
    diameter_mm: float
    detected: float
    low: float
    high: float


def _point(d: Deposit, hits: int, n: int) -> Point:
    """Wilson's interval of a share."""
    p, z2 = hits / n, 1.96**2
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), 1.96 * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Point(
        d.mass_mg, d.diameter if d.mass_mg else 0.0, p, max(0.0, float(middle - half)), min(1.0, float(middle + half))
    )


@dataclass(frozen=True)
class CalfScan:
    """A planar view of both calves: time, kidneys, and how eagerly a gram of plaque takes up tracer against bone."""

    gfr: float = 5.0
    minutes: float = 180.0
    seconds: float = 300.0
    avidity: float = 3.0
    density: float = 400.0
    radius: float = 10.0  # mm, of the region; about the camera's blur
    sides: float = (
        0.06  # standard deviation of the log ratio of two healthy calves; assumption, 1.06 in one public scan
    )
    place: tuple[float, float, float] = (130.0, 100.0, 80.0)  # mm: behind the tibia, nearer to the back


def calf_curve(masses: Sequence[float], c: CalfScan | None = None, *, draws: int = 2000, seed: int = 0) -> list[Point]:
    """Share of scans from behind in which a plaque of each mass [mg of hydroxyapatite] is detected; 0 mg: false alarms."""
    c, rng = c or CalfScan(), np.random.default_rng(seed)
    voxel = 4.0
    out = []
    for mass in masses:
        d = Deposit(c.place, mass, c.density)
        field = legs([d] if mass else (), minutes=c.minutes, gfr=c.gfr, voxel=voxel, avidity=c.avidity)
        view = camera.view(field.activity, field.mu, voxel, seconds=c.seconds, back=True)[:, ::-1]
        z, x = ((np.arange(n) + 0.5) * voxel for n in view.shape)
        here = (z[:, None] - c.place[0]) ** 2 + (x - c.place[2]) ** 2 <= c.radius**2
        there = here[:, ::-1]  # the calves mirror each other
        uneven = np.exp(rng.normal(0, c.sides, draws) / 2)
        a, b = rng.poisson(view[here].sum() * uneven), rng.poisson(view[there].sum() / uneven)
        limit = Z * np.sqrt(np.maximum(a + b, 1) + (c.sides * b) ** 2)
        out.append(_point(d, int((a - b > limit).sum()), draws))
    return out


def ct_curve(
    masses: Sequence[float], *, density: float = 400.0, s: scanner.Scanner = scanner.CARDIAC, scans: int = 100, seed: int = 0,
    policy: str = "literature",
) -> list[Point]:  # fmt: skip
    """Share of scans in which a deposit of each mass [mg] at a random place has a score above zero; 0 mg: false alarms."""
    rng, size = np.random.default_rng(seed), (15.0, 16.0, 16.0)
    out = []
    for mass in masses:
        hits = 0
        for _ in range(scans):
            at = tuple(np.array(size) / 2 + rng.uniform(-0.5, 0.5, 3) * (s.thickness, s.pixel, s.pixel))
            d = Deposit(at, mass, density)
            volume = scanner.scan([d] if mass else (), s, seed=int(rng.integers(2**31)), size=size)
            n = volume.values.shape
            circle = Circle((n[1] - 1) / 2, (n[2] - 1) / 2, 5.0, 1, n[0] - 2)
            hits += (score(volume, disc(volume, circle), policy_name=policy).agatston or 0) > 0
        out.append(_point(Deposit((0, 0, 0), mass, density), hits, scans))
    return out


def half_detected(curve: Sequence[Point], share: float = 0.5) -> float:
    """The mass [mg] at which `share` is detected, between the points of a curve on a logarithmic scale; NaN beyond it."""
    points = [p for p in curve if p.mass_mg > 0]
    for a, b in itertools.pairwise(points):
        if a.detected <= share <= b.detected and b.detected > a.detected:
            t = (share - a.detected) / (b.detected - a.detected)
            return float(np.exp(np.log(a.mass_mg) + t * (np.log(b.mass_mg) - np.log(a.mass_mg))))
    return float("nan")
