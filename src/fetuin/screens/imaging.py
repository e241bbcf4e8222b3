"""The Imaging screen: a scan becomes NIfTI for the page, the counted voxels, and its scores under every policy asked for.

The page never sees DICOM: the server reads it in its sandbox. The answer holds the images themselves; nothing is stored.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.imaging import load, region
from fetuin.imaging.dicom_writer import write_nifti
from fetuin.imaging.modalities import bone_scintigraphy as scan
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantom import make
from fetuin.imaging.repeatability import has_changed, hokanson_change
from fetuin.imaging.soft_tissue_map import soft_tissue_z
from fetuin.imaging.volume import Volume

EXAMPLES = {
    "qrm": ("Calcium phantom: nine cylinders of known mass", 0),
    "noise": ("The same phantom with 20 HU of noise", 0),
    "block": ("One block of calcium across slices", 0),
    "nm_planar": ("Planar bone scan with a plaque in soft tissue", 1),
}
POLICIES = ("literature", "four_connected", "lesion_peak", "ge", "philips", "canon", "siemens")
COUNTED, REGION = 1, 2  # labels of the mask


def choices() -> dict[str, Any]:
    """Phantoms with analytic truth as examples, and the scoring policies."""
    return {"examples": [{"name": n, "title": t} for n, (t, _) in EXAMPLES.items()], "policies": list(POLICIES)}


def ct(request: Mapping[str, Any], files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """{example, kvp, allow_contrast} and files `file`, `mask` -> {image, mask (base64 NIfTI), scores {policy: score}, truth, scan}."""
    volume, where, truth = _opened(request, files or {})
    kvp = float(request["kvp"]) if request.get("kvp") else None
    scores: dict[str, Any] = {}
    for name in request.get("policies") or POLICIES:
        found = score(volume, where, policy_name=name, kvp=kvp, table=str(request.get("thresholds") or "standard"),
                      allow_contrast=bool(request.get("allow_contrast")))  # fmt: skip
        scores[name] = found.to_dict()
    threshold = next((s["method"]["threshold_hu"] for s in scores.values() if "threshold_hu" in s["method"]), None)
    marked = np.zeros(volume.values.shape, np.uint8)
    if where is not None:
        marked[where] = REGION
    if threshold is not None:
        above = volume.values >= threshold
        marked[above if where is None else above & where] = COUNTED
    a = volume.acquisition
    return {
        "image": _nifti(volume), "mask": _nifti(replace(volume, values=marked)), "scores": scores, "truth": truth,
        "shape": list(volume.values.shape), "spacing_mm": list(volume.spacing), "source": volume.source,
        "scan": {"maker": f"{a.manufacturer} {a.model}".strip(), "kvp": a.kvp, "kernel": a.kernel, "date": a.date,
                 "slice_thickness_mm": a.slice_thickness},
        "warnings": list(volume.warnings),
    }  # fmt: skip


def compared(request: Mapping[str, Any]) -> dict[str, Any]:
    """{first, second: {agatston, volume_mm3}, bmi} -> whether the change is beyond what two scans differ by chance."""
    first, second = request["first"], request["second"]
    out: dict[str, Any] = has_changed(
        float(first["agatston"]), float(second["agatston"]), float(request.get("bmi") or 27.0)
    )
    root, beyond = hokanson_change(float(first["volume_mm3"]), float(second["volume_mm3"]))
    return out | {
        "root_volume_difference": root,
        "root_volume_changed": beyond,
        "bmi": float(request.get("bmi") or 27.0),
    }


def bone_scan(request: Mapping[str, Any], files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """{example, view, bone, soft: "row0-row1,col0-col1", ...} and `file` -> counts, the map of z against soft tissue, ratios."""
    volume, _, truth = _opened(request, files or {})
    view = int(request.get("view") or 0)
    image = scan.planar(volume, view)
    bone, soft = (scan.parse(f"{n}:{request[n]}") for n in ("bone", "soft"))
    regions = [bone, soft, *(scan.parse(str(r)) for r in request.get("regions") or ())]
    body = scan.summary(volume, regions, view)
    if request.get("gfr") and request.get("reference"):
        for r in body["ratios"]:
            r["against_gfr"] = scan.compare((r["ratio"], r["low"], r["high"]), reference=float(request["reference"]),
                                            reference_gfr=90.0, gfr=float(request["gfr"]), minutes=180.0)  # fmt: skip
    z = soft_tissue_z(image, soft)
    return body | {"rows": image.shape[0], "columns": image.shape[1], "views": len(volume.values), "truth": truth,
                   "image": [float(f"{v:.4g}") for v in image.ravel()], "z": [float(f"{v:.3g}") for v in z.ravel()]}  # fmt: skip


def _opened(request: Mapping[str, Any], files: Mapping[str, str]) -> tuple[Volume, np.ndarray | None, dict[str, float]]:
    """(the scan, its region or None, the truth of a phantom)."""
    if name := request.get("example"):
        if name not in EXAMPLES:
            raise InputError(
                "There is no example scan of that name.", where="example", fix=f"one of: {', '.join(EXAMPLES)}"
            )
        volume, truth = _made(str(name), int(request.get("seed") or EXAMPLES[str(name)][1]))
        return volume, None, truth
    if "file" not in files:
        raise InputError(
            "No scan was given.", where="file", fix="drop a zip of a DICOM series or a .nii.gz, or open an example"
        )
    volume = load(Path(files["file"]), series=str(request.get("series") or ""))
    where = region(volume, mask=Path(files["mask"]))[0] if "mask" in files else None
    return volume, where, {}


@lru_cache(maxsize=8)
def _made(name: str, seed: int) -> tuple[Volume, dict[str, float]]:
    return make(name, seed=seed)


def _nifti(volume: Volume) -> str:
    with tempfile.TemporaryDirectory(prefix="fetuin-") as folder:
        path = write_nifti(_small(volume), Path(folder) / "image.nii.gz")
        return base64.b64encode(path.read_bytes()).decode()


def _small(volume: Volume) -> Volume:
    """Values as the page needs them: whole Hounsfield units, so that the file is small."""
    if volume.values.dtype == np.uint8:
        return volume
    return replace(volume, values=np.clip(np.rint(volume.values), -32768, 32767).astype(np.int16))
