"""Who calls, for which tenant, and what they may do. Every route names the role it needs; a route without one fails a test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

import fetuin.service.auth
from fetuin.catalog import entries
from fetuin.service.refusal import Refusal

if TYPE_CHECKING:
    from fetuin.service.state import Service

ROLES = ("viewer", "analyst", "admin")  # each may do what the one before it may


@dataclass(frozen=True)
class Principal:
    """A caller who has proved who they are."""

    subject: str
    tenant: str
    role: str
    mode: str

    def may(self, role: str) -> bool:
        """Whether this role includes that one."""
        return ROLES.index(self.role) >= ROLES.index(role)


@cache
def modes() -> dict[str, Any]:
    """{name: MODE} of every file in `auth/`."""
    return {m.name: m for m in entries(fetuin.service.auth, "MODE").values()}


def authenticate(request: Request, service: Service) -> Principal:
    """The caller, by the first mode that knows them. Refusal 401 where none does; it does not say why in detail."""
    reason = "no credential was given"
    for name in service.settings.auth:
        try:
            if (found := modes()[name].authenticate(request, service)) is not None:
                return found  # type: ignore[no-any-return]
        except Refusal as refused:
            reason = refused.what
    fix = " or ".join(modes()[n].remedy for n in service.settings.auth)
    raise Refusal(401, "Who calls is not known.", why=reason, fix=fix, headers={"WWW-Authenticate": "Bearer"})


@dataclass(frozen=True)
class Needs:
    """A dependency of a route: the caller, who must have `role`; `cost` is what the call takes from the caller's budget."""

    role: str
    cost: float = 1.0

    async def __call__(self, request: Request) -> Principal:
        service: Service = request.app.state.service
        if any(modes()[name].waits for name in service.settings.auth):
            caller = await run_in_threadpool(authenticate, request, service)
        else:
            caller = authenticate(request, service)
        request.state.principal = caller
        service.rate.take(f"{caller.tenant}/{caller.subject}", self.cost)
        if not caller.may(self.role):
            raise Refusal(403, f"This needs the role {self.role}.", why=f"you have the role {caller.role}",
                          fix="ask the person who runs the service")  # fmt: skip
        return caller
