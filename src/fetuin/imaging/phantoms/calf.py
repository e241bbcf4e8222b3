"""Two calves of a simulated dialysis patient, front and back: a plaque behind one tibia, and what failing kidneys leave.

Soft tissue, bone and plaque hold what the tracer model gives 3 h after 600 MBq at a GFR of 5 mL/min; 300 mg of mineral, three
times as eager as bone. The views are what an LEHR collimator sees in 300 s: depth-dependent blur, attenuation, Poisson counts.
"""

from __future__ import annotations

import numpy as np

from fetuin.imaging.body_model import Deposit, concentrations, legs
from fetuin.imaging.camera import planar_pair
from fetuin.imaging.volume import Acquisition, Nuclear, Volume

PLACE, MASS, AVIDITY = (130.0, 100.0, 80.0), 300.0, 3.0  # mm from the corner; mg; 1
MINUTES, SECONDS, VOXEL = 180.0, 300.0, 4.0  # min, s, mm


def phantom(
    *, seed: int = 0, gfr: float = 5.0, mass_mg: float = MASS, noise: bool = True
) -> tuple[Volume, dict[str, float]]:
    """Front and back view as the two cameras see them, and the truth."""
    deposit = Deposit(PLACE, mass_mg)
    field = legs([deposit] if mass_mg else (), minutes=MINUTES, gfr=gfr, voxel=VOXEL, avidity=AVIDITY)
    counts = planar_pair(field.activity, field.mu, VOXEL, seconds=SECONDS, seed=seed if noise else None)
    soft, hard = concentrations(MINUTES, gfr)
    truth = {
        "gfr": gfr, "plaque_mg": mass_mg, "plaque_mm": deposit.diameter if mass_mg else 0.0, "soft_mbq_ml": soft, "bone_mbq_ml": hard,
        "bone_over_soft": hard / soft, "plaque_row": PLACE[0] / VOXEL, "plaque_column": PLACE[2] / VOXEL,
        "total_mbq": float(field.activity.sum()), "seed": float(seed),
    }  # fmt: skip
    facts = Acquisition("NM", manufacturer="phantom", nuclear=Nuclear(views=("anterior", "posterior"), seconds=SECONDS))
    return Volume(counts.astype(np.float32), (1.0, VOXEL, VOXEL), "counts", facts, source="calves, simulated"), truth
