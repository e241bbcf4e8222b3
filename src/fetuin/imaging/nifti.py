"""NIfTI (.nii, .nii.gz) to a `Volume`.

NIfTI keeps neither unit nor acquisition: CT numbers are taken as HU and the result says that tube voltage is unknown.
Axes are put in the order slice (feet-head), row (front-back), column (left-right) and never reversed, so an index along an
axis is the one a user reads in the file.
"""

from __future__ import annotations

import gzip
import html
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError, LimitError
from fetuin.imaging import sandbox
from fetuin.imaging.volume import Acquisition, Volume

INFLATED_BYTES = 2 * 2**30
RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
OBLIQUE = 0.1  # sine of the angle to the nearest body axis above which slices are not axial; assumption


def is_nifti(path: Path) -> bool:
    """By name: .nii or .nii.gz."""
    return path.name.lower().endswith((".nii", ".nii.gz"))


def read_nifti(path: Path, *, unit: str = "HU") -> Volume:
    """A two- or three-dimensional NIfTI image as a volume."""
    path = Path(path)
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="check the path")
    return sandbox.run(_read, str(path.absolute()), unit, where=path.name)


def read_labels(path: Path) -> tuple[Volume, dict[str, int]]:
    """A label image and {name: number} where the file names its labels (as TotalSegmentator's do)."""
    path = Path(path)
    if not path.exists():
        raise InputError("no such file", where=str(path), fix="check the path")
    return sandbox.run(_read_labels, str(path.absolute()), where=path.name)


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


def _image(path: Path) -> Any:
    import nibabel as nib

    if path.name.lower().endswith(".gz"):
        _inflated(path)
    try:
        return nib.load(path)
    except (nib.filebasedimages.ImageFileError, nib.spatialimages.HeaderDataError, ValueError, OSError, EOFError):
        raise InputError(
            "not a NIfTI image", where=path.name, why="its header cannot be read", fix="export it again"
        ) from None


def _read_labels(name: str) -> tuple[Volume, dict[str, int]]:
    text = b"".join(e.get_content() for e in _image(Path(name)).header.extensions if e.get_code() in (0, 30))
    found = re.findall(r'<Label Key="(\d+)"[^>]*>\s*(?:<!\[CDATA\[)?([^<\]]+)', text.decode("utf-8", "replace"))
    return _read(name, "1"), {html.unescape(n).strip(): int(k) for k, n in found}


def _read(name: str, unit: str) -> Volume:
    path = Path(name)
    image = _image(path)
    shape = tuple(image.shape) + (1,) * (3 - len(image.shape))
    while len(shape) > 3 and shape[-1] == 1:
        shape = shape[:-1]
    if len(shape) != 3 or min(shape) < 1:
        raise InputError(
            "not a three-dimensional image", where=f"{path.name} dim", why=f"shape {image.shape}", fix="pass one volume"
        )
    if int(np.prod(shape, dtype=object)) * 8 > INFLATED_BYTES:
        raise LimitError("the image is too large", where=f"{path.name} dim", why=f"shape {shape}", fix="crop it")
    try:
        stored = np.asanyarray(image.dataobj).reshape(shape)
    except (ValueError, OverflowError, OSError, EOFError, zlib.error):
        raise InputError(
            "the image is cut short", where=path.name, why="fewer values than its header says", fix="copy it again"
        ) from None
    zooms = [float(z) for z in image.header.get_zooms()[: len(image.shape)]] + [1.0, 1.0, 1.0]
    return _volume(path.name, stored, RAS_TO_LPS @ image.affine, zooms[:3], unit)


def _volume(name: str, stored: np.ndarray, affine: np.ndarray, zooms: list[float], unit: str) -> Volume:
    """Axes into the order column, row, slice by what they are nearest to; values to the narrowest type that holds them."""
    if not np.isfinite(affine).all() or min(zooms) <= 0:
        raise InputError("the image has no place or spacing", where=f"{name} affine", fix="export it again")
    cosines = np.abs(affine[:3, :3]) / np.maximum(np.linalg.norm(affine[:3, :3], axis=0), 1e-12)
    axes = [int(v) for v in np.argmax(cosines, axis=0)]  # patient axis of each stored axis
    if sorted(axes) != [0, 1, 2]:
        raise InputError(
            "slices are not axial",
            where=f"{name} affine",
            why="two axes of the file run along one axis of the body",
            fix="resample the image to axial slices",
        )
    order = [axes.index(v) for v in (0, 1, 2)]
    warnings: tuple[str, ...] = ()
    if np.sqrt(max(0.0, 1 - cosines.max(axis=0).min() ** 2)) > OBLIQUE:
        warnings = ("the slices are oblique to the body",)
    turned = affine.copy()
    turned[:, :3] = affine[:, order]
    values = np.ascontiguousarray(stored.transpose([order[2], order[1], order[0]]))
    whole = np.issubdtype(values.dtype, np.integer) and abs(int(values.min())) < 32768 > int(values.max())
    dx, dy, dz = (zooms[i] for i in order)
    return Volume(
        values.astype(np.int16 if whole else np.float32), (dz, dy, dx), unit, Acquisition(), turned, warnings, name
    )
