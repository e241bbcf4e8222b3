"""How the service says no: one status for every error, as JSON for people and as OperationOutcome for FHIR clients.

An answer never repeats what was sent: words of a message that are not fetuin's own are left out (see `own_words.py`).
"""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse

from fetuin.errors import FetuinError
from fetuin.notice import USE_LIMITATION, __version__
from fetuin.service.own_words import only_own

STATUS = {2: 400, 3: 422, 4: 422, 5: 422, 6: 413}  # exit code of the command line -> HTTP
OUTCOME = {400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 409: "conflict", 412: "required", 413: "too-long",
           415: "not-supported", 422: "processing", 429: "throttled", 501: "not-supported", 502: "transient", 503: "timeout"}  # fmt: skip
FHIR = "application/fhir+json"


class Refusal(FetuinError):  # noqa: N818
    """An error that only HTTP knows: who you are, what you may, how often, how long."""

    def __init__(self, status: int, what: str, *, headers: dict[str, str] | None = None, **parts: str) -> None:
        super().__init__(what, **parts, code=f"FET-S{status}")
        self.status, self.headers = status, headers or {}


def status_of(error: FetuinError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, Refusal):
        return error.status
    if error.code == "FET-I404":
        return 404
    if error.code == "FET-U020":
        return 501
    return STATUS.get(error.exit_code, 500)


def told(error: FetuinError) -> dict[str, str]:
    """The parts of an error without words of the caller."""
    parts = error.to_dict()
    return {k: v if k in ("code", "fix") else only_own(v) for k, v in parts.items()}


def outcome(status: int, parts: dict[str, str]) -> dict[str, Any]:
    """A FHIR R4 OperationOutcome."""
    words = "; ".join(parts[k] for k in ("what", "where", "why", "fix") if k in parts)
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": OUTCOME.get(status, "exception"), "diagnostics": words,
                   "details": {"text": parts.get("code", "")}}],
    }  # fmt: skip


def response(path: str, status: int, parts: dict[str, str], headers: dict[str, str] | None = None) -> JSONResponse:
    """The error as the caller of `path` expects it."""
    if path.startswith("/fhir"):
        return JSONResponse(outcome(status, parts), status, headers, media_type=FHIR)
    if path.startswith("/cds-services"):
        return JSONResponse(outcome(status, parts), status, headers)
    body = {"schema": "fetuin.error/1", "error": parts, "fetuin_version": __version__, "use_limitation": USE_LIMITATION}
    return JSONResponse(body, status, headers)
