"""CT calcium of a folder of scans: one row a scan; a mask `NAME_mask.nii.gz` beside a scan bounds it.

A scan is a NIfTI file, a DICOM zip, or a folder that holds DICOM files. A refused scan has a row with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fetuin.cohorts.contract import Verb
from fetuin.cohorts.verbs.t50 import write_rows
from fetuin.errors import FetuinError, InputError
from fetuin.runs.folder import RunFolder

NUMBERS = ("agatston", "volume_mm3", "mass_mg", "integrated_mass_mg", "density_score", "lesions")
COLUMNS = ("id", *NUMBERS, "flags", "why_not")
FILES = (".nii", ".nii.gz", ".zip")


def scans(source: Path) -> list[Path]:
    """Scans of a folder: NIfTI files, zips, and the deepest folders that hold other files; masks are no scans."""
    if not source.is_dir():
        return [source]
    every = sorted(p for p in source.rglob("*") if p.is_file())
    single = [p for p in every if p.name.lower().endswith(FILES) and "_mask." not in p.name]
    folders = {p.parent for p in every if not p.name.lower().endswith((*FILES, ".md", ".txt", ".csv", ".json"))}
    return sorted({*single, *folders})


def prepare(source: Path, folder: RunFolder, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One chunk a scan."""
    found = scans(source)
    if not found:
        raise InputError(
            "The folder holds no scan.", where=str(source), fix="give folders of DICOM files, zips or NIfTI"
        )
    return parameters, [{"scan": str(s), "name": s.name if s == source else str(s.relative_to(source))} for s in found]


def row_of(scan: Path, name: str, policy: str) -> dict[str, Any]:
    """The score of one scan, or the reason why there is none."""
    from fetuin.imaging import load, region
    from fetuin.imaging.modalities.ct import score

    mask = scan.with_name(scan.name.split(".")[0] + "_mask.nii.gz")
    try:
        volume = load(scan)
        where, drawn = region(volume, mask=mask if mask.exists() else None)
        found = score(volume, where, policy_name=policy, region_is_lesion=drawn).to_dict()
    except FetuinError as error:
        return {"id": name, "why_not": error.what}
    return found | {"id": name, "lesions": len(found.get("lesions") or ()),
                    "flags": "; ".join(f["code"] for f in found.get("flags") or ()),
                    "why_not": "; ".join(r["reason"] for r in _listed(found.get("refused")))}  # fmt: skip


def _listed(x: Any) -> list[dict[str, Any]]:
    return [] if not x else [x] if isinstance(x, dict) else list(x)


def work(parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    """One scan."""
    write_rows([row_of(Path(chunk["scan"]), chunk["name"], parameters["policy"])], COLUMNS, NUMBERS, path)


VERB = Verb("ct", "scan", prepare, work)
