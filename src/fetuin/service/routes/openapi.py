"""The description of every route."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/openapi.json")
async def openapi(request: Request, _: Annotated[Principal, Depends(Needs("viewer"))]) -> dict[str, Any]:
    """OpenAPI 3.1."""
    found: dict[str, Any] = request.app.openapi()
    return found
