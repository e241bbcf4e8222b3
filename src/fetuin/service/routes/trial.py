"""Trials: sizes, bounds and power by calculation, and three endpoints for one mechanism. Simulation is a job."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from fetuin.errors import InputError
from fetuin.examples.studies import shipped
from fetuin.reports.envelope import envelope
from fetuin.service.body import Body, described, json_body
from fetuin.service.principal import Needs, Principal
from fetuin.service.studies import table_of

ROUTER = APIRouter(prefix="/api/trial", tags=["trial"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=10.0))]


class Design(Body):
    """A study, and words of one mechanism; without a study the mechanism alone."""

    study: str | dict[str, Any] | None = Field(
        None, description="the name of a shipped study, or the table of a study file"
    )
    t50_difference: float | None = Field(None, ge=-1000, le=1000, description="min")
    t50_sd: float | None = Field(None, ge=1, le=1000, description="min")
    t50_correlation: float | None = Field(None, ge=-0.99, le=0.99)
    t50_months: float | None = Field(None, ge=0.1, le=120)
    cac_control: float | None = Field(None, ge=-50, le=500, description="% a year")
    cac_treated: float | None = Field(None, ge=-50, le=500, description="% a year")
    cac_sd: float | None = Field(None, ge=0.001, le=5)
    hr_per_sd: float | None = Field(None, ge=0.2, le=5)
    events_per_100py: float | None = Field(None, ge=0.01, le=200)
    power: float | None = Field(None, ge=0.01, le=0.9999)
    alpha: float | None = Field(None, ge=1e-6, lt=0.5)


@ROUTER.get("/studies")
async def studies(_: Viewer) -> dict[str, Any]:
    """The shipped studies, each as its table."""
    return envelope("studies/1", {"studies": {n: table_of(n) for n in shipped()}})


@ROUTER.post("/design", openapi_extra=described(Design))
async def design(_: Viewer, body: Annotated[Design, Depends(json_body(Design))]) -> dict[str, Any]:
    """Sizes, bounds and power of a study; T50, CAC and events side by side for a mechanism. Schema fetuin.trial-design/1."""

    def answer() -> dict[str, Any]:
        from fetuin.trials.design_summary import summary
        from fetuin.trials.endpoint_comparison import Mechanism, compare_endpoints
        from fetuin.trials.study import read_study

        words = {k: v for k, v in body.model_dump(exclude={"study"}).items() if v is not None}
        found: dict[str, Any] = {}
        if body.study is not None:
            found = {"design": summary(read_study(table_of(body.study)))}
        if body.study is None or words:
            mechanism = Mechanism(**words)
            if not mechanism.alpha < mechanism.power:
                raise InputError("The power is below alpha.", where="body.power", fix="power 0.9, alpha 0.05")
            found |= compare_endpoints(mechanism).to_dict()
        return found | {"files": []}

    return envelope("trial-design/1", await run_in_threadpool(answer))
