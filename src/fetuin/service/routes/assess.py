"""What kind of calcification is it: the answer with its evidence, and the answer if a finding were hidden or added."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from fetuin.diagnosis import assess
from fetuin.reports.envelope import envelope
from fetuin.service.body import described, json_body
from fetuin.service.principal import Needs, Principal
from fetuin.service.records import Given, answered, one, records

ROUTER = APIRouter(prefix="/api", tags=["assess"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=2.0))]


class Assess(Given):
    """A record and where the person is seen."""

    setting: str = Field("general", max_length=60, description="general, dialysis_unit, dermatology, endocrine, ...")
    hide_tissue: bool = Field(False, description="leave the state of the tissue out")


class WhatIf(Assess):
    """The same, with findings hidden and findings assumed."""

    without: list[str] = Field(default_factory=list, max_length=200, description="findings to hide")
    assumed: dict[str, str] = Field(default_factory=dict, max_length=200, description="{finding: state} to assume")


@ROUTER.post("/assess", openapi_extra=described(Assess))
async def assessed(
    request: Request, caller: Viewer, body: Annotated[Assess, Depends(json_body(Assess))]
) -> dict[str, Any]:
    """Assess every person of a record. Schema fetuin.assess/1, each with a `timeline`."""

    def answer() -> list[dict[str, Any]]:
        return [
            answered(assess(r, body.setting, body.hide_tissue), r) | {"person": k}
            for k, r in enumerate(records(body), 1)
        ]

    found = await run_in_threadpool(answer)
    audited(request, caller, "assessed", len(found))
    return envelope("assess/1", {"assessments": found, "failures": []})


@ROUTER.post("/assess/whatif", openapi_extra=described(WhatIf))
async def what_if(caller: Viewer, body: Annotated[WhatIf, Depends(json_body(WhatIf))]) -> dict[str, Any]:
    """The answer with findings hidden (`without`) and assumed, beside the answer as the record has it."""

    def answer() -> dict[str, Any]:
        record = one(body)
        plain = assess(record, body.setting, body.hide_tissue)
        moved = assess(record, body.setting, body.hide_tissue, without=body.without, assumed=body.assumed)
        return {"before": plain.to_dict(), "after": moved.to_dict()}

    return envelope("what-if/1", await run_in_threadpool(answer))


def audited(request: Request, caller: Principal, what: str, n: int) -> None:
    """One entry: who asked for what on how many people; nothing of what was in the record."""
    request.app.state.service.audit.write(
        caller.tenant, caller.subject, what, f"{n} record(s)", "request", after={"status": 200}
    )
