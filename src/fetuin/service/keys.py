"""Public keys of those who sign tokens: from the configuration, or fetched from an address that stands in it. Nothing else.

An address is fetched over TLS, without following redirects, within seconds, and only where its name leads to a public
address: the connection goes to the address that was checked (no second look-up that another answer could slip into).
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.jwk import KeySet

from fetuin.service.refusal import Refusal

MOST_BYTES, SECONDS, KEPT = 65536, 3.0, 300.0  # of a key set; of one fetch; until it is fetched again; assumptions

_kept: dict[str, tuple[float, dict[str, Any]]] = {}
_lock = threading.Lock()


def public_address(host: str, port: int, private: bool = False) -> str:
    """The one IP address to connect to. Refusal 401 where any of the name's addresses is not public."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        raise Refusal(401, "A configured address cannot be found.") from None
    for address in found:
        ip = ipaddress.ip_address(str(address).partition("%")[0])
        if not private and (not ip.is_global or ip.is_multicast):
            raise Refusal(401, "A configured address leads into a private network.")
    return str(sorted(found)[0])


def fetch(url: str, *, private: bool = False, headers: dict[str, str] | None = None, data: dict[str, str] | None = None,
          most: int = MOST_BYTES, seconds: float = SECONDS) -> bytes:  # fmt: skip
    """The body at an allow-listed `url`; POST where `data` is given. `private` allows http and private addresses."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise Refusal(401, "A configured address is not https.")
    if not parts.hostname or parts.username:
        raise Refusal(401, "A configured address is no plain https address.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_address(parts.hostname, port, private)
    target = f"{parts.scheme}://{f'[{address}]' if ':' in address else address}:{port}{parts.path or '/'}"
    target += f"?{parts.query}" if parts.query else ""
    head = {"Host": parts.netloc, "Accept": "application/json"} | (headers or {})
    method = "POST" if data is not None else "GET"
    sni = {"sni_hostname": parts.hostname}
    try:
        with (
            httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False) as client,
            client.stream(method, target, headers=head, data=data, extensions=sni) as answer,
        ):
            if answer.status_code != 200:
                raise Refusal(401, "A configured address gave no answer.", why=f"status {answer.status_code}")
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > most:
                    raise Refusal(401, "A configured address gave too much.")
            return body
    except httpx.HTTPError as error:
        raise Refusal(401, "A configured address gave no answer.", why=type(error).__name__) from None


def key_set(jwks: Any, url: str, private: bool = False) -> KeySet:
    """The key set given inline, or that at `url` (kept for some minutes)."""
    if jwks:
        return KeySet.import_key_set(jwks)
    from fetuin.records.formats.front_door import load

    with _lock:
        kept = _kept.get(url)
    if kept is None or kept[0] < time.monotonic():
        value = load(fetch(url, private=private), "key set", MOST_BYTES)
        kept = (time.monotonic() + KEPT, value)
        with _lock:
            _kept[url] = kept
    try:
        return KeySet.import_key_set(kept[1])  # type: ignore[arg-type]
    except Exception:
        raise Refusal(401, "A configured address gave no key set.") from None
