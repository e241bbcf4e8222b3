"""The catalogue of phantoms: one file of `phantoms/` each, offering `phantom() -> (Volume, truth)`."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from fetuin.catalog import entries
from fetuin.errors import InputError
from fetuin.imaging.dicom_writer import write_nifti, write_series
from fetuin.imaging.volume import Volume
from fetuin.notice import RESEARCH_USE


def _makers() -> dict[str, Any]:
    from fetuin.imaging import phantoms

    return entries(phantoms, "phantom")


def names() -> dict[str, str]:
    """Every phantom and its first line."""
    return {n: (inspect.getmodule(f).__doc__ or "").split("\n")[0] for n, f in _makers().items()}  # type: ignore[union-attr]


def canonical(name: str) -> str:
    """The name of the file: `P-QRM`, `p-nm-planar` and `QRM` are what they are written for."""
    return name.strip().lower().removeprefix("p-").replace("-", "_")


def make(name: str, *, seed: int = 0) -> tuple[Volume, dict[str, float]]:
    """A phantom by the name of its file, and its truth. Phantoms without noise ignore the seed."""
    found = _makers().get(canonical(name))
    if found is None:
        raise InputError(
            f"no phantom called {name!r}", where="NAME", why=f"known: {', '.join(_makers())}", fix="name one of these"
        )
    noisy = "seed" in inspect.signature(found).parameters
    return found(seed=seed) if noisy else found()


def write(name: str, folder: Path, *, seed: int = 0) -> tuple[dict[str, Any], list[Path]]:
    """Write dicom/, phantom.nii.gz and truth.json. The DICOM series holds whole numbers; NIfTI the exact values."""
    name = canonical(name)
    volume, truth = make(name, seed=seed)
    series = write_series(volume, folder / "dicom")
    nifti = write_nifti(volume, folder / "phantom.nii.gz")
    body = {
        "phantom": name, "truth": truth, "shape": list(volume.values.shape), "spacing_mm": list(volume.spacing),
        "unit": volume.unit, "files": len(series), "research_use": RESEARCH_USE,
    }  # fmt: skip
    (folder / "truth.json").write_text(json.dumps(body, indent=1), "utf-8")
    return body, [series[0].parent, nifti, folder / "truth.json"]
