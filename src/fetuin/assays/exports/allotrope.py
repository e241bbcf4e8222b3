"""A measured plate as Allotrope Simple Model JSON (plate-reader, REC/2025/03): the raw curves and T50 as calculated data.

Absorbance, fluorescence and luminescence use the model's own data cubes. The model has no nephelometer: those curves are
written as `nephelometry profile data cube` in the same shape, with the detection type "Nephelometry".
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fetuin.assays.exports.tables import _whole
from fetuin.assays.plate import row_column
from fetuin.assays.t50 import T50Result
from fetuin.notice import USE_LIMITATION

MANIFEST = "http://purl.allotrope.org/manifests/plate-reader/REC/2025/03/plate-reader.manifest"
CUBES = {  # mode: (data cube, concept, unit, detection type)
    "absorbance": ("absorption profile data cube", "absorbance", "mAU", "Absorbance"),
    "fluorescence": ("fluorescence emission profile data cube", "fluorescence", "RFU", "Fluorescence"),
    "luminescence": ("luminescence profile data cube", "luminescence", "RLU", "Luminescence"),
}
UNKNOWN = "1970-01-01T00:00:00+00:00"
OWN = ("nephelometry profile data cube", "scattered light", "RNU", "Nephelometry")


def write(path: Path, result: T50Result) -> Path:
    """Write the ASM document, whole or not at all."""
    return _whole(path, json.dumps(document(result), ensure_ascii=False, allow_nan=False) + "\n")


def document(result: T50Result) -> dict[str, Any]:
    """The ASM document of a measured plate."""
    plate = result.plate
    wells = [_well(result, i) for i in range(len(plate))]
    told = plate.metadata
    return {
        "$asm.manifest": MANIFEST,
        "plate reader aggregate document": {
            "plate reader document": wells,
            "calculated data aggregate document": {"calculated data document": _calculated(result)},
            "data system document": {
                "ASM file identifier": f"{plate.source}.asm.json", "data system instance identifier": "N/A",
                "ASM converter name": "fetuin", "ASM converter version": result.version, "UNC path": plate.source,
                "file name": plate.source, "software name": told.get("format", "N/A"),
                "software version": told.get("software", "N/A"),
            },
            "device system document": {
                "device identifier": "N/A", "model number": told.get("reader", told.get("device", "N/A")),
                "equipment serial number": told.get("serial", "N/A"),
                "custom information document": {
                    "use limitation": USE_LIMITATION, "date in the file": told.get("date", "none"),
                    "measurement time": "unknown (1970 stands for it)" if _time(result) == UNKNOWN else "from the file",
                },
            },
        },
    }  # fmt: skip


def _identifier(result: T50Result, *parts: str) -> str:
    """The same plate and well get the same identifier each time."""
    plate = result.plate
    return str(
        uuid5(NAMESPACE_URL, "/".join(("fetuin", plate.source, plate.name, plate.metadata.get("read", ""), *parts)))
    )


def _location(well: str) -> str:
    _, column = row_column(well)
    return f"{well[:-2]}{column + 1}"


def _well(result: T50Result, i: int) -> dict[str, Any]:
    plate, well = result.plate, result.wells[i]
    cube, _, _, detection = CUBES.get(plate.mode, OWN)
    entry = result.layout[well.well] if result.layout else None
    role = {"blank": "blank role", "sample": "unknown sample role"}.get(
        well.role, "control sample role" if "control" in well.role else ""
    )
    sample: dict[str, Any] = {"location identifier": _location(well.well), "sample identifier": well.sample or f"{plate.name} {well.well}",
                              "well plate identifier": plate.name or plate.source}  # fmt: skip
    if role:
        sample["sample role type"] = role
    if entry is not None and entry.lot:
        sample["batch identifier"] = entry.lot
    measurement = {
        "measurement identifier": _identifier(result, well.well),
        "sample document": sample,
        "device control aggregate document": {"device control document": [{"device type": "plate reader", "detection type": detection}]},
        cube: _cube(result, i),
    }  # fmt: skip
    return {"measurement aggregate document": {
        "measurement document": [measurement],
        "plate well count": {"value": plate.shape[0] * plate.shape[1], "unit": "#"}, "container type": "well plate",
        "measurement time": _time(result),
    }}  # fmt: skip


def _time(result: T50Result) -> str:
    """When the run began, where the file's date can be read in one way only (a day above 12, or the year first).

    The model requires a time: where it is unknown the start of 1970 stands for "unknown", as in other converters.
    """
    date, clock = result.plate.metadata.get("date", ""), result.plate.metadata.get("time", "")
    parts = re.fullmatch(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})", date)
    hours = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?", clock.upper())
    if not parts or not hours:
        return UNKNOWN
    a, b, c = (int(p) for p in parts.groups())
    orders = {(a, b, c)} if a > 31 else {(c, b, a), (c, a, b)}
    hour = int(hours[1]) % 12 + 12 * (hours[4] == "PM") if hours[4] else int(hours[1])
    found = set()
    for order in orders:
        with suppress(ValueError):
            found.add(datetime(*order, hour, int(hours[2]), int(hours[3] or 0), tzinfo=UTC))
    # The file names no time zone: the reader's clock is written as UTC, as other converters do.
    return found.pop().isoformat() if len(found) == 1 else UNKNOWN


def _cube(result: T50Result, i: int) -> dict[str, Any]:
    """The raw reads of a well against time in seconds; missing reads are left out."""
    plate = result.plate
    _, concept, unit, _ = CUBES.get(plate.mode, OWN)
    factor = 1000.0 if unit == "mAU" else 1.0
    pairs = [(float(t) * 60, float(y) * factor) for t, y in zip(plate.minutes[i], plate.reads[i]) if math.isfinite(y)]
    return {
        "label": plate.metadata.get("read", "") or "raw data",
        "cube-structure": {
            "dimensions": [{"@componentDatatype": "double", "concept": "elapsed time", "unit": "s"}],
            "measures": [{"@componentDatatype": "double", "concept": concept, "unit": unit}],
        },
        "data": {"dimensions": [[t for t, _ in pairs]], "measures": [[y for _, y in pairs]]},
    }


def _calculated(result: T50Result) -> list[dict[str, Any]]:
    """T50 and the ends of its 95 % interval; of a well beyond the run only the minute that it exceeds."""
    cube = CUBES.get(result.plate.mode, OWN)[0]
    out = []
    for well in result.wells:
        named = {"T50": well.t50_min, "T50 95% interval low": well.ci_low, "T50 95% interval high": well.ci_high}
        if well.t50_min is None:
            named = {"T50 exceeds": well.ci_low} if well.censored else {}
        for name, value in named.items():
            if value is None or not math.isfinite(value):
                continue
            out.append({
                "calculated data name": name, "calculated result": {"value": float(value), "unit": "min"},
                "calculated data identifier": _identifier(result, well.well, name),
                "calculation description": f"{well.model} curve; flags: {', '.join(f.kind for f in well.flags) or 'none'}",
                "data source aggregate document": {"data source document": [
                    {"data source identifier": _identifier(result, well.well), "data source feature": cube}]},
            })  # fmt: skip
    return out
