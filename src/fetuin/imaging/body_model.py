"""A simulated person before a camera: where the tracer is, from kinetics and deposits.

The body is a set of ellipses [slices, rows, columns]: soft tissue holds what plasma and tissue fluid hold, bone what bone
took up, and a deposit its share by mineral mass. Amounts follow `physiology.tracer` and decay to the time of the image.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fetuin.physiology.tracer import Mineral, amounts, decay, deposit_uptake
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Deposit:
    """A ball of mineral: place (slice, row, column) in mm from the corner, mass in mg of hydroxyapatite, mg/cm3."""

    place: tuple[float, float, float]
    mass_mg: float
    density: float = 400.0

    @property
    def diameter(self) -> float:
        """mm."""
        return (6 * self.mass_mg / self.density * 1000 / math.pi) ** (1 / 3)


@dataclass(frozen=True)
class Adult:
    """What turns fractions of a dose into concentrations."""

    soft: float = quantity(
        60_000.0, "mL", "assumption: 70 kg without skeleton and air", "volume that holds the fluid tracer"
    )
    bone: float = quantity(7_800.0, "mL", "assumption: 10.5 kg of skeleton at 1.35 g/mL", "volume of the skeleton")
    dose: float = quantity(600.0, "MBq", "MDP label: 370 to 740", "administered activity")
    water: float = quantity(0.01536814, "1/mm", "xraylib, water at 140.5 keV", "attenuation of soft tissue")
    bone_mu: float = quantity(0.0215, "1/mm", "assumption: 1.4 times soft tissue", "attenuation of bone")


@dataclass(frozen=True)
class Field:
    """Activity [MBq a voxel], attenuation [1/mm], and the masks of body and bone, all [slices, rows, columns]."""

    activity: np.ndarray
    mu: np.ndarray
    body: np.ndarray
    bone: np.ndarray
    voxel: float


def concentrations(minutes: float, gfr: float, adult: Adult | None = None) -> tuple[float, float]:
    """(soft tissue, bone) in MBq/mL at the time of the image."""
    k, found = adult or Adult(), amounts(minutes, gfr)
    left = k.dose * decay(minutes)
    soft = float((found["plasma"] + found["soft"])[0])
    return left * soft / k.soft, left * float(found["bone"][0]) / k.bone


def legs(
    deposits: Sequence[Deposit] = (), *, minutes: float = 180.0, gfr: float = 90.0, voxel: float = 4.0, avidity: float = 3.0,
    adult: Adult | None = None,
) -> Field:  # fmt: skip
    """Two calves, 26 cm long, 11 cm thick, with tibia and fibula; deposits where they lie. mm from the corner of the box."""
    shape = (round(260 / voxel), round(140 / voxel), round(300 / voxel))
    z, r, c = (np.indices(shape).reshape(3, *shape) + 0.5) * voxel
    body, bone = np.zeros(shape, bool), np.zeros(shape, bool)
    for centre, side in ((80.0, -1), (220.0, 1)):
        body |= (r - 70) ** 2 + (c - centre) ** 2 <= 55**2
        bone |= (r - 50) ** 2 + (c - centre) ** 2 <= 13**2
        bone |= (r - 70) ** 2 + (c - centre - side * 30) ** 2 <= 6**2
    return field_of(body, bone, z, r, c, voxel, deposits, minutes=minutes, gfr=gfr, avidity=avidity, adult=adult)


def field_of(
    body: np.ndarray, bone: np.ndarray, z: np.ndarray, r: np.ndarray, c: np.ndarray, voxel: float, deposits: Sequence[Deposit], *,
    minutes: float, gfr: float, avidity: float, adult: Adult | None = None,
) -> Field:  # fmt: skip
    """Activity and attenuation of masks of body and bone, with deposits added. `z`, `r`, `c`: voxel centres [mm]."""
    k = adult or Adult()
    soft, hard = concentrations(minutes, gfr, k)
    millilitre = voxel**3 / 1000
    activity = np.where(bone, hard, np.where(body, soft, 0.0)) * millilitre
    mu = np.where(bone, k.bone_mu, np.where(body, k.water, 0.0))
    for d in deposits:
        total = k.dose * decay(minutes) * deposit_uptake(minutes, gfr, d.mass_mg / 1000, Mineral(avidity=avidity))
        near = np.sqrt((z - d.place[0]) ** 2 + (r - d.place[1]) ** 2 + (c - d.place[2]) ** 2)
        share = np.clip((d.diameter / 2 - near) / voxel + 0.5, 0, 1)  # partial volume of the ball's surface
        if share.sum() == 0:
            share[np.unravel_index(int(near.argmin()), near.shape)] = 1.0
        activity = activity + total * share / share.sum()
    return Field(activity, mu, body, bone, voxel)
