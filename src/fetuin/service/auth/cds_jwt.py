"""CDS Hooks clients: a JWT signed with ES384 or RS384 for exactly the endpoint that is called, from a client that is listed.

As in the CDS Hooks specification, section "Trusting CDS Clients". It opens `/cds-services` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import Request
from joserfc.jwk import KeySet

from fetuin.service.auth.contract import Mode, bearer
from fetuin.service.auth.jwt import checked
from fetuin.service.keys import key_set
from fetuin.service.principal import Principal
from fetuin.service.refusal import Refusal

if TYPE_CHECKING:
    from fetuin.service.state import Service

ALGORITHMS = ("ES384", "RS384")


def authenticate(request: Request, service: Service) -> Principal | None:
    """The client of the token."""
    given = bearer(request)
    if given is None or not request.url.path.startswith("/cds-services"):
        return None
    settings = service.settings

    def client(claims: Mapping[str, Any]) -> Mapping[str, Any]:
        for c in settings.clients:
            if c["iss"] == claims.get("iss"):
                return c
        raise Refusal(401, "The issuer of the token is not listed.")

    def keys(header: Mapping[str, Any], claims: Mapping[str, Any]) -> KeySet:
        known = client(claims)
        if header.get("typ") != "JWT":
            raise Refusal(401, "The header of the token does not say that it is a JWT.")
        jku = header.get("jku")
        if jku is not None and jku != known.get("jku"):
            raise Refusal(401, "The key set that the token names is not the listed one.")
        return key_set(known.get("jwks"), str(known.get("jku", "")), settings.private_networks)

    claims = checked(given, keys, settings.url + request.url.path, ALGORITHMS, service.db)
    known = client(claims)
    tenant = known["tenant"]
    if "tenant" in claims:
        tenant = next((t for said, t in known.get("tenants", {}).items() if said == claims["tenant"]), None)
    if tenant is None:
        raise Refusal(401, "The tenant of the token is not listed.")
    return Principal(str(known["iss"]), str(tenant), "viewer", "cds-jwt")


MODE = Mode("cds-jwt", authenticate, "send a CDS Hooks JWT (ES384 or RS384) whose aud is this endpoint")
