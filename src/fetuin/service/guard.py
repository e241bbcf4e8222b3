"""Round every request: the Host is one of ours, the answer carries strict headers, one line in the log, and no fault escapes.

A fault of ours becomes an answer with a number to report; neither the answer nor the log repeats what was sent.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fetuin.errors import FetuinError
from fetuin.service.refusal import Refusal, response, status_of, told

if TYPE_CHECKING:
    from fetuin.service.state import Service

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}  # fmt: skip


OPEN = ("/health/live", "/health/ready")  # a probe calls by address; what they say is the same for everybody


def host_of(value: str) -> str:
    """The name in a Host header, without the port."""
    return value[1:].partition("]")[0] if value.startswith("[") else value.partition(":")[0]


class Guard:
    """Pure ASGI, so that streams stream."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app, self.service, self.hosts = app, service, service.settings.hosts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen: dict[str, Any] = {"status": 0, "bytes": 0}
        number, begun = uuid.uuid4().hex[:16], time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Request-Id"] = number
                headers["Server-Timing"] = f"app;dur={1000 * (time.perf_counter() - begun):.1f}"
            elif message["type"] == "http.response.body":
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            if scope["path"] not in OPEN and host_of(Headers(scope=scope).get("host", "")) not in self.hosts:
                raise Refusal(400, "The Host header names another machine.", fix=f"call {self.service.settings.url}")
            await self.app(scope, receive, sending)
        except FetuinError as error:
            await self._say(scope, receive, sending, seen, status_of(error), told(error))
        except Exception as error:
            self.service.log.fault(error, request=number, route=pattern(scope))
            parts = {"code": "FET-X070", "what": "a fault of the service", "where": f"request {number}",
                     "fix": "report the number of the request, without patient content"}  # fmt: skip
            await self._say(scope, receive, sending, seen, 500, parts)
        finally:
            self._tell(scope, seen, number, time.perf_counter() - begun)

    async def _say(
        self, scope: Scope, receive: Receive, send: Send, seen: dict[str, Any], status: int, parts: dict[str, str]
    ) -> None:
        if not seen["status"]:  # else the answer has begun and is cut
            await response(scope["path"], status, parts)(scope, receive, send)

    def _tell(self, scope: Scope, seen: dict[str, Any], number: str, seconds: float) -> None:
        route, caller = pattern(scope), scope.get("state", {}).get("principal")
        words = (
            {"caller": self.service.log.digest(caller.subject), "tenant": self.service.log.digest(caller.tenant)}
            if caller
            else {}
        )
        method = (
            scope["method"]
            if scope["method"] in ("GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH")
            else "other"
        )
        self.service.metrics.answered(method, route, seen["status"], seconds)
        self.service.log.write("request", request=number, method=method, route=route, status=seen["status"], bytes=seen["bytes"],
                               ms=round(1000 * seconds, 1), **words)  # fmt: skip


def pattern(scope: Scope) -> str:
    """The pattern of the route that was taken, never the path itself."""
    return getattr(scope.get("route"), "path", "") or "none"
