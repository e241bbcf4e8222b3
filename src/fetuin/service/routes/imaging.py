"""CT calcium, bone scan, radiograph: an image measured in a region. The scan is read in a child process and not kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.concurrency import run_in_threadpool

from fetuin.errors import UsageError
from fetuin.reports.envelope import envelope, plain
from fetuin.service.child import in_child
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api", tags=["imaging"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=100.0))]
Word = Annotated[str, Form(max_length=60)]
Long = Annotated[str, Form(max_length=128)]
Flag = Annotated[bool, Form()]
Several = Annotated[list[str] | None, Form(max_length=50)]
Amount = Annotated[float | None, Form(gt=0, le=1e6)]
Segmentation = Annotated[UploadFile | None, File(description="NIfTI or DICOM SEG")]


@ROUTER.post("/ct")
async def ct(
    request: Request, caller: Viewer, scan: Annotated[UploadFile, File(description="zip of a DICOM series, DICOM file, or NIfTI")],
    mask: Segmentation = None, label: Word = "", by_label: Flag = False, roi: Several = None, soft_tissue: Flag = False,
    bone: Segmentation = None, bone_label: Word = "", policy: Word = "literature", thresholds: Word = "standard",
    kvp: Annotated[float | None, Form(gt=0, lt=300)] = None, calibration: Annotated[float | None, Form(gt=0, lt=100)] = None,
    site: Word = "", sex: Annotated[Literal["", "M", "F"], Form()] = "", series: Long = "", allow_contrast: Flag = False,
    earlier: Annotated[UploadFile | None, File(description="an earlier scan of the same person")] = None,
    earlier_mask: Segmentation = None, earlier_roi: Several = None, bmi: Annotated[float | None, Form(gt=5, lt=200)] = None,
) -> dict[str, Any]:  # fmt: skip
    """Score the calcium of a CT in a region. Schema fetuin.ct/1; `refused` says why where no score is given.

    With an earlier scan the answer has `change`. The words are those of `fetuin ct`.
    """
    options = {"policy_name": policy, "table": thresholds, "kvp": kvp, "factor": calibration, "allow_contrast": allow_contrast,
               "site": site, "sex": sex}  # fmt: skip
    where = {
        "label": label,
        "circles": roi or [],
        "soft_tissue": soft_tissue,
        "bone_label": bone_label,
        "by_label": by_label,
    }
    files = {"scan": scan, "mask": mask, "bone": bone, "earlier": earlier, "earlier_mask": earlier_mask}
    found = await in_child(request.app.state.service, score_files, files, where, options, series, earlier_roi, bmi)
    await _audited(request, caller, "scored a CT")
    return envelope("ct/1", found)


def score_files(
    files: dict[str, str], where: dict[str, Any], options: dict[str, Any], series: str, earlier_roi: list[str] | None, bmi: float | None
) -> dict[str, Any]:  # fmt: skip
    """In the child: the score of a scan, and the change since an earlier one."""
    from fetuin.imaging.examine import Where, change, examine

    paths = {k: Path(v) for k, v in files.items()}
    seen = examine(paths["scan"], Where(paths.get("mask"), bones=paths.get("bone"), **where), series=series, **options)
    body = seen.to_dict() | {"shape": seen.volume.values.shape, "spacing_mm": seen.volume.spacing}
    if "earlier" in paths:
        circles = earlier_roi or ([] if "earlier_mask" in paths else where["circles"])
        there = Where(paths.get("earlier_mask"), where["label"], circles, where["soft_tissue"])
        body["change"] = change(seen, examine(paths["earlier"], there, **options), bmi=bmi)
    found: dict[str, Any] = plain(body)
    return found


@ROUTER.post("/scan")
async def scan(
    request: Request, caller: Viewer, image: Annotated[UploadFile, File(description="a planar NM image or a reconstructed SPECT")],
    back: Annotated[UploadFile | None, File(description="the view from behind, where it is a file of its own")] = None,
    mask: Segmentation = None, region: Several = None, template: Word = "", mirror: Several = None, midline: Annotated[float | None, Form()] = None,
    exclude: Several = None, view: Annotated[int, Form(ge=0, le=1000)] = 0, views: Long = "", gfr: Amount = None, minutes: Amount = None,
    reference: Amount = None, reference_gfr: Annotated[float, Form(gt=0, le=300)] = 90.0, sensitivity: Amount = None, seconds: Amount = None,
    thickness: Amount = None,
) -> dict[str, Any]:  # fmt: skip
    """Counts of regions of a bone scan, their ratio to the first, asymmetry, uptake map, SUV. Schema fetuin.scan/1.

    The words are those of `fetuin scan`.
    """
    told = {"regions": region or [], "template": template, "mirror": mirror or [], "midline": midline, "exclude": exclude or [], "view": view,
            "views": [v.strip() for v in views.split(",") if v.strip()], "gfr": gfr, "minutes": minutes, "reference": reference,
            "reference_gfr": reference_gfr, "sensitivity": sensitivity, "seconds": seconds, "thickness": thickness}  # fmt: skip
    found = await in_child(request.app.state.service, count_files, {"image": image, "back": back, "mask": mask}, told)
    await _audited(request, caller, "measured a bone scan")
    return envelope("scan/1", found)


def count_files(files: dict[str, str], told: dict[str, Any]) -> dict[str, Any]:
    """In the child: what an image shows."""
    from fetuin.imaging.bone_scan import Request as Wanted
    from fetuin.imaging.bone_scan import examine

    mask = Path(files["mask"]) if "mask" in files else None
    found: dict[str, Any] = plain(
        examine([Path(files[k]) for k in ("image", "back") if k in files], Wanted(mask=mask, **told)).body
    )
    return found


@ROUTER.post("/radiograph")
async def radiograph(
    request: Request, caller: Viewer, film: Annotated[UploadFile, File(description="a DICOM radiograph, or the CSV of a filled sheet")],
    region: Several = None, wedge: Several = None, sheet: Word = "", series: Long = "",
) -> dict[str, Any]:  # fmt: skip
    """Calcified area of regions of a radiograph, or the scores of a filled sheet. Schema fetuin.radiograph/1."""
    found = await in_child(
        request.app.state.service, film_file, {"film": film}, region or [], wedge or [], sheet, series
    )
    await _audited(request, caller, "measured a radiograph")
    return envelope("radiograph/1", found)


def film_file(files: dict[str, str], regions: list[str], steps: list[str], sheet: str, series: str) -> dict[str, Any]:
    """In the child: what a film or a sheet says."""
    from fetuin.imaging import load
    from fetuin.imaging.modalities import radiograph as modality
    from fetuin.imaging.regions import parse
    from fetuin.imaging.scoring import result

    path = Path(files["film"])
    if path.suffix == ".csv":
        scored: dict[str, Any] = plain(result(path, sheet))
        return scored
    try:
        thick = [(parse(s), float(parse(s).name)) for s in steps]
    except ValueError:
        raise UsageError(
            "A step of the wedge lacks its thickness.", where="wedge", fix="2:10-20,30-40 for 2 mm"
        ) from None
    image = modality.film(load(path, series=series, unit="1"))
    body, _ = modality.summary(image, [parse(r) for r in regions], modality.wedge(image, thick) if thick else None)
    found: dict[str, Any] = plain(body)
    return found


@ROUTER.post("/volume")
async def volume(
    request: Request, _: Viewer, scan: Annotated[UploadFile, File(description="zip of a DICOM series, DICOM file, or NIfTI")],
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
