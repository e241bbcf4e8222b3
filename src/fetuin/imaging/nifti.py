"""NIfTI (.nii, .nii.gz) to a `Volume`, and label masks onto the grid of a volume.

NIfTI keeps neither unit nor acquisition: CT numbers are taken as HU and the result says that tube voltage is unknown.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError, LimitError
from fetuin.imaging import sandbox
from fetuin.imaging.volume import Acquisition, Volume

INFLATED_BYTES = 2 * 2**30
RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def is_nifti(path: Path) -> bool:
    """By name: .nii or .nii.gz."""
    return path.name.lower().endswith((".nii", ".nii.gz"))


def read_nifti(path: Path, *, unit: str = "HU") -> Volume:
    """A three-dimensional NIfTI image as a volume with ascending slices (feet to head)."""
    path = Path(path)
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="check the path")
    return sandbox.run(_read, str(path), unit, where=path.name)


def _inflated(path: Path) -> int:
    total = 0
    try:
        with gzip.open(path) as f:
            while piece := f.read(2**22):
                total += len(piece)
                if total > INFLATED_BYTES:
                    raise LimitError(
                        "the file inflates too far",
                        where=path.name,
                        why=f"more than {INFLATED_BYTES} bytes",
                        fix="crop the image",
                    )
    except (OSError, EOFError, zlib.error):
        raise InputError(
            "not a whole gzip file", where=path.name, why="it is damaged or cut short", fix="copy it again"
        ) from None
    return total


def _read(name: str, unit: str) -> Volume:
    import nibabel as nib

    path = Path(name)
    if path.name.lower().endswith(".gz"):
        _inflated(path)
    try:
        image: Any = nib.load(path)
    except (nib.filebasedimages.ImageFileError, ValueError, OSError, EOFError):
        raise InputError(
            "not a NIfTI image", where=path.name, why="its header cannot be read", fix="export it again"
        ) from None
    if len(image.shape) != 3:
        raise InputError(
            "not a three-dimensional image", where=f"{path.name} dim", why=f"shape {image.shape}", fix="pass one volume"
        )
    if int(np.prod(image.shape)) * 8 > INFLATED_BYTES:
        raise LimitError("the image is too large", where=f"{path.name} dim", why=f"shape {image.shape}", fix="crop it")
    image = nib.as_closest_canonical(image)  # axes now run right, anterior, superior
    values = np.asanyarray(image.dataobj)
    values = (
        values.astype(np.int16)
        if np.issubdtype(values.dtype, np.integer) and abs(int(values.min())) < 32768 > int(values.max())
        else values.astype(np.float32)
    )
    dx, dy, dz = (float(z) for z in image.header.get_zooms()[:3])
    affine = RAS_TO_LPS @ image.affine
    return Volume(
        np.ascontiguousarray(values.transpose(2, 1, 0)), (dz, dy, dx), unit, Acquisition(), affine, (), path.name
    )


def mask_on(volume: Volume, path: Path, *, label: int | None = None) -> np.ndarray:
    """A boolean mask [slices, rows, columns] on the grid of `volume`; every non-zero label, or one.

    Grids that differ by a flip or an order of axes are turned; anything else is refused, never resampled in silence.
    """
    mask = read_nifti(Path(path), unit="1")
    chosen = mask.values == label if label is not None else mask.values != 0
    if volume.affine is None or mask.affine is None:
        return _same(chosen, volume, Path(path).name)
    back = np.linalg.inv(mask.affine) @ volume.affine  # volume (column, row, slice) -> mask (column, row, slice)
    turn = np.round(back[:3, :3])
    if np.abs(back[:3, :3] - turn).max() > 0.01 or np.abs(turn).sum() != 3:
        raise InputError(
            "the mask lies on another grid",
            where=Path(path).name,
            why="spacing or direction differs",
            fix="resample the mask to the scan",
        )
    out = np.zeros(volume.values.shape, bool)
    index = np.indices(volume.values.shape[::-1]).reshape(3, -1)
    at = np.rint(back[:3, :3] @ index + back[:3, 3:4]).astype(int)
    inside = np.all((at >= 0) & (at < np.array(chosen.shape[::-1])[:, None]), axis=0)
    if not inside.any():
        raise InputError(
            "the mask does not overlap the scan",
            where=Path(path).name,
            why="their positions differ",
            fix="use the mask of this scan",
        )
    c, r, s = index[:, inside]
    out[s, r, c] = chosen[at[2, inside], at[1, inside], at[0, inside]]
    return out


def _same(mask: np.ndarray, volume: Volume, where: str) -> np.ndarray:
    if mask.shape != volume.values.shape:
        raise InputError(
            "the mask has another shape",
            where=where,
            why=f"{mask.shape} for a scan of {volume.values.shape}",
            fix="use the mask of this scan",
        )
    return mask
