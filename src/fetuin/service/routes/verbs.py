"""A route for each verb of `verbs.py`: files as parts of a form, options by their names, the answer of `--json`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fetuin.service.child import received
from fetuin.service.command import answer
from fetuin.service.principal import Needs, Principal
from fetuin.service.verbs import VERBS, Verb

ROUTER = APIRouter(prefix="/api", tags=["verbs"])
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
KEYWORD = Parameter.KEYWORD_ONLY


def _signature(verb: Verb) -> Signature:
    """What the framework reads of a route: who calls, the files, the options."""
    caller = Annotated[Principal, Depends(Needs("viewer", cost=20.0))]
    found = [Parameter("request", KEYWORD, annotation=Request), Parameter("caller", KEYWORD, annotation=caller)]
    needed, perhaps = Annotated[UploadFile, File()], Annotated[UploadFile | None, File()]
    for name in verb.files:
        known: dict[str, Any] = (
            {"annotation": perhaps, "default": None} if name in verb.perhaps else {"annotation": needed}
        )
        found.append(Parameter(name, KEYWORD, **known))
    place: Any = Form if verb.files else Query
    for name, (kind, default) in verb.options.items():
        known = {} if default is ... else {"default": default}
        found.append(Parameter(name, KEYWORD, annotation=Annotated[kind, place()], **known))
    return Signature(found)


def _route(verb: Verb) -> Callable[..., Any]:
    async def asked(**given: Any) -> Response:
        request, caller = given.pop("request"), given.pop("caller")
        service = request.app.state.service
        content = await received(service, {name: given.pop(name) for name in verb.files})

        def call() -> str:
            with service.upload(content) as paths:
                files = {name.partition(".")[0]: str(path) for name, path in paths.items()}
                return answer(verb.arguments(files, given), service.settings.limits)

        text = await run_in_threadpool(call)
        if content:
            await asyncio.wrap_future(service.audit.begin(
                caller.tenant, caller.subject, "asked " + " ".join(verb.words), f"{len(content)} file(s)", "request"
            ))  # fmt: skip
        return Response(text, media_type="application/json")

    asked.__name__ = "_".join(verb.words).replace("-", "_")
    asked.__doc__ = f"{verb.about} The answer of `fetuin {' '.join(verb.words)} --json`."
    asked.__signature__ = _signature(verb)  # type: ignore[attr-defined]
    return asked


for _verb in VERBS:
    ROUTER.add_api_route(_verb.path, _route(_verb), methods=["POST" if _verb.files else "GET"], responses=JSON)
