"""FHIR R4: `$assess` takes a Bundle and gives a Bundle of RiskAssessment, Condition and Provenance; `metadata` says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from fetuin.diagnosis import assess
from fetuin.errors import InputError
from fetuin.notice import RESEARCH_USE, __version__
from fetuin.records.formats.fhir import read_value
from fetuin.reports.fhir_assessment import assessment_to_fhir
from fetuin.service.body import read_json
from fetuin.service.principal import Needs, Principal
from fetuin.service.refusal import FHIR

ROUTER = APIRouter(prefix="/fhir", tags=["FHIR"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=2.0))]
BODY = {"requestBody": {"required": True, "content": {FHIR: {"schema": {
    "type": "object", "properties": {"resourceType": {"type": "string", "enum": ["Bundle", "Parameters"]}}, "required": ["resourceType"]}}}}}  # fmt: skip
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A FHIR R4 resource.", "content": {FHIR: {"schema": {"type": "object"}}}}
}


def _answer(resource: dict[str, Any]) -> Response:
    return Response(json.dumps(resource, ensure_ascii=False, allow_nan=False), media_type=FHIR)


def _given(value: Any) -> tuple[dict[str, Any], str]:
    """(the Bundle, the setting) of a Bundle or of Parameters with `record` and `setting`."""
    if not isinstance(value, dict) or value.get("resourceType") not in ("Bundle", "Parameters"):
        raise InputError(
            "The body is neither a Bundle nor Parameters.", where="body.resourceType", fix="send a FHIR R4 Bundle"
        )
    if value["resourceType"] == "Bundle":
        return value, "general"
    listed = value.get("parameter")
    told = {p.get("name"): p for p in listed if isinstance(p, dict)} if isinstance(listed, list) else {}
    record, setting = told.get("record", {}).get("resource"), told.get("setting", {}).get("valueCode", "general")
    if not isinstance(record, dict) or record.get("resourceType") != "Bundle" or not isinstance(setting, str):
        raise InputError(
            "Parameters lack the record.", where="Parameters.parameter", fix="name `record` with a Bundle as resource"
        )
    return record, setting


@ROUTER.post("/$assess", openapi_extra=BODY, responses=ANSWER, response_class=Response)
async def assessed(request: Request, caller: Viewer) -> Response:
    """Assess the one person of a Bundle."""
    service = request.app.state.service
    limits = service.settings.limits
    value = await read_json(request, limits.fhir_bytes, limits.string_bytes)

    def answer() -> dict[str, Any]:
        bundle, setting = _given(value)
        found = list(read_value(bundle, "Bundle"))
        if len(found) != 1:
            raise InputError("There is more than one person.", where="Bundle", fix="send one person at a time")
        told = assessment_to_fhir(assess(found[0], setting))
        service.audit.write(
            caller.tenant, caller.subject, "assessed", "1 record(s)", "FHIR $assess", after={"status": 200}
        )
        return told

    return _answer(await run_in_threadpool(answer))


@ROUTER.get("/metadata", responses=ANSWER, response_class=Response)
async def metadata(request: Request, _: Annotated[Principal, Depends(Needs("viewer"))]) -> Response:
    """The CapabilityStatement."""
    operation = {"name": "assess", "definition": f"{request.app.state.service.settings.url}/fhir/OperationDefinition/assess",
                 "documentation": "Takes a Bundle about one person; gives RiskAssessment, Condition and Provenance."}  # fmt: skip
    return _answer({
        "resourceType": "CapabilityStatement", "status": "active", "experimental": True, "date": datetime.now(UTC).date().isoformat(),
        "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"], "description": RESEARCH_USE,
        "software": {"name": "fetuin", "version": __version__},
        "implementation": {"description": "fetuin", "url": f"{request.app.state.service.settings.url}/fhir"},
        "rest": [{"mode": "server", "operation": [operation]}],
    })  # fmt: skip
