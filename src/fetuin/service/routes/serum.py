"""What is free, bound and supersaturated in a serum."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from fetuin.errors import InputError
from fetuin.reports.envelope import envelope
from fetuin.service.body import Body, described, json_body
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api", tags=["serum"])


class Sera(Body):
    """Sera by the columns of `fetuin serum`: Ca_tot, Mg_tot, P_i, Na, K, HCO3, Cl, citrate, lactate, SO4 in mmol/L, albumin_gL,
    globulin_gL in g/L, pCO2_mmHg, pH."""

    sera: list[dict[str, float]] = Field(min_length=1, max_length=10_000)
    constants: str = Field("plasma37", max_length=60)
    temperature: float = Field(37.0, ge=20, le=45, description="C")


@ROUTER.post("/serum", openapi_extra=described(Sera))
async def serum(
    _: Annotated[Principal, Depends(Needs("viewer", cost=5.0))], body: Annotated[Sera, Depends(json_body(Sera))]
) -> dict[str, Any]:
    """Free ions, ion pairs and saturation indices. Schema fetuin.serum/1; defaults that were taken are named."""

    def answer() -> dict[str, Any]:
        from fetuin.chemistry.serum import DEFAULTS, check, results
        from fetuin.chemistry.speciation import COLUMNS

        if [k for row in body.sera for k in row if k not in COLUMNS]:
            raise InputError("A serum has an unknown column.", where="body.sera", fix=f"columns: {', '.join(COLUMNS)}")
        checked = check(body.sera, [str(k) for k in range(1, len(body.sera) + 1)])
        solved = results(checked, body.constants, temperature_c=body.temperature)
        table, left = solved.speciation.system.table, {k for d in checked.defaulted for k in d}
        return {
            "constants": body.constants, "constants_title": table.title, "constants_changed": list(table.changed),
            "temperature_c": body.temperature, "notices": list(solved.notices),
            "defaults": {k: {"value": DEFAULTS[k][0], "source": DEFAULTS[k][1]} for k in sorted(left)}, "sera": solved.rows(),
        }  # fmt: skip

    return envelope("serum/1", await run_in_threadpool(answer))
