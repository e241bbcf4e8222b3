"""The log: one JSON line an event, of words that are allowed and nothing else. No body, no query, no text of an error.

Names of people and tenants stand as a keyed digest, so that lines of one caller can be followed and nobody be read.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import sys
import traceback
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog

ALLOWED = frozenset({
    "event", "level", "timestamp", "request", "method", "route", "status", "ms", "bytes", "caller", "tenant", "job", "kind", "code",
    "error", "place", "port", "mode", "version",
})  # fmt: skip


def allow(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every word that is not allowed, and everything that is neither a number nor a short word."""
    return {k: v for k, v in event.items() if k in ALLOWED and isinstance(v, (int, float, str)) and len(str(v)) <= 200}


structlog.configure(
    processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), allow,
                structlog.processors.JSONRenderer()],
    logger_factory=lambda *_: structlog.WriteLogger(sys.stderr), cache_logger_on_first_use=False,
)  # fmt: skip


class Quiet(logging.Handler):
    """What libraries log reaches ours as its origin and level only: their messages may hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line without the message."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        structlog.get_logger().warning(
            "library", kind=record.name[:60], error=kind, place=f"{record.module}:{record.lineno}"
        )


@dataclass(frozen=True)
class Log:
    """The log of one service; `key` makes digests of names."""

    key: bytes

    def digest(self, name: str) -> str:
        """A name as 16 hex digits under the service's own key."""
        return hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()[:16]

    def write(self, event: str, **words: Any) -> None:
        """One line."""
        structlog.get_logger().info(event, **words)

    def fault(self, error: BaseException, **words: Any) -> None:
        """A fault of ours: its type and where it happened, without its arguments."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = next((f for f in reversed(frames) if "fetuin" in f.filename), frames[-1] if frames else None)
        place = f"{ours.filename.rpartition('fetuin/')[2]}:{ours.lineno}" if ours else ""
        structlog.get_logger().error("fault", error=type(error).__name__, place=place, **words)


def silence() -> None:
    """Take the place of every other handler."""
    root = logging.getLogger()
    root.handlers[:] = [Quiet(logging.WARNING)]
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "sqlalchemy", "httpx"):
        other = logging.getLogger(name)
        other.handlers[:], other.propagate = [], name != "uvicorn.access"
