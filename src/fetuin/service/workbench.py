"""The workbench: static files built from `web/` into `_static`, served as they are. Without them a page says what to run."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from fetuin.notice import RESEARCH_USE
from fetuin.service.auth import local
from fetuin.service.principal import authenticate
from fetuin.service.refusal import Refusal

STATIC = Path(__file__).parent / "_static"
REPAIR = "npm --prefix web ci && npm --prefix web run build"
FOREVER = "public, max-age=31536000, immutable"


def page(title: str, *words: str, status: int = 200) -> HTMLResponse:
    """A plain page without script."""
    from html import escape

    text = "".join(f"<p>{escape(w)}</p>" for w in (*words, RESEARCH_USE))
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>fetuin</title><h1>{escape(title)}</h1>{text}',
        status,
    )


def mount(app: FastAPI) -> None:
    """Serve the workbench at `/` and its files below it."""

    @app.get("/", include_in_schema=False)
    async def index(request: Request, token: str = "") -> Response:
        service = request.app.state.service
        try:
            if token and "local" in service.settings.auth:
                secret = await run_in_threadpool(local.exchange, service.db, token)
                answer = RedirectResponse("/", 303)
                answer.set_cookie(local.COOKIE, secret, max_age=int(local.SESSION_SECONDS), httponly=True, samesite="strict",
                                  secure=service.settings.url.startswith("https"), path="/")  # fmt: skip
                return answer
            if "local" in service.settings.auth:
                await run_in_threadpool(authenticate, request, service)
        except Refusal as refused:
            return page("This browser is not known", refused.why or refused.what, refused.fix, status=401)
        if not (STATIC / "index.html").is_file():
            return page("The workbench assets are not built", "The REST, CDS Hooks and FHIR doors work all the same.", f"Build it: {REPAIR}",
                        status=503)  # fmt: skip
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    @app.get("/{name:path}", include_in_schema=False)
    async def file(name: str) -> Response:
        path = (STATIC / name).resolve()
        if not path.is_relative_to(STATIC) or not path.is_file():
            raise Refusal(404, "Not there.")
        hashed = name.startswith("assets/")
        return FileResponse(path, headers={"Cache-Control": FOREVER if hashed else "no-cache"})
