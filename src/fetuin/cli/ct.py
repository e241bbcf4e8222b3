"""`fetuin ct`: score the calcium of a CT series in a region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def command(
    path: Path,
    *,
    mask: Path | None = None,
    label: str = "",
    by_label: bool = False,
    roi: Annotated[list[str] | None, Parameter(consume_multiple=False)] = None,
    soft_tissue: bool = False,
    bone: Path | None = None,
    bone_label: str = "",
    policy: str = "literature",
    thresholds: str = "standard",
    kvp: float | None = None,
    calibration: float | None = None,
    site: str = "",
    sex: Literal["", "M", "F"] = "",
    series: str = "",
    allow_contrast: bool = False,
    earlier: Path | None = None,
    earlier_mask: Path | None = None,
    earlier_roi: Annotated[list[str] | None, Parameter(consume_multiple=False)] = None,
    bmi: float | None = None,
    growth: float | None = None,
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Score the calcium of a CT: Agatston, volume, mass, integrated mass, density, and every lesion.

    Parameters
    ----------
    path
        DICOM folder, zip or file, or NIfTI.
    mask
        NIfTI or DICOM SEG mask of the region (any non-zero label, or --label).
    label
        The labels of the mask that count: number, name, several parted by commas, `rib*` for every name that begins so.
    by_label
        Score each label of the mask as well; for coronary arteries CAC-DRS then counts the vessels.
    roi
        A circle "row,column,radius_mm,first-last"; repeat it for several.
    soft_tissue
        Search the whole body outside bone, and list candidates with their distance from bone and skin.
    bone
        Segmentation of the bones for --soft-tissue; else a rule finds them.
    bone_label
        Which labels of --bone are bone; else those with the names of bones, or all.
    policy
        What counts as a spot: literature, ge, philips, canon, siemens, ...
    thresholds
        Named table of thresholds by tube voltage: standard (120 kV only), graeni_2018, any_kvp, slicer, ...
    kvp
        Tube voltage where the file does not say it, kV.
    calibration
        mg/cm3 of hydroxyapatite per HU; else the maker's usual value, with its range.
    site
        What the region is: coronary, aortic_valve, aorta, kidney, lung, skin, ...; kept with the result.
    sex
        M or F: an aortic_valve score is then given its published meaning.
    series
        SeriesInstanceUID where the folder holds several.
    allow_contrast
        Score although the header names a contrast agent.
    earlier
        An earlier scan of the same person: has it changed?
    earlier_mask
        The region in the earlier scan; else the same circles.
    earlier_roi
        Circles in the earlier scan.
    bmi
        Body-mass index, kg/m2: the MESA limits need it.
    growth
        A growth a year (0.2 is 20 %): after how many years would it be distinguished from chance?
    json
        One JSON object on stdout.
    out
        Folder for ct.json, lesions.csv, observations.csv, pictures, report.html, and DICOM SEG and SR where the scan is DICOM.
    """
    from fetuin.imaging.examine import Where, change, examine

    where = Where(mask, label, roi or (), soft_tissue, bone, bone_label, by_label)
    options: dict[str, Any] = {
        "policy_name": policy, "table": thresholds, "kvp": kvp, "factor": calibration, "allow_contrast": allow_contrast,
        "site": site, "sex": sex,
    }  # fmt: skip
    seen = examine(path, where, series=series, **options)
    body = seen.to_dict()
    if earlier is not None:
        there = Where(earlier_mask, label, earlier_roi or (() if earlier_mask else roi or ()), soft_tissue)
        body["change"] = change(seen, examine(earlier, there, **options), bmi=bmi, growth=growth)
    elif growth is not None:
        body["earliest_visible_years"] = _earliest(seen.result.agatston, growth, bmi)
    if out:
        from fetuin.reports.ct import write_ct

        for file in write_ct(ensure_dir(out), path, seen, body):
            written(file)
    if json:
        emit("ct/1", body)
    else:
        from fetuin.reports.ct import as_table

        console(stderr=False).print(as_table(seen.result, body))
    research_use()
    return 1 if seen.result.refused else 0


def _earliest(agatston: float | None, growth: float, bmi: float | None) -> float | None:
    from fetuin.errors import UsageError
    from fetuin.imaging.repeatability import earliest_visible

    if bmi is None:
        raise UsageError("the repeatability limit needs the body-mass index", where="--growth", fix="give --bmi, kg/m2")
    return None if agatston is None else earliest_visible(agatston, growth, bmi)
