"""OpenID Connect access tokens: a JWT of the one configured issuer, for the configured audience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import Request
from joserfc.jwk import KeySet

from fetuin.service.auth.contract import Mode, bearer
from fetuin.service.auth.jwt import checked
from fetuin.service.keys import key_set
from fetuin.service.principal import ROLES, Principal
from fetuin.service.refusal import Refusal

if TYPE_CHECKING:
    from fetuin.service.state import Service

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA")  # none of them symmetric


def authenticate(request: Request, service: Service) -> Principal | None:
    """The person of the token: `sub`, the tenant of `tenant_claim`, the highest fetuin role in `role_claim`."""
    given = bearer(request)
    told = service.settings.oidc
    if given is None or not told or given.count(".") != 2:
        return None

    def keys(header: Mapping[str, Any], claims: Mapping[str, Any]) -> KeySet:
        if claims.get("iss") != told["issuer"]:
            raise Refusal(401, "The issuer of the token is not the configured one.")
        return key_set(told.get("jwks"), str(told.get("jwks_url", "")), service.settings.private_networks)

    claims = checked(given, keys, told["audience"], ALGORITHMS, None, ("iss", "aud", "exp", "sub"))
    said = claims.get(told.get("role_claim", "roles"), [])
    roles = [r for r in ROLES if r in ([said] if isinstance(said, str) else said if isinstance(said, list) else [])]
    tenant = claims.get(told.get("tenant_claim", "tenant"), told.get("tenant"))
    if not roles or not isinstance(tenant, str) or not tenant:
        raise Refusal(401, "The token names no role or no tenant of this service.")
    return Principal(str(claims["sub"]), tenant, roles[-1], "oidc")


MODE = Mode("oidc", authenticate, "send an access token of the configured issuer")
