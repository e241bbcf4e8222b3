"""A case revealed step by step: what is known, and what the engine would say with no more than that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from fetuin.examples.shipped import example, examples
from fetuin.reports.envelope import envelope
from fetuin.service.body import described, json_body
from fetuin.service.principal import Needs, Principal
from fetuin.service.records import Given, one

ROUTER = APIRouter(prefix="/api/case", tags=["teaching"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=2.0))]


class Case(Given):
    """A record of one person, or the name of an example, and where the person is seen."""

    setting: str = Field("", max_length=60, description="the example's own, or general, where it is empty")


@ROUTER.get("/list")
async def listed(_: Viewer) -> dict[str, Any]:
    """The shipped cases. Schema fetuin.cases/1."""
    return envelope(
        "cases/1", {"cases": [{"name": e.name, "title": e.title, "setting": e.setting} for e in examples()]}
    )


@ROUTER.post("/play", openapi_extra=described(Case))
async def play(_: Viewer, body: Annotated[Case, Depends(json_body(Case))]) -> dict[str, Any]:
    """The steps of a case, each with what it reveals, the engine's answer and the tests it would ask for. Schema fetuin.case/1."""

    def answer() -> dict[str, Any]:
        from fetuin.screens.case import played

        about = example(body.example) if body.example is not None else None
        return played(one(body), body.setting or (about.setting if about else "general"), about)

    return envelope("case/1", await run_in_threadpool(answer))
