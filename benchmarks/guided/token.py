"""Signed tokens of callers: header, claims and signature of a JSON Web Token."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from guided.contract import Target

AUDIENCE = "https://fetuin.example.org/cds-services"


@cache
def key() -> Any:
    """One key for the campaign."""
    from joserfc.jwk import ECKey

    return ECKey.generate_key("P-384", {"kid": "ec", "use": "sig"})


def signed(head: dict[str, Any], claims: bytes) -> bytes:
    """A token that is truly signed, whatever it says: no library that would refuse to write it stands between."""
    from joserfc.jws import JWSRegistry

    pieces = b".".join(map(_base64, (json.dumps({"alg": "ES384", "kid": "ec"} | head).encode(), claims)))
    return pieces + b"." + _base64(JWSRegistry.algorithms["ES384"].sign(pieces, key()))


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def claims() -> dict[str, Any]:
    """Claims that are good today."""
    now = int(time.time())
    return {"iss": "https://ehr.example.org", "aud": AUDIENCE, "exp": now + 300, "iat": now, "jti": "1"}


def seeds() -> list[bytes]:
    """A good token, one with more in its header, one signed over no object."""
    good = json.dumps(claims()).encode()
    return [signed({"typ": "JWT"}, good), signed({"jku": "https://x"}, good), signed({}, b"[1]")]


def read(data: bytes, _: Path) -> object:
    """The claims, or a refusal."""
    from joserfc.jwk import KeySet

    from fetuin.service.auth.jwt import checked

    return checked(data.decode("utf-8", "replace"), lambda h, c: KeySet([key()]), AUDIENCE, ("ES384", "RS384"), None)


def spoil(data: bytes, draw: Random) -> bytes:
    """Claims of any kind and size, signed well: what stands behind the signature is read, too."""
    value: Any = draw.choice((None, True, -1, 1e308, 10**30, "", "x" * 2000, [], {}, [AUDIENCE], {"a": [1]}, "9" * 400))
    told = claims() | {draw.choice(("iss", "aud", "exp", "iat", "nbf", "jti", "sub", "tenant", "scope")): value}
    if draw.random() < 0.3:
        told.pop(draw.choice(list(told)))
    text = json.dumps(told)
    raw = draw.choice(
        (text, text, text, text[: draw.randrange(len(text))], text.replace("300", "NaN"), "[" * 3000)
    ).encode()
    if draw.random() < 0.5:
        return signed({draw.choice(("typ", "jku", "crit", "b64", "x5c", "zip", "kid", "cty")): value}, raw)
    return b".".join((_base64(json.dumps({"alg": value, "kid": "ec"}).encode()), *data.split(b".")[1:]))


WORDS = ("eyJ", "ES384", "RS384", "none", "HS256", ".", "..", "==")
TARGET = Target(seeds, read, ("joserfc", "json"), WORDS, spoil)
