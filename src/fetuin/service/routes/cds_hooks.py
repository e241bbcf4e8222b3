"""CDS Hooks 2.0: discovery, the services, feedback. No advice is an empty list and only that; a failure is an OperationOutcome."""

# ruff: noqa: N815 (the names are those of the specification)
from __future__ import annotations

import asyncio
import json
import time
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

import fetuin.service.hooks
from fetuin.catalog import entries
from fetuin.diagnosis import assess
from fetuin.errors import InputError
from fetuin.runs.database import change
from fetuin.service.body import described, json_body, parsed, sent_json, validated
from fetuin.service.hooks.cards import card
from fetuin.service.hooks.contract import Hook, Seen
from fetuin.service.hooks.prefetch import record_of
from fetuin.service.hurry import within
from fetuin.service.principal import Needs, Principal
from fetuin.service.refusal import Refusal
from fetuin.service.tables import FEEDBACK

ROUTER = APIRouter(prefix="/cds-services", tags=["CDS Hooks"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=2.0))]
SETTING = "general"
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Loose(BaseModel):
    """A body of the specification: words that it does not name (extensions) are let pass, types are strict."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


class Call(Loose):
    """The request of a client."""

    hook: Text
    hookInstance: str = Field(json_schema_extra={"format": "uuid"}, min_length=1, max_length=64)
    context: dict[str, Any]
    prefetch: dict[str, Any] = Field(default_factory=dict)
    fhirServer: str | None = Field(None, max_length=2000)
    fhirAuthorization: dict[str, Any] | None = None


class Reason(Loose):
    """Why a card was set aside."""

    reason: dict[str, Any] | None = None
    userComment: str | None = Field(None, max_length=10_000)


class Outcome(Loose):
    """What became of one card."""

    card: str = Field(json_schema_extra={"format": "uuid"}, min_length=1, max_length=64)
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: list[dict[str, Any]] | None = Field(None, max_length=100)
    overrideReason: Reason | None = None
    outcomeTimestamp: str = Field(min_length=10, max_length=40)


class Feedback(Loose):
    """What became of cards."""

    feedback: list[Outcome] = Field(min_length=1, max_length=100)


@cache
def hooks() -> dict[str, Hook]:
    """{id: HOOK} of every file in `hooks/`."""
    return {h.id: h for h in entries(fetuin.service.hooks, "HOOK").values()}


def hook_of(id: str) -> Hook:
    """The service of that id; Refusal 404."""
    if id not in hooks():
        raise Refusal(404, "There is no such service.", fix=f"one of: {', '.join(hooks())}")
    return hooks()[id]


def _uuid(text: str, where: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise InputError("This is no UUID.", where=where, fix="send a UUID") from None


@ROUTER.get("")
async def discovery(_: Viewer) -> dict[str, Any]:
    """The services, with their prefetch templates."""
    told = [{
        "hook": h.hook, "id": h.id, "title": h.title, "description": h.description, "prefetch": dict(h.prefetch),
        "usageRequirements": f"Needs the prefetch {', '.join(h.needed)}; the service asks no FHIR server. Research use only.",
    } for h in hooks().values()]  # fmt: skip
    return {"services": told}


@ROUTER.post("/{id}", openapi_extra=described(Call))
async def call(request: Request, caller: Viewer, id: Annotated[str, Path(max_length=60)]) -> Response:
    """The cards of a service. 412 names the prefetch that is needed and was not sent."""
    service, hook = request.app.state.service, hook_of(id)
    limits = service.settings.limits
    data = await sent_json(request, limits.json_bytes)

    def cards() -> tuple[str, list[dict[str, Any]]]:
        told, prefetch = asked(parsed(data, limits.json_bytes, limits.string_bytes), hook)
        patient = told.context["patientId"]
        record, absent = record_of(prefetch, hook.needed, patient)
        seen = Seen(told.context, record, assess(record, SETTING), absent)
        smart = bool(service.settings.fhir_servers)
        call = f"{caller.tenant}/{_uuid(told.hookInstance, 'hookInstance')}/{id}"
        return patient, [card(a, call, service.settings.url, smart) for a in hook.advise(seen)]

    patient, found = await within(limits.hook_seconds, cards, job="send fewer data", lane=service.lane)
    kept = service.audit.begin(caller.tenant, caller.subject, f"asked {id}", f"patient {service.log.digest(patient)}", hook.hook,
                               after={"cards": len(found)})  # fmt: skip
    await asyncio.wrap_future(kept)  # nothing is answered that is not recorded
    service.metrics.cards.labels(id).inc(len(found))
    return Response(json.dumps({"cards": found}, ensure_ascii=False, allow_nan=False), media_type="application/json")


def asked(value: Any, hook: Hook) -> tuple[Call, dict[str, Any]]:
    """(the call, its prefetch) in a body. The prefetch is the largest part and is read as FHIR, so it is checked there."""
    prefetch = value.pop("prefetch", None) if isinstance(value, dict) else None
    told = validated(Call, value)
    if prefetch is not None and not isinstance(prefetch, dict):
        raise InputError("prefetch is no object.", where="prefetch", fix="send {key: resource}")
    if told.hook != hook.hook:
        raise InputError("This service answers another hook.", where="hook", fix=hook.hook)
    _uuid(told.hookInstance, "hookInstance")
    for word in hook.context:
        if word not in told.context:
            raise InputError(
                f"The context lacks {word}.", where=f"context.{word}", fix=f"send {', '.join(hook.context)}"
            )
    patient = told.context["patientId"]
    if not isinstance(patient, str) or not patient:
        raise InputError("patientId is no text.", where="context.patientId", fix="send the id of the Patient")
    return told, prefetch or {}


@ROUTER.post("/{id}/feedback", openapi_extra=described(Feedback), status_code=200)
async def feedback(
    request: Request,
    caller: Viewer,
    id: Annotated[str, Path(max_length=60)],
    body: Annotated[Feedback, Depends(json_body(Feedback))],
) -> dict[str, Any]:
    """What became of cards. The same again changes nothing; a later outcome of the same card takes its place."""
    service, hook = request.app.state.service, hook_of(id)

    def keep() -> None:
        for one in body.feedback:
            card_id = _uuid(one.card, "feedback.card")
            content = one.model_dump_json(exclude_none=True)
            values = {"outcome": one.outcome, "content": content, "at": time.time()}
            row = {"tenant": caller.tenant, "service": hook.id, "card": card_id}
            try:
                with service.db.write() as c:
                    c.execute(FEEDBACK.insert().values(row | values))
            except IntegrityError:
                with service.db.write() as c:
                    mine = change(FEEDBACK, caller.tenant).where(
                        FEEDBACK.c.service == hook.id, FEEDBACK.c.card == card_id
                    )
                    c.execute(mine.values(values))
        service.audit.write(caller.tenant, caller.subject, "feedback", f"{len(body.feedback)} card(s)", hook.id)

    await run_in_threadpool(keep)
    return {}
