"""Bone, body, and what is neither: the region in which calcium has no business to be.

Bone is what hangs together above the threshold over at least a millilitre, with its marrow; a margin about it is left out,
for partial volume. Calcium that touches bone (an aortic plaque on a vertebra) is therefore missed, and a large free stone
is taken for bone: a segmentation of the bones (`--bone`) is better than this rule wherever there is one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fetuin.errors import NotEnoughDataError
from fetuin.imaging.mass import within
from fetuin.imaging.volume import Volume
from fetuin.quantities import quantity

CUBE = np.ones((3, 3, 3), bool)
NAMES = (
    "skull*,vertebrae*,rib*,sternum,costal_cartilages,humerus*,scapula*,clavicula*,femur*,hip*,sacrum,patella*,tibia*,"
    "fibula*,tarsal*,metatarsal*,phalanges*,ulna*,radius*,carpal*,metacarpal*"
)
"""How TotalSegmentator calls bones."""


@dataclass(frozen=True)
class Rule:
    """When a thing above the threshold is bone, and where the body ends."""

    smallest: float = quantity(1.0, "mL", "assumption: below every bone, above most stones", "least volume of a bone")
    marrow: float = quantity(2000.0, "mm2", "assumption: a femoral head", "largest hole of a slice that is filled")
    margin: float = quantity(3.0, "mm", "assumption: about one voxel of blur", "left out about bone")
    near: float = quantity(8.0, "mm", "assumption", "a candidate nearer to bone is said to lie beside it")
    skin: float = quantity(-300.0, "HU", "assumption: between air and fat", "surface of the body")
    peak: float = quantity(
        2.0, "1", "assumption", "standard deviations of noise by which a candidate passes the threshold"
    )


RULE = Rule()


@dataclass(frozen=True)
class Candidate:
    """A lesion outside bone: its number in the list of lesions, how far from bone and below the skin [mm]."""

    lesion: int
    bone_distance_mm: float | None
    depth_mm: float | None
    beside_bone: bool
    over_noise: float | None


def bone(volume: Volume, threshold: float = 130.0) -> np.ndarray:
    """The bones of a scan without contrast, marrow filled, as a boolean array."""
    from scipy import ndimage as ndi

    labels, n = ndi.label(volume.values >= threshold, CUBE)
    large = np.bincount(labels.ravel(), minlength=n + 1) * volume.voxel_volume / 1000 >= RULE.smallest
    large[0] = False
    found = large[labels]
    for s in found:
        if s.any():
            s |= _filled(s, RULE.marrow / volume.pixel_area)
    return found


def _filled(plane: np.ndarray, most: float) -> np.ndarray:
    """The holes of a slice up to `most` pixels."""
    from scipy import ndimage as ndi

    holes, n = ndi.label(ndi.binary_fill_holes(plane) & ~plane)
    small = np.bincount(holes.ravel(), minlength=n + 1) <= most
    small[0] = False
    return np.asarray(small[holes])


def body(volume: Volume) -> np.ndarray:
    """The body without the table: the largest thing denser than air, its holes filled slice by slice."""
    from scipy import ndimage as ndi

    solid = volume.values > RULE.skin
    width = max(1, round(4 / min(volume.spacing[1:])))  # mm; a table top is thinner than a limb: assumption
    disc = ndi.iterate_structure(ndi.generate_binary_structure(2, 1), width)
    for s in solid:
        s[:] = ndi.binary_opening(s, disc)
    labels, n = ndi.label(solid)
    if n == 0:
        raise NotEnoughDataError(
            "no body in the scan", where="pixel values", why="nothing is denser than air", fix="pass a CT in HU"
        )
    found = labels == int(np.argmax(np.bincount(labels.ravel())[1:]) + 1)
    for s in found:
        s[:] = ndi.binary_fill_holes(s)
    return np.asarray(found)


def margin(bones: np.ndarray, spacing: tuple[float, float, float]) -> np.ndarray:
    """Bone and what lies within the margin about it, in the slice and in the neighbouring slices."""
    grown = within(bones, RULE.margin, spacing)
    flat = grown.copy()
    grown[:-1] |= flat[1:]
    grown[1:] |= flat[:-1]
    return grown


def soft_tissue(volume: Volume, bones: np.ndarray) -> np.ndarray:
    """The body without bone and the margin about it."""
    return body(volume) & ~margin(bones, volume.spacing)


def candidates(volume: Volume, result: Any, bones: np.ndarray, region: np.ndarray) -> list[dict[str, Any]]:
    """Each lesion of a score outside bone with what a reader needs to judge it. A candidate is no diagnosis.

    Lesions whose peak does not pass the threshold by twice the noise are left out of this list (not of the score).
    """
    noise, threshold = result.method["noise_hu"], result.method["threshold_hu"]
    to_bone, to_skin = _surface(bones, volume), _surface(body(volume), volume)
    out = []
    for z in result.lesions:
        over = (z.peak_hu - threshold) / noise if noise and np.isfinite(noise) else None
        if over is not None and over < RULE.peak:
            continue
        at = np.array(z.position) * np.array(volume.spacing)
        far, deep = (float(t.query(at)[0]) if t is not None else None for t in (to_bone, to_skin))
        out.append(asdict(Candidate(z.number, far, deep, far is not None and far < RULE.near, over)))
    return out


def _surface(mask: np.ndarray, volume: Volume) -> Any:
    """A search tree over the edge voxels of a mask, in mm; None where it is empty."""
    from scipy.spatial import cKDTree

    inner = np.zeros_like(mask)
    inner[:, 1:-1, 1:-1] = mask[:, 1:-1, 1:-1] & mask[:, :-2, 1:-1] & mask[:, 2:, 1:-1] & mask[:, 1:-1, :-2]
    inner[:, :, 1:-1] &= mask[:, :, 2:]
    edge = np.argwhere(mask & ~inner)
    return cKDTree(edge * np.array(volume.spacing)) if len(edge) else None
