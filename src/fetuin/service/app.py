"""The application: every file of `routes/` is a group of routes; this one only joins them, and starts and ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

import fetuin.service.routes
from fetuin.catalog import entries
from fetuin.errors import FetuinError, NumericalError
from fetuin.notice import RESEARCH_USE, __version__
from fetuin.service import log, warm, workbench
from fetuin.service.guard import Guard
from fetuin.service.refusal import response, status_of, told
from fetuin.service.settings import Settings, from_environment
from fetuin.service.state import start

SAID = {400: "The request is wrong.", 401: "Who calls is not known.", 403: "Not allowed.", 404: "Not there.", 405: "Method not allowed.",
        412: "Data that are needed were not sent.", 413: "Too large.", 415: "Not sent as JSON.", 422: "The content is wrong.",
        429: "Too many calls.", 503: "It takes too long: ask for a job."}  # fmt: skip
REFUSED: dict[int | str, dict[str, Any]] = {k: {"description": v} for k, v in SAID.items()}


def create(settings: Settings | None = None) -> FastAPI:
    """The application for some settings (None: those of the environment, for worker processes)."""
    settings = (settings or from_environment()).checked()
    log.silence()
    service = start(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm.begin(settings.warm)
        yield
        service.lane.close()
        service.audit.close()
        service.db.close()

    app = FastAPI(
        title="fetuin", version=__version__, description=RESEARCH_USE, lifespan=lifespan, responses=REFUSED,
        docs_url=None, redoc_url=None, openapi_url=None, separate_input_output_schemas=False,
    )  # fmt: skip
    app.state.service = service
    for router in entries(fetuin.service.routes, "ROUTER").values():
        app.include_router(router)
    workbench.mount(app)
    _errors(app)
    if settings.origins:
        app.add_middleware(CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "POST"],
                           allow_headers=["Authorization", "Content-Type"])  # fmt: skip
    app.add_middleware(Guard, service=service)
    return app


def _errors(app: FastAPI) -> None:
    @app.exception_handler(FetuinError)
    async def _ours(request: Request, error: FetuinError) -> Response:
        headers = getattr(error, "headers", {})
        return response(request.url.path, status_of(error), told(error), headers)

    @app.exception_handler(ArithmeticError)
    async def _numbers(request: Request, error: ArithmeticError) -> Response:
        """A division by zero or an overflow comes from the numbers that were sent; the log says where it happened."""
        app.state.service.log.fault(error, route=getattr(request.scope.get("route"), "path", ""))
        parts = NumericalError("The numbers lead out of what can be computed.", fix="check sizes and units").to_dict()
        return response(request.url.path, 422, parts)

    @app.exception_handler(RequestValidationError)
    async def _shape(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"][:2])
        parts = {"code": "FET-I003", "what": "A parameter is wrong.", "where": place, "why": str(first["msg"]),
                 "fix": "see the OpenAPI description at /openapi.json"}  # fmt: skip
        return response(request.url.path, 422, parts)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        parts = {"code": f"FET-S{error.status_code}", "what": SAID.get(error.status_code, "Refused.")}
        return response(request.url.path, error.status_code, parts, dict(error.headers or {}))
