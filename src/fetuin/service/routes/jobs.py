"""Long work: ask for it, watch it, stop it, let it go on, take its result. Everything is on the disk when it is acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, StreamingResponse

from fetuin.errors import UsageError
from fetuin.reports.envelope import envelope
from fetuin.runs import store
from fetuin.service import inputs
from fetuin.service.body import Body, described, json_body
from fetuin.service.kinds import kinds
from fetuin.service.principal import Needs, Principal
from fetuin.service.refusal import Refusal
from fetuin.service.work import cohort

ROUTER = APIRouter(prefix="/api/jobs", tags=["jobs"])
Viewer = Annotated[Principal, Depends(Needs("viewer"))]
Analyst = Annotated[Principal, Depends(Needs("analyst", cost=5.0))]
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
PARQUET = "application/vnd.apache.parquet"
LOOK, BEAT = 0.2, 10.0  # s between two looks at the table; s between two signs of life; assumptions


class Ask(Body):
    """A kind of work and its parameters."""

    kind: str = Field(max_length=40, description="one of GET /api/jobs/kinds")
    parameters: dict[str, Any] = Field(default_factory=dict)


@ROUTER.get("/kinds")
async def known(_: Viewer) -> dict[str, Any]:
    """Kinds of work, each with the schema of its parameters."""
    return envelope(
        "job-kinds/1",
        {"kinds": {k: {"about": w.about, "parameters": w.parameters.model_json_schema()} for k, w in kinds().items()}},
    )


@ROUTER.post("", status_code=202, openapi_extra=described(Ask))
async def ask(
    request: Request, caller: Analyst, body: Annotated[Ask, Depends(json_body(Ask))],
    idempotency_key: Annotated[str | None, Header(max_length=200, pattern=r"^[!-~]+$")] = None,
) -> dict[str, Any]:  # fmt: skip
    """A new job. The same `Idempotency-Key` again gives the same job."""
    if body.kind not in kinds():
        raise UsageError("There is no such kind of work.", where="body.kind", fix=f"one of: {', '.join(kinds())}")
    service, kind = request.app.state.service, kinds()[body.kind]

    def made() -> store.Job:
        parameters = kind.checked(body.parameters)
        if "input" in parameters:
            inputs.owned(caller.tenant, parameters["input"])
        total = kind.work.count(parameters)
        job = store.submit(service.db, caller.tenant, caller.subject, body.kind, parameters, total, idempotency_key)
        service.audit.write(
            caller.tenant, caller.subject, "asked for a job", f"job {job.id}", body.kind, after={"chunks": total}
        )
        return job

    return envelope("job/1", (await run_in_threadpool(made)).to_dict())


@ROUTER.get("")
async def listed(request: Request, caller: Viewer) -> dict[str, Any]:
    """The latest jobs of your tenant, newest first."""
    found = await run_in_threadpool(store.listed, request.app.state.service.db, caller.tenant)
    return envelope("jobs/1", {"jobs": [j.to_dict() for j in found]})


@ROUTER.get("/{job}")
async def one(request: Request, caller: Viewer, job: Id) -> dict[str, Any]:
    """How far a job is."""
    found = await run_in_threadpool(store.find, request.app.state.service.db, caller.tenant, job)
    return envelope("job/1", found.to_dict())


@ROUTER.get("/{job}/result")
async def result(request: Request, caller: Viewer, job: Id) -> dict[str, Any]:
    """The result of a job that is done (400 before)."""
    found = await run_in_threadpool(store.find, request.app.state.service.db, caller.tenant, job)
    if found.state != "done":
        raise UsageError(f"The job is {found.state}.", where="job", fix="wait until its state is done")
    return envelope(
        "job-result/1",
        {"job": found.id, "kind": found.kind, "parameters": dict(found.parameters), "result": found.result},
    )


@ROUTER.get("/{job}/people", response_class=FileResponse, responses={200: {"content": {PARQUET: {}}}})
async def people(request: Request, caller: Viewer, job: Id) -> FileResponse:
    """The table of a cohort job that is done, as Parquet: a row a person, well or scan, in the order of the files sent."""
    found = await run_in_threadpool(store.find, request.app.state.service.db, caller.tenant, job)
    if found.kind != "cohort" or found.state != "done":
        raise UsageError("There is no table of people.", where="job", fix="ask a cohort job whose state is done")
    path = cohort.people(found.parameters)
    if not path.is_file():
        raise Refusal(
            404, "The table is not on this machine.", where="job", fix="ask the machine whose worker did the job"
        )
    return FileResponse(path, media_type=PARQUET, filename="people.parquet")


@ROUTER.get("/{job}/chunks")
async def chunks(request: Request, caller: Viewer, job: Id) -> dict[str, Any]:
    """What is there so far: the result of every finished chunk by its number."""
    db = request.app.state.service.db

    def found() -> dict[int, Any]:
        return store.finished(db, store.find(db, caller.tenant, job))

    return envelope("job-chunks/1", {"job": job, "chunks": await run_in_threadpool(found)})


@ROUTER.get("/{job}/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def events(request: Request, caller: Viewer, job: Id) -> StreamingResponse:
    """Server-sent events: one at every change (`event: progress`), the last when the job has ended (`event: end`)."""
    db = request.app.state.service.db
    await run_in_threadpool(store.find, db, caller.tenant, job)

    async def stream() -> AsyncIterator[str]:
        last, quiet = "", 0.0
        while True:
            found = await run_in_threadpool(store.find, db, caller.tenant, job)
            text = json.dumps({k: v for k, v in found.to_dict().items() if k != "parameters"})
            ended = found.state in store.ENDED
            if text != last:
                yield f"event: {'end' if ended else 'progress'}\ndata: {text}\n\n"
                last, quiet = text, 0.0
            if ended:
                return
            await asyncio.sleep(LOOK)
            quiet += LOOK
            if quiet >= BEAT:
                yield ": still there\n\n"
                quiet = 0.0

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@ROUTER.post("/{job}/cancel")
async def cancelled(request: Request, caller: Analyst, job: Id) -> dict[str, Any]:
    """Stop a job; what is finished of it stays. A job that has ended stays as it is."""
    return await _turned(request, caller, job, store.cancel, "cancelled a job")


@ROUTER.post("/{job}/resume")
async def resumed(request: Request, caller: Analyst, job: Id) -> dict[str, Any]:
    """Let a cancelled or failed job go on where it stood."""
    return await _turned(request, caller, job, store.resume, "resumed a job")


@ROUTER.delete("/{job}", status_code=204)
async def deleted(request: Request, caller: Analyst, job: Id) -> None:
    """Remove a job that has ended, with its result."""
    service = request.app.state.service

    def gone() -> None:
        found = store.find(service.db, caller.tenant, job)
        store.delete(service.db, caller.tenant, job)
        if (forget := kinds()[found.kind].forget) is not None:
            forget(found.parameters, store.parameters_of(service.db, caller.tenant, found.kind))

    await run_in_threadpool(gone)
    await run_in_threadpool(
        service.audit.write, caller.tenant, caller.subject, "removed a job", f"job {job}", "request"
    )


async def _turned(request: Request, caller: Principal, job: str, turn: Any, what: str) -> dict[str, Any]:
    service = request.app.state.service
    found = await run_in_threadpool(turn, service.db, caller.tenant, job)
    await run_in_threadpool(service.audit.write, caller.tenant, caller.subject, what, f"job {job}", "request")
    return envelope("job/1", found.to_dict())
