"""This machine alone: a one-time token in the address that `fetuin serve` prints, exchanged for a cookie of this browser.

The cookie is SameSite=Strict and HttpOnly. A request that changes something must come from our own pages (Origin).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import TYPE_CHECKING

from fastapi import Request
from sqlalchemy import select

from fetuin.runs.database import Database
from fetuin.service.auth.contract import Mode
from fetuin.service.principal import Principal
from fetuin.service.refusal import Refusal
from fetuin.service.tables import SESSIONS

if TYPE_CHECKING:
    from fetuin.service.state import Service

COOKIE = "fetuin_session"
TOKEN_SECONDS = 3600.0  # a printed address is good for an hour; assumption
SESSION_SECONDS = 7 * 86400.0  # and its browser for a week; assumption
TENANT, SUBJECT, ROLE = "local", "local user", "admin"


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(db: Database, kind: str, seconds: float, who: tuple[str, str, str] = (TENANT, SUBJECT, ROLE)) -> str:
    """A new secret of a kind ("token", "session") for (tenant, subject, role); only its digest is kept."""
    tenant, subject, role = who
    secret = secrets.token_urlsafe(32)
    with db.write() as c:
        c.execute(SESSIONS.delete().where(SESSIONS.c.until < time.time()))
        c.execute(SESSIONS.insert().values(digest=digest(secret), tenant=tenant, kind=kind, subject=subject, role=role,
                                           until=time.time() + seconds))  # fmt: skip
    return secret


def exchange(db: Database, token: str) -> str:
    """A session for a one-time token, which is used up. Refusal 401 where it is unknown, old or used."""
    with db.write() as c:
        mine = SESSIONS.c.digest == digest(token)
        used = c.execute(SESSIONS.delete().where(mine, SESSIONS.c.kind == "token", SESSIONS.c.until > time.time()))
    if used.rowcount != 1:
        raise Refusal(
            401,
            "This address was used already, or is too old.",
            fix="start fetuin serve again and open the new address",
        )
    return issue(db, "session", SESSION_SECONDS)


def authenticate(request: Request, service: Service) -> Principal | None:
    """The person of the cookie, or None where there is none."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    origin = request.headers.get("origin")
    if (
        request.method not in ("GET", "HEAD")
        and origin
        and origin != service.settings.url
        and not _same(request, origin)
    ):
        raise Refusal(403, "The request comes from another site.")
    with service.db.read() as c:
        kept = select(SESSIONS).where(SESSIONS.c.digest == digest(secret), SESSIONS.c.kind == "session")
        row = c.execute(kept).first()
    if row is None or row.until < time.time():
        raise Refusal(401, "The session is unknown or has ended.")
    return Principal(row.subject, row.tenant, row.role, "local")


def _same(request: Request, origin: str) -> bool:
    return origin == f"{request.url.scheme}://{request.headers.get('host', '')}"


MODE = Mode("local", authenticate, "open the address that `fetuin serve` printed")
