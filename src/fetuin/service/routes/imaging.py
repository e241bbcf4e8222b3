"""CT calcium and bone scan: a series measured in a region. The scan is read in a child process and not kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.concurrency import run_in_threadpool

from fetuin.errors import UsageError
from fetuin.reports.envelope import envelope, plain
from fetuin.service.child import in_child
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api", tags=["imaging"])
Analyst = Annotated[Principal, Depends(Needs("viewer", cost=100.0))]
Word = Annotated[str, Form(max_length=60)]


@ROUTER.post("/ct")
async def ct(
    request: Request, caller: Analyst, scan: Annotated[UploadFile, File(description="zip of a DICOM series, DICOM file, or NIfTI")],
    mask: Annotated[UploadFile | None, File(description="NIfTI mask of the region")] = None,
    label: Annotated[int | None, Form()] = None, roi: Annotated[list[str] | None, Form(max_length=50)] = None,
    policy: Word = "literature", thresholds: Word = "standard", kvp: Annotated[float | None, Form(gt=0, lt=300)] = None,
    calibration: Annotated[float | None, Form(gt=0, lt=100)] = None, series: Annotated[str, Form(max_length=128)] = "",
    allow_contrast: Annotated[bool, Form()] = False,
) -> dict[str, Any]:  # fmt: skip
    """Score the calcium of a CT in a region. Schema fetuin.ct/1; `refused` says why where no score is given."""
    options = {"policy": policy, "table": thresholds, "kvp": kvp, "factor": calibration, "allow_contrast": allow_contrast,
               "label": label, "circles": roi or [], "series": series}  # fmt: skip
    found = await in_child(request.app.state.service, score_files, {"scan": scan, "mask": mask}, options)
    await _audited(request, caller, "scored a CT")
    return envelope("ct/1", found)


def score_files(files: dict[str, str], options: dict[str, Any]) -> dict[str, Any]:
    """In the child: the score of a scan."""
    from fetuin.imaging import load, region
    from fetuin.imaging.modalities.ct import score

    volume = load(Path(files["scan"]), series=options.pop("series"))
    mask = Path(files["mask"]) if "mask" in files else None
    where, drawn = region(volume, mask=mask, label=options.pop("label"), circles=options.pop("circles"))
    scored = score(volume, where, policy_name=options.pop("policy"), region_is_lesion=drawn, **options).to_dict()
    found: dict[str, Any] = plain(scored | {"shape": volume.values.shape, "spacing_mm": volume.spacing})
    return found


@ROUTER.post("/scan")
async def scan(
    request: Request, caller: Analyst, image: Annotated[UploadFile, File(description="a DICOM NM image")],
    region: Annotated[list[str] | None, Form(max_length=50, description="name:row0-row1,col0-col1; the first is the bone")] = None,
    view: Annotated[int, Form(ge=0, le=1000)] = 0,
) -> dict[str, Any]:  # fmt: skip
    """Counts of regions of a planar bone scan and their ratio to the first. Schema fetuin.scan/1."""
    if not region:
        raise UsageError("No region was given.", where="region", fix="name:row0-row1,col0-col1, the bone first")
    found = await in_child(request.app.state.service, count_files, {"image": image}, region, view)
    await _audited(request, caller, "measured a bone scan")
    return envelope("scan/1", found)


def count_files(files: dict[str, str], regions: list[str], view: int) -> dict[str, Any]:
    """In the child: the counts of an image."""
    from fetuin.imaging import load
    from fetuin.imaging.modalities import bone_scintigraphy as bone

    found: dict[str, Any] = plain(bone.summary(load(Path(files["image"])), [bone.parse(r) for r in regions], view))
    return found


@ROUTER.post("/volume")
async def volume(
    request: Request, _: Analyst, scan: Annotated[UploadFile, File(description="zip of a DICOM series, DICOM file, or NIfTI")],
    series: Annotated[str, Form(max_length=128)] = "",
) -> Any:  # fmt: skip
    """The scan as NIfTI (`application/gzip`), so that a page loads nothing but NIfTI."""
    from fastapi.responses import Response

    data = await in_child(request.app.state.service, as_nifti, {"scan": scan}, series)
    return Response(
        data, media_type="application/gzip", headers={"Content-Disposition": "attachment; filename=scan.nii.gz"}
    )


def as_nifti(files: dict[str, str], series: str) -> bytes:
    """In the child: a volume [HU or counts] as compressed NIfTI, without any text of its header."""
    import gzip

    import nibabel
    import numpy as np

    from fetuin.imaging import load

    v = load(Path(files["scan"]), series=series)
    dz, dy, dx = v.spacing
    image = nibabel.nifti1.Nifti1Image(
        np.ascontiguousarray(v.values.transpose(2, 1, 0)[:, ::-1]).astype(np.float32), np.diag([-dx, dy, dz, 1.0])
    )
    return gzip.compress(image.to_bytes(), 1)


async def _audited(request: Request, caller: Principal, what: str) -> None:
    audit = request.app.state.service.audit
    await run_in_threadpool(audit.write, caller.tenant, caller.subject, what, "1 file", "request")
