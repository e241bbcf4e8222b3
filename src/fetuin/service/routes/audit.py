"""The audit of a tenant, for its admins: as lines that `fetuin audit verify` checks, as FHIR AuditEvents; and comments added to it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from fetuin.reports.envelope import envelope
from fetuin.service.audit import head, lines
from fetuin.service.audit_event import bundle
from fetuin.service.body import Body, described, json_body
from fetuin.service.principal import Needs, Principal
from fetuin.service.refusal import FHIR

ROUTER = APIRouter(prefix="/api/audit", tags=["audit"])
Admin = Annotated[Principal, Depends(Needs("admin", cost=10.0))]
After = Annotated[int, Query(ge=0, le=2**53)]
Most = Annotated[int, Query(ge=1, le=100_000)]


class Note(Body):
    """What a person decided on a measurement: accepted, a comment, a mask."""

    what: str = Field(min_length=1, max_length=60, pattern=r"\S")
    subject: str = Field(
        min_length=1, max_length=200, pattern=r"\S", description='what it is about: "plate P1, well B03"'
    )
    why: str = Field(min_length=1, max_length=500, pattern=r"\S")
    before: Any = None
    after: Any = None


@ROUTER.post("", status_code=201, openapi_extra=described(Note))
async def note(
    request: Request,
    caller: Annotated[Principal, Depends(Needs("analyst"))],
    body: Annotated[Note, Depends(json_body(Note))],
) -> dict[str, Any]:
    """Add a decision of yours to the audit; its number."""
    audit = request.app.state.service.audit
    told = (body.what, body.subject, body.why, body.before, body.after)
    return envelope(
        "audit-note/1", {"number": await run_in_threadpool(audit.write, caller.tenant, caller.subject, *told)}
    )


@ROUTER.get("", response_class=Response, responses={200: {"content": {"application/x-ndjson": {}}}})
async def exported(request: Request, caller: Admin, after: After = 0, most: Most = 100_000) -> Response:
    """Entries after number `after`, one JSON object a line. `X-Audit-Head` is the last hash of the whole audit."""
    db = request.app.state.service.db

    def text() -> tuple[str, str]:
        found = "".join(lines(db, caller.tenant, after, most))
        with db.read() as c:
            return found, head(c, caller.tenant)[1]

    body, last = await run_in_threadpool(text)
    return Response(body, media_type="application/x-ndjson", headers={"X-Audit-Head": last})


@ROUTER.get("/fhir", response_class=Response, responses={200: {"content": {FHIR: {}}}})
async def as_fhir(request: Request, caller: Admin, after: After = 0, most: Most = 1000) -> Response:
    """The same as a Bundle of FHIR R4 AuditEvents."""

    def made() -> str:
        found = [json.loads(line) for line in lines(request.app.state.service.db, caller.tenant, after, most)]
        return json.dumps(bundle(found), ensure_ascii=False)

    return Response(await run_in_threadpool(made), media_type=FHIR)
