"""A bone SPECT with known truth: a trunk with a spine, two rods of bone and a soft-tissue deposit, seen and reconstructed.

64 x 64 x 64 voxels of 4 mm. Soft tissue and bone hold what the tracer model leaves 3 h after 600 MBq at a GFR of 90 mL/min;
the deposit is a ball of eight times soft tissue. Values are Bq/mL at the time of the image, decay as it was.
"""

from __future__ import annotations

import numpy as np

from fetuin.imaging import camera
from fetuin.imaging.body_model import Adult, concentrations
from fetuin.imaging.volume import Acquisition, Nuclear, Volume
from fetuin.physiology.tracer import decay

SIZE, VOXEL = 64, 4.0  # mm
DEPOSIT = (32, 32, 14)  # slice, row, column
RADIUS = 20.0  # mm
TIMES_SOFT = 8.0  # activity of the deposit over soft tissue; definition of this phantom
MINUTES, GFR, WEIGHT = 180.0, 90.0, 70.0
ANGLES = np.arange(0.0, 360.0, 15.0)


def objects() -> dict[str, np.ndarray]:
    """Masks of body, spine, rods and deposit."""
    z, r, c = (np.indices((SIZE,) * 3) + 0.5) * VOXEL - SIZE * VOXEL / 2
    at = [(k + 0.5) * VOXEL - SIZE * VOXEL / 2 for k in DEPOSIT]
    body = (r / 80) ** 2 + (c / 110) ** 2 <= 1
    return {
        "body": body, "spine": (r - 40) ** 2 + c**2 <= 20**2,
        "rods": ((r - 10) ** 2 + (np.abs(c) - 50) ** 2 <= 10**2) & body,
        "deposit": (z - at[0]) ** 2 + (r - at[1]) ** 2 + (c - at[2]) ** 2 <= RADIUS**2,
    }  # fmt: skip


def phantom(*, seed: int = 0, noise: bool = True, seconds: float = 20.0) -> tuple[Volume, dict[str, float]]:
    """The reconstruction [Bq/mL] and its truth; `seconds` a view. Without noise it shows blur and algorithm alone."""
    k, parts = Adult(), objects()
    soft, hard = concentrations(MINUTES, GFR, k)
    bone = parts["spine"] | parts["rods"]
    density = np.where(bone, hard, np.where(parts["deposit"], TIMES_SOFT * soft, np.where(parts["body"], soft, 0.0)))
    mu = np.where(bone, k.bone_mu, np.where(parts["body"], k.water, 0.0))
    millilitre = VOXEL**3 / 1000
    counts = camera.projections(density * millilitre, mu, VOXEL, ANGLES, seconds=seconds, seed=seed if noise else None)
    image = camera.reconstruct(counts, mu, VOXEL, ANGLES, seconds=seconds, iterations=2)
    values = (image / millilitre * 1e6).astype(np.float32)
    tracer = Nuclear(
        dose_mbq=k.dose, injected="20000101090000", acquired="20000101120000", weight_kg=WEIGHT, seconds=seconds,
        tracer="99mTc-MDP, simulated", collimator="PARA", decay_correction="NONE", units="BQML",
    )  # fmt: skip
    affine = np.diag([VOXEL, VOXEL, VOXEL, 1.0])
    facts = Acquisition("NM", manufacturer="phantom", nuclear=tracer)
    truth = {
        "soft_bq_ml": soft * 1e6, "bone_bq_ml": hard * 1e6, "deposit_bq_ml": TIMES_SOFT * soft * 1e6, "bone_over_soft": hard / soft,
        "total_mbq": float(density.sum()) * millilitre, "counts": float(counts.sum()), "decay_3h": decay(MINUTES),
        "suv_bone": hard * WEIGHT * 1000 / (k.dose * decay(MINUTES)), "seed": float(seed),
    }  # fmt: skip
    return Volume(values, (VOXEL,) * 3, "Bq/mL", facts, affine, source="bone SPECT, simulated"), truth
