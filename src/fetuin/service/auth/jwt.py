"""Checking a JSON Web Token: named algorithms only, the exact audience, the time, and each number once. No mode of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode
from sqlalchemy.exc import IntegrityError

from fetuin.errors import FetuinError
from fetuin.records.formats.front_door import load
from fetuin.runs.database import Database
from fetuin.service.refusal import Refusal
from fetuin.service.tables import REPLAYS

LONGEST = 8192  # bytes of a token; assumption
SKEW = 30.0  # s that two clocks may differ; assumption
MOST_LIFE = 600.0  # s from issue to expiry; the specification advises five minutes
REQUIRED = ("iss", "aud", "exp", "iat", "jti")


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(header, claims) of a token whose signature was NOT checked: to choose the key, never to believe."""
    pieces = token.split(".")
    if len(token) > LONGEST or len(pieces) != 3:
        raise Refusal(401, "The token is no signed JWT.")
    try:
        header, claims = (load(urlsafe_b64decode(p.encode("ascii")), "token", LONGEST) for p in pieces[:2])
    except (FetuinError, ValueError, UnicodeError):
        raise Refusal(401, "The token cannot be read.") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Refusal(401, "The token cannot be read.")
    return header, claims


def checked(
    token: str, keys: Callable[[dict[str, Any], dict[str, Any]], KeySet], audience: str, algorithms: tuple[str, ...], db: Database | None,
    required: tuple[str, ...] = REQUIRED,
) -> dict[str, Any]:  # fmt: skip
    """The claims of a token that is good in every respect, else Refusal 401. `db` remembers its number (None: not needed)."""
    header, claims = parts(token)
    if header.get("alg") not in algorithms:
        raise Refusal(401, f"The token is not signed with {' or '.join(algorithms)}.")
    if set(header) & {"crit", "jwk", "x5u", "x5c", "b64", "zip"}:
        raise Refusal(401, "The header of the token names what is not taken.")
    if not isinstance(header.get("kid"), str) or not header["kid"]:
        raise Refusal(401, "The token names no key.")
    found = keys(header, claims)
    if not any(k.kid == header["kid"] for k in found.keys):
        raise Refusal(401, "The key of the token is not known.")
    try:
        good = jwt.decode(token, found, algorithms=list(algorithms)).claims
    except (JoseError, ValueError, TypeError, UnicodeError):
        raise Refusal(401, "The signature of the token is wrong.") from None
    _times(good, audience, required)
    if db is not None:
        _once(db, str(good["iss"]), str(good["jti"]), float(good["exp"]))
    return dict(good)


def _times(claims: dict[str, Any], audience: str, required: tuple[str, ...]) -> None:
    now = time.time()
    if missing := [n for n in required if n not in claims]:
        raise Refusal(401, f"The token lacks {missing[0]}.")
    texts = [claims[n] for n in ("iss", "jti") if n in claims]
    if any(not isinstance(x, str) or not x or len(x) > 1000 for x in texts):
        raise Refusal(401, "A name in the token is no text.")
    aud = claims.get("aud")
    if not (aud == audience or (isinstance(aud, list) and audience in aud)):
        raise Refusal(401, "The token was made for another address.", fix=f"aud must be {audience}")
    for name in ("exp", "iat", "nbf"):
        if name in claims and (isinstance(claims[name], bool) or not isinstance(claims[name], (int, float))):
            raise Refusal(401, f"{name} of the token is no number.")
    if claims["exp"] <= now - SKEW:
        raise Refusal(401, "The token has expired.")
    if claims.get("iat", now) > now + SKEW or claims.get("nbf", now) > now + SKEW:
        raise Refusal(401, "The token is not valid yet.")
    if "iat" in required and claims["exp"] - claims["iat"] > MOST_LIFE:
        raise Refusal(401, "The token lives too long.", fix=f"at most {MOST_LIFE:g} s from iat to exp")


def _once(db: Database, iss: str, jti: str, exp: float) -> None:
    """Remember a token's number until it has expired; Refusal where it was seen before."""
    try:
        with db.write() as c:
            c.execute(REPLAYS.delete().where(REPLAYS.c.until < time.time() - 2 * SKEW))
            c.execute(REPLAYS.insert().values(iss=iss, jti=jti, until=exp))
    except IntegrityError:
        raise Refusal(401, "The token was used before.") from None
