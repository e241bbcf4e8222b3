"""From a simulated person to images: the deposits and kidneys of a trajectory at a day, before a CT and a gamma camera.

The right trunk of the house: a trajectory's mineral [mg] at a site becomes plaques in a CT whose score is measured as a real
one's is; its skin deposits become a plaque in a calf, with the tracer's background that the GFR of that day leaves.
"""

from __future__ import annotations

import numpy as np

from fetuin.errors import InputError
from fetuin.imaging import camera, scanner
from fetuin.imaging.body_model import Deposit, Field, legs
from fetuin.imaging.volume import Acquisition, Nuclear, Volume
from fetuin.physiology.trajectory import Trajectory

PLAQUE_MG = 10.0  # of mineral in one plaque of a site; assumption
MOST = 30  # plaques in the block; more mineral makes them larger
SIZE = (45.0, 60.0, 60.0)  # mm, of the block of tissue that is scanned
CALF = (130.0, 100.0, 80.0)  # mm, place of the skin deposit in the field of both calves


def mineral(trajectory: Trajectory, site: str, day: float, person: int = 0) -> float:
    """mg of hydroxyapatite at a site (coronary, aorta, valve, kidney, lung, stomach, periarticular, skin, ...) on a day."""
    found = float(trajectory.at(f"{site}_mass", day)[person])
    if not found >= 0:
        raise InputError(
            "no mineral", where=f"{site}_mass", why=f"{found:g} mg on day {day:g}", fix="choose another site"
        )
    return found


def ct(
    trajectory: Trajectory, site: str, day: float, *, person: int = 0, seed: int = 0, scanner_: scanner.Scanner = scanner.CARDIAC,
    density: float = 400.0,
) -> tuple[Volume, dict[str, float]]:  # fmt: skip
    """A CT of the site's mineral as plaques of about 10 mg at random places, and the truth. `density` in mg/cm3."""
    mass = mineral(trajectory, site, day, person)
    number = min(MOST, max(1, round(mass / PLAQUE_MG)))
    found = scanner.plaques(mass, number, density=density, seed=seed, size=SIZE) if mass > 0 else []
    return scanner.scan(found, scanner_, seed=seed, size=SIZE), {
        "mass_mg": mass,
        "plaques": float(len(found)),
        "day": day,
    }


def calves(
    trajectory: Trajectory,
    day: float,
    *,
    person: int = 0,
    minutes: float = 180.0,
    avidity: float = 3.0,
    site: str = "skin",
) -> Field:
    """Activity in both calves on a day: soft tissue and bone for that day's GFR, the site's mineral as one plaque."""
    gfr, mass = float(trajectory.at("egfr", day)[person]), mineral(trajectory, site, day, person)
    return legs([Deposit(CALF, mass)] if mass > 0 else (), minutes=minutes, gfr=gfr, avidity=avidity)


def planar(field: Field, *, seconds: float = 300.0, seed: int | None = 0) -> Volume:
    """Front and back view of a field, as an image that `fetuin scan` measures."""
    counts = camera.planar_pair(field.activity, field.mu, field.voxel, seconds=seconds, seed=seed)
    facts = Acquisition(
        "NM", manufacturer="simulated", nuclear=Nuclear(views=("anterior", "posterior"), seconds=seconds)
    )
    return Volume(
        counts.astype(np.float32), (1.0, field.voxel, field.voxel), "counts", facts, source="calves, simulated"
    )


def spect(
    field: Field, *, seconds: float = 20.0, seed: int | None = 0, angles: int = 24, iterations: int = 2
) -> Volume:
    """The reconstructed SPECT of a field, in Bq/mL at the time of the image."""
    at = np.arange(angles) * 360.0 / angles
    counts = camera.projections(field.activity, field.mu, field.voxel, at, seconds=seconds, seed=seed)
    image = camera.reconstruct(counts, field.mu, field.voxel, at, seconds=seconds, iterations=iterations)
    values = (image / (field.voxel**3 / 1000) * 1e6).astype(np.float32)
    facts = Acquisition(
        "NM", manufacturer="simulated", nuclear=Nuclear(seconds=seconds, units="BQML", decay_correction="NONE")
    )
    affine = np.diag([field.voxel] * 3 + [1.0])
    return Volume(values, (field.voxel,) * 3, "Bq/mL", facts, affine, source="calves, simulated")
