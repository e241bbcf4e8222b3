"""Files for a job: send them, see what is kept, remove it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Path, Request, UploadFile
from starlette.concurrency import run_in_threadpool

from fetuin.errors import LimitError
from fetuin.reports.envelope import envelope
from fetuin.service import inputs
from fetuin.service.child import received
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api/inputs", tags=["jobs"])
Analyst = Annotated[Principal, Depends(Needs("analyst", cost=20.0))]


@ROUTER.post("", status_code=201)
async def sent(
    request: Request, caller: Analyst, files: Annotated[list[UploadFile], File(min_length=1, max_length=inputs.MOST_FILES)]
) -> dict[str, Any]:  # fmt: skip
    """Keep files for jobs of your tenant: one table or record file, or the plates or scans of a cohort."""
    if len(files) > inputs.MOST_FILES:
        raise LimitError(f"There are more than {inputs.MOST_FILES} files.", where="files", fix="zip the scans")
    service = request.app.state.service
    content = await received(service, {f"{k:04d}": f for k, f in enumerate(files, 1)})
    kept = await run_in_threadpool(inputs.keep, caller.tenant, content)
    await asyncio.wrap_future(service.audit.begin(
        caller.tenant, caller.subject, "kept an input", f"input {kept['input']}", "request", after={"files": kept["files"]}
    ))  # fmt: skip
    return envelope("input/1", kept)


@ROUTER.get("")
async def listed(caller: Analyst) -> dict[str, Any]:
    """The inputs of your tenant."""
    return envelope("inputs/1", {"inputs": await run_in_threadpool(inputs.listed, caller.tenant)})


@ROUTER.delete("/{input_id}")
async def removed(
    request: Request, caller: Analyst, input_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
) -> dict[str, Any]:
    """Remove an input. A job that needs it and has not ended will fail."""
    await run_in_threadpool(inputs.remove, caller.tenant, input_id)
    audit = request.app.state.service.audit
    await asyncio.wrap_future(
        audit.begin(caller.tenant, caller.subject, "removed an input", f"input {input_id}", "request")
    )
    return envelope("input/1", {"input": input_id, "files": 0, "bytes": 0})
