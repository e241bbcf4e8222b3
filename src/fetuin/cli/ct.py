"""`fetuin ct`: score the calcium of a CT series in a region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def command(
    path: Path,
    *,
    mask: Path | None = None,
    label: str = "",
    roi: Annotated[list[str] | None, Parameter(consume_multiple=False)] = None,
    policy: str = "literature",
    thresholds: str = "standard",
    kvp: float | None = None,
    calibration: float | None = None,
    series: str = "",
    allow_contrast: bool = False,
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Score the calcium of a CT: Agatston, volume, mass, integrated mass, density, and every lesion.

    Parameters
    ----------
    path
        DICOM folder, zip or file, or NIfTI.
    mask
        NIfTI mask of the region (any non-zero label, or --label).
    label
        The label of the mask that counts.
    roi
        A circle "row,column,radius_mm,first-last"; repeat it for several.
    policy
        What counts as a spot: literature, ge, philips, canon, siemens, ...
    thresholds
        Named table of thresholds by tube voltage: standard (120 kV only), graeni_2018, any_kvp, slicer.
    kvp
        Tube voltage where the file does not say it, kV.
    calibration
        mg/cm3 of hydroxyapatite per HU; else the maker's usual value, with its range.
    series
        SeriesInstanceUID where the folder holds several.
    allow_contrast
        Score although the header names a contrast agent.
    json
        One JSON object on stdout.
    out
        Folder for ct.json, lesions.csv and the report.
    """
    from fetuin.imaging import load, region
    from fetuin.imaging.modalities.ct import score

    volume = load(path, series=series)
    where, drawn = region(volume, mask=mask, label=label, circles=roi or [])
    result = score(
        volume, where, policy_name=policy, table=thresholds, kvp=kvp, factor=calibration,
        allow_contrast=allow_contrast, region_is_lesion=drawn,
    )  # fmt: skip
    if out:
        from fetuin.reports.ct import write_ct

        for file in write_ct(ensure_dir(out), volume, where, result):
            written(file)
    if json:
        emit("ct/1", result.to_dict())
    else:
        from fetuin.reports.ct import as_table

        console(stderr=False).print(as_table(result))
    research_use()
    return 1 if result.refused else 0
