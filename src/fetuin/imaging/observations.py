"""What a scan measured, as Observations of a Record: the same currency as a laboratory value.

A refused score gives none: it is no zero. The scan's date is the time; the file and the rule are the source.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fetuin.records.record import Observation, Source

CT = (
    ("ct_agatston", "agatston", "1"), ("ct_calcium_volume", "volume_mm3", "mm3"), ("ct_calcium_mass", "mass_mg", "mg"),
    ("ct_calcium_integrated_mass", "integrated_mass_mg", "mg"), ("ct_calcium_density_score", "density_score", "1"),
)  # fmt: skip


def when(date: str) -> datetime | None:
    """A DICOM date (YYYYMMDD, or the old YYYY.MM.DD) as midnight UTC; None where it is absent or no date."""
    try:
        return datetime.strptime(date.replace(".", ""), "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def of_ct(result: Any, *, date: str = "", site: str = "") -> tuple[Observation, ...]:
    """A `CalciumScore` as observations; `site` (heart, aorta, ...) is kept in the source's place."""
    if result.refused:
        return ()
    rule = result.method.get("policy", {}).get("name", "")
    source = Source(str(result.method.get("source", "")), "ct", "; ".join(v for v in (site, rule) if v))
    out = []
    for analyte, key, unit in CT:
        value = getattr(result, key)
        if value is None:
            continue
        place = source.place
        if key == "integrated_mass_mg":
            place += f"; 95 % interval {result.integrated_mass_low:.4g} to {result.integrated_mass_high:.4g} mg"
        out.append(
            Observation(analyte, float(value), unit, when(date), printed=f"{value:g} {unit}", source=replace(source, place=place))
        )  # fmt: skip
    return tuple(out)


def of_scan(body: dict[str, Any], *, date: str = "") -> tuple[Observation, ...]:
    """The ratios of a bone scan as observations, each with its interval and its kind (planar or SPECT); no verdict."""
    kind = f"nm_{body.get('kind', 'planar')}"
    return tuple(
        Observation(
            "bone_scan_ratio", float(r["ratio"]), "1", when(date), printed=f"{r['ratio']:.4g} 1",
            source=Source(
                str(body.get("source", "")), kind, f"{r['of']} over {r['to']}; 95 % interval {r['low']:.4g} to {r['high']:.4g}"
            ),
        )
        for r in body["ratios"]
        if r["ratio"] is not None
    )  # fmt: skip


def of_radiograph(body: dict[str, Any], *, date: str = "") -> tuple[Observation, ...]:
    """The calcified area of each region of a radiograph as observations; none where the image has no spacing."""
    name = str(body.get("source", ""))
    return tuple(
        Observation(
            "radiograph_calcified_area", float(r["area_mm2"]), "mm2", when(date), source=Source(name, "radiograph", r["region"])
        )
        for r in body["regions"]
        if r["area_mm2"] is not None
    )  # fmt: skip
