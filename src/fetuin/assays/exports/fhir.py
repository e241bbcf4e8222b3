"""A measured plate as a FHIR R4 bundle: one Observation a well, one a replicate group, one DiagnosticReport.

T50 has no LOINC code: a local code is used, with UCUM `min`. A well beyond the run is `> t` (comparator), a well without a
result has a `dataAbsentReason`. Blanks and empty wells have no T50 and no Observation. The status is `preliminary`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fetuin.assays.exports.tables import _whole
from fetuin.assays.t50 import Group, T50Result, Well
from fetuin.notice import RESEARCH_USE, USE_LIMITATION

LOCAL = "urn:fetuin:codes"
UCUM = "http://unitsofmeasure.org"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
T50 = {"coding": [{"system": LOCAL, "code": "t50", "display": "Serum calcification propensity, T50"}], "text": "T50"}
MEAN = {
    "coding": [{"system": LOCAL, "code": "t50-mean", "display": "T50, mean of replicates"}],
    "text": "T50, mean of replicates",
}


def write(path: Path, result: T50Result, *, issued: datetime | None = None) -> Path:
    """Write the bundle, whole or not at all."""
    return _whole(path, json.dumps(bundle(result, issued=issued), ensure_ascii=False, allow_nan=False) + "\n")


def bundle(result: T50Result, *, issued: datetime | None = None) -> dict[str, Any]:
    """A collection bundle: the report first, then its observations. `issued` defaults to now."""
    when = (issued or datetime.now(UTC)).isoformat(timespec="seconds")
    wells = [w for w in result.wells if w.role not in ("blank", "empty")]
    where = {w.well: _url(result, "well", w.well) for w in wells}
    entries = [{"fullUrl": where[w.well], "resource": _observation(result, w, when)} for w in wells]
    entries += [
        {"fullUrl": _url(result, "group", g.name), "resource": _group(g, where, when)}
        for g in result.groups
        if g.reported
    ]
    report = {
        "resourceType": "DiagnosticReport", "status": "preliminary", "issued": when,
        "code": {"coding": [{"system": LOCAL, "code": "t50-plate", "display": "T50 plate"}], "text": "T50 plate"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}],
        "identifier": [{"system": LOCAL, "value": result.plate.name or result.plate.source}],
        "result": [{"reference": e["fullUrl"]} for e in entries],
        "conclusion": f"{RESEARCH_USE} {USE_LIMITATION}",
    }  # fmt: skip
    head = {"fullUrl": _url(result, "report"), "resource": report}
    return {"resourceType": "Bundle", "type": "collection", "timestamp": when, "entry": [head, *entries]}


def _url(result: T50Result, *parts: str) -> str:
    plate = result.plate
    return uuid5(
        NAMESPACE_URL, "/".join(("fetuin", plate.source, plate.name, plate.metadata.get("read", ""), *parts))
    ).urn


def minutes(value: float, comparator: str = "") -> dict[str, Any]:
    """A Quantity in minutes."""
    quantity = {"value": round(float(value), 2), "unit": "min", "system": UCUM, "code": "min"}
    return quantity | ({"comparator": comparator} if comparator else {})


def _observation(result: T50Result, well: Well, when: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "resourceType": "Observation", "status": "preliminary", "issued": when, "code": T50,
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}],
        "specimen": {"display": well.sample or f"{result.plate.name} {well.well}"},
        "device": {"display": f"fetuin {result.version}"},
        "method": {"text": f"half time of the CPP1-to-CPP2 component, {well.model} curve"},
        "component": _components(result, well),
        "note": [{"text": RESEARCH_USE}] + [{"text": f"{f.kind}: {f.reason}"} for f in well.flags],
    }  # fmt: skip
    if well.t50_min is not None:
        out["valueQuantity"] = minutes(well.t50_min)
    elif well.censored and well.ci_low is not None:
        out["valueQuantity"] = minutes(well.ci_low, ">")
    else:
        out["dataAbsentReason"] = {"coding": [{"system": ABSENT, "code": "error"}], "text": "no result can be reported"}
    return out


def _components(result: T50Result, well: Well) -> list[dict[str, Any]]:
    def local(code: str, text: str) -> dict[str, Any]:
        return {"coding": [{"system": LOCAL, "code": code}], "text": text}

    out: list[dict[str, Any]] = [
        {"code": local("well", "well"), "valueString": f"{result.plate.name} {well.well}".strip()}
    ]
    if well.t50_min is not None and well.ci_low is not None and well.ci_high is not None:
        out.append({"code": local("t50-95-low", "95 % interval, low"), "valueQuantity": minutes(well.ci_low)})
        out.append({"code": local("t50-95-high", "95 % interval, high"), "valueQuantity": minutes(well.ci_high)})
    if well.role.startswith("control"):
        out.append({"code": local("role", "role"), "valueString": well.role})
    if well.lot:
        out.append({"code": local("lot", "reagent lot"), "valueString": well.lot})
    return out


def _group(group: Group, where: dict[str, str], when: str) -> dict[str, Any]:
    note = [{"text": f"{group.reported} of {len(group.wells)} wells reported, {group.censored} beyond the run"}]
    note += [{"text": f"{f.kind}: {f.reason}"} for f in group.flags]
    if group.cv is not None:
        note.append({"text": f"CV {group.cv:.1%}"})
    value = {"valueQuantity": minutes(group.mean_min)} if group.mean_min is not None else {}
    return {
        "resourceType": "Observation", "status": "preliminary", "issued": when, "code": MEAN,
        "category": [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}], "specimen": {"display": group.name},
        "hasMember": [{"reference": where[w]} for w in group.wells if w in where],
        "note": [{"text": RESEARCH_USE}, *note], **value,
    }  # fmt: skip
