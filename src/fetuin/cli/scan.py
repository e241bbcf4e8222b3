"""`fetuin scan`: counts, ratios and the expected background of a bone scan, planar or SPECT."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written

Several = Annotated[list[str] | None, Parameter(consume_multiple=False)]


def command(
    files: Annotated[list[Path], Parameter(name="FILE")],
    /,
    *,
    region: Several = None,
    template: str = "",
    mask: Path | None = None,
    mirror: Several = None,
    midline: float | None = None,
    exclude: Several = None,
    view: int = 0,
    views: str = "",
    gfr: float | None = None,
    minutes: float | None = None,
    reference: float | None = None,
    reference_gfr: float = 90.0,
    sensitivity: float | None = None,
    seconds: float | None = None,
    thickness: float | None = None,
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Measure a 99mTc-MDP or HDP bone scan: counts of regions, ratios to the first one (bone), asymmetry, uptake map, SUV.

    Parameters
    ----------
    files
        A planar NM image, a front and a back view, or one reconstructed SPECT (DICOM or NIfTI).
    region
        "name:row0-row1,col0-col1", for SPECT "name:slice0-slice1,row0-row1,col0-col1", from 0; repeat it. The first is bone.
    template
        Place regions by a template: whole_body.
    mask
        NIfTI or DICOM SEG labels as regions of a SPECT; one named bone separates soft tissue.
    mirror
        A region to compare with its mirror image: asymmetry; for one named heart, the heart-to-contralateral ratio.
    midline
        The column of the body's midline; else found.
    exclude
        A region that the uptake map leaves out: bladder, injection site.
    view
        Which view of a multi-view image is measured, from 0, where there is no conjugate pair.
    views
        Names of the views where the header has none: "anterior,posterior".
    gfr
        The person's GFR, mL/min: soft tissue is compared with what these kidneys leave behind.
    minutes
        From injection to image, min; needed with --gfr.
    reference
        Your laboratory's own soft-to-bone ratio in people of --reference-gfr at the same time.
    reference_gfr
        GFR of the reference people, mL/min.
    sensitivity
        Of the camera, counts per second and MBq: with --thickness, a conjugate pair gives MBq.
    seconds
        Duration of a view where the header has none, s.
    thickness
        Of the body at the regions, cm.
    json
        One JSON object on stdout.
    out
        Folder for scan.json, regions.csv, observations.csv, pictures and report.html.
    """
    from fetuin.imaging.bone_scan import Request, examine

    want = Request(
        region or (), template, mask, mirror or (), midline, exclude or (), view, [v.strip() for v in views.split(",") if v.strip()],
        gfr, minutes, reference, reference_gfr, sensitivity, seconds, thickness,
    )  # fmt: skip
    found = examine(files, want)
    if out:
        from fetuin.reports.scan import write_scan

        for file in write_scan(ensure_dir(out), found):
            written(file)
    if json:
        emit("scan/1", found.body)
    else:
        from fetuin.reports.scan import as_table

        console(stderr=False).print(as_table(found.body))
    research_use()
    return 0
