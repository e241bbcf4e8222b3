"""What a person can open at once: the shipped examples, and the words that other routes understand."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from fetuin.examples.shipped import example, examples
from fetuin.reports.envelope import envelope
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api", tags=["examples"])
Viewer = Annotated[Principal, Depends(Needs("viewer"))]


@ROUTER.get("/session")
async def session(caller: Viewer) -> dict[str, Any]:
    """Who you are here, and what you may do."""
    return envelope("session/1", {"tenant": caller.tenant, "role": caller.role, "mode": caller.mode})


@ROUTER.get("/examples")
async def listed(_: Viewer) -> dict[str, Any]:
    """The shipped examples."""
    return envelope("examples/1", {"examples": [asdict(e) for e in examples()]})


@ROUTER.get("/examples/{name}")
async def one(name: str, _: Viewer) -> dict[str, Any]:
    """The FHIR bundle of an example."""
    with example(name).path() as path:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@ROUTER.get("/knowledge")
def knowledge(_: Viewer) -> dict[str, Any]:
    """The words of the other routes: findings with their states, settings, therapies with their units, populations, lesions."""
    from fetuin.catalog import documents
    from fetuin.knowledge.finding import findings
    from fetuin.reports.therapies import catalogue

    found = [{"id": f.id, "label": f.label, "layer": f.layer, "states": list(f.states)} for f in findings().values()]
    named = {k: sorted(documents("fetuin.knowledge", k)) for k in ("settings", "populations", "lesions")}
    given = catalogue()
    return envelope("knowledge/1", {"findings": found, "therapies": given} | named)
