"""The SMART launch page of the workbench: the EHR opens it, the browser comes back with the patient's record at hand."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from fetuin.service import smart
from fetuin.service.auth import local
from fetuin.service.principal import Needs, Principal
from fetuin.service.refusal import Refusal

ROUTER = APIRouter(tags=["SMART"])
OPEN = ("/smart/launch", "/smart/callback")  # the EHR proves who it is by its own address, which is listed
STATE = "fetuin_launch"
Word = Annotated[str, Query(min_length=1, max_length=2000)]


@ROUTER.get("/smart/launch", include_in_schema=False)
async def launch(request: Request, iss: Word, launch: Word) -> Response:
    """Go to the authorisation of a listed EHR."""
    settings = request.app.state.service.settings
    url, state = await run_in_threadpool(smart.begin, settings, iss, launch)
    answer = RedirectResponse(url, 302)
    answer.set_cookie(
        STATE, state, max_age=int(smart.KEPT), httponly=True, samesite="lax", secure=settings.url.startswith("https")
    )
    return answer


@ROUTER.get("/smart/callback", include_in_schema=False)
async def callback(request: Request, state: Word, code: Annotated[str, Query(max_length=4000)] = "") -> Response:
    """Back from the EHR: a session of a viewer of its tenant, and the workbench with the patient's record."""
    service = request.app.state.service
    if request.cookies.get(STATE) != state or not code:
        raise Refusal(
            403, "This browser did not begin the launch, or the EHR refused it.", fix="launch again from the EHR"
        )

    def done() -> tuple[str, str, str]:
        found, name = smart.complete(service.settings, state, code)
        who = (found.tenant, f"SMART {found.iss}"[:200], "viewer")
        service.audit.write(found.tenant, who[1], "launched", "1 record", "SMART App Launch")
        return name, local.issue(service.db, "session", smart.KEPT * 6, who), found.tenant

    name, secret, _ = await run_in_threadpool(done)
    answer = RedirectResponse(f"/#/patient?smart={name}", 303)
    answer.set_cookie(
        local.COOKIE,
        secret,
        httponly=True,
        samesite="strict",
        secure=service.settings.url.startswith("https"),
        path="/",
    )
    answer.delete_cookie(STATE)
    return answer


@ROUTER.get("/api/smart/{name}")
async def record(caller: Annotated[Principal, Depends(Needs("viewer"))], name: str) -> dict[str, Any]:
    """The Bundle of a launch, once. 404 where it was taken, is too old, or belongs to another tenant."""
    kept = smart.RECORDS.take(name)
    if kept is None or kept[0] != caller.tenant:
        raise Refusal(404, "There is no such launch.", fix="launch again from the EHR")
    found: dict[str, Any] = kept[1]
    return found
