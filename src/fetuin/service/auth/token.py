"""Static bearer tokens: the configuration holds the SHA-256 of each, with its subject, tenant and role."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from fastapi import Request

from fetuin.service.auth.contract import Mode, bearer
from fetuin.service.principal import ROLES, Principal
from fetuin.service.refusal import Refusal

if TYPE_CHECKING:
    from fetuin.service.state import Service


def authenticate(request: Request, service: Service) -> Principal | None:
    """The owner of the token. Every entry is compared, in constant time."""
    given = bearer(request)
    if given is None or given.count(".") == 2:  # a JWT belongs to the other modes
        return None
    digest = hashlib.sha256(given.encode()).hexdigest()
    found = [t for t in service.settings.tokens if hmac.compare_digest(str(t.get("sha256", "")), digest)]
    if not found or found[0].get("role") not in ROLES:
        raise Refusal(401, "The token is not known.")
    return Principal(str(found[0]["subject"]), str(found[0]["tenant"]), str(found[0]["role"]), "token")


MODE = Mode("token", authenticate, "send Authorization: Bearer TOKEN", waits=False)
