"""Twelve plaques of a simulated artery before a CT: 120 mg of mineral in all, with partial volume, blur and noise."""

from __future__ import annotations

from fetuin.imaging import scanner
from fetuin.imaging.volume import Volume

MASS, NUMBER, SIZE = 120.0, 12, (45.0, 60.0, 60.0)  # mg, 1, mm


def phantom(*, seed: int = 0, mass_mg: float = MASS, noise: bool = True) -> tuple[Volume, dict[str, float]]:
    """The scan and the mineral in it."""
    found = scanner.plaques(mass_mg, NUMBER, seed=seed, size=SIZE)
    volume = scanner.scan(found, seed=seed if noise else None, size=SIZE)
    true = sum(d.mass_mg for d in found)
    return volume, {
        "mass_mg": true, "plaques": float(NUMBER), "volume_mm3": true / found[0].density * 1000, "seed": float(seed),
        "calibration": scanner.CARDIAC.calibration,
    }  # fmt: skip
