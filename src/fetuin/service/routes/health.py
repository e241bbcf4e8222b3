"""Is it alive, is it ready, what has it done. The first two are open and say nothing else."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from fetuin.runs.store import JOBS
from fetuin.service import warm
from fetuin.service.principal import Needs, Principal
from fetuin.service.refusal import Refusal

ROUTER = APIRouter(tags=["health"])
OPEN = ("/health/live", "/health/ready")  # routes without a role


@ROUTER.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@ROUTER.get("/health/ready")
async def ready(request: Request) -> dict[str, str]:
    """The database answers and the model is compiled."""
    db = request.app.state.service.db

    def ask() -> None:
        with db.read() as c:
            c.exec_driver_sql("SELECT 1").scalar()

    try:
        await run_in_threadpool(ask)
    except Exception:
        raise Refusal(503, "The database does not answer.", fix="check that it runs") from None
    if not warm.READY.is_set():
        raise Refusal(503, "The model is being compiled.", fix="ask again in some seconds")
    return {"status": "ready"}


@ROUTER.get("/metrics", response_class=Response)
def metrics(request: Request, _: Annotated[Principal, Depends(Needs("admin"))]) -> Response:
    """Counters for Prometheus."""
    service: Any = request.app.state.service
    with service.db.read() as c:
        for state, n in c.execute(select(JOBS.c.state, func.count()).group_by(JOBS.c.state)):
            service.metrics.jobs.labels(state).set(n)
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
