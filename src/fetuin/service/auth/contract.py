"""What a file of this folder offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mode:
    """One way to prove who calls.

    authenticate   (request, service) -> Principal; None where the request holds no credential of this kind; Refusal
                   where it holds one that is wrong
    remedy         what a caller must send, in words
    waits          whether it asks a database or another server, so that the event loop must not wait for it
    """

    name: str
    authenticate: Callable[[Any, Any], Any]
    remedy: str
    waits: bool = True


def bearer(request: Any) -> str | None:
    """The bearer token of a request, or None."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None
