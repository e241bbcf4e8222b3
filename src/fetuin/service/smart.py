"""SMART App Launch 2.2 as a public client with PKCE: from a listed EHR to the record of the one patient in its context.

The access token lives as long as the answer of the callback takes to make; the record stays in this process's memory for
ten minutes, for the browser that was launched. Nothing is asked of an address that is not listed or told by a listed one.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fetuin.records.formats.front_door import load
from fetuin.service.hooks.prefetch import templates
from fetuin.service.keys import fetch
from fetuin.service.refusal import Refusal
from fetuin.service.settings import Settings

SCOPES = "launch openid fhirUser " + " ".join(
    f"patient/{r}.rs"
    for r in ("Patient", "Observation", "Condition", "MedicationRequest", "Procedure", "DiagnosticReport")
)
KEPT, MOST_KEPT = 600.0, 200  # s and number of launches and records in memory; assumptions
MOST_BYTES, SECONDS, PAGES = 16 * 2**20, 10.0, 10  # of one answer; of one request; of one search; assumptions


@dataclass
class Shelf:
    """Things in memory under a secret name, taken once or until they are too old."""

    things: dict[str, tuple[float, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, thing: Any) -> str:
        """The secret name of a thing."""
        name, now = secrets.token_urlsafe(32), time.monotonic()
        with self.lock:
            self.things = {k: v for k, v in self.things.items() if v[0] > now}
            if len(self.things) >= MOST_KEPT:
                self.things.pop(next(iter(self.things)))
            self.things[name] = (now + KEPT, thing)
        return name

    def take(self, name: str) -> Any:
        """The thing, which is gone then; None where there is none."""
        with self.lock:
            until, thing = self.things.pop(name, (0.0, None))
        return thing if until > time.monotonic() else None


LAUNCHES, RECORDS = Shelf(), Shelf()


@dataclass(frozen=True)
class Launch:
    """A launch that waits for its callback."""

    iss: str
    tenant: str
    client_id: str
    token_endpoint: str
    verifier: str


def _json(settings: Settings, url: str, **more: Any) -> dict[str, Any]:
    private = settings.private_networks
    value = load(fetch(url, private=private, most=MOST_BYTES, seconds=SECONDS, **more), "EHR", MOST_BYTES)
    if not isinstance(value, dict):
        raise Refusal(502, "The EHR gave no JSON object.")
    return value


def _endpoint(told: Mapping[str, Any], name: str, server: Mapping[str, Any]) -> str:
    """An endpoint of the EHR's configuration: on the host of its FHIR server, or on one that is listed with it."""
    url = told.get(name)
    hosts = {urlsplit(str(server["iss"])).hostname, *server.get("hosts", ())}
    if not isinstance(url, str) or urlsplit(url).hostname not in hosts:
        raise Refusal(
            403,
            "The EHR names an endpoint on a host that is not listed.",
            fix="list it under `hosts` of the [[fhir_server]]",
        )
    return url


def begin(settings: Settings, iss: str, launch: str) -> tuple[str, str]:
    """(the address of the EHR's authorisation to go to, the state that the callback must bring back)."""
    server = next((s for s in settings.fhir_servers if s["iss"].rstrip("/") == iss.rstrip("/")), None)
    if server is None:
        raise Refusal(403, "This EHR is not listed.", fix="list it as a [[fhir_server]] of the configuration")
    base = str(server["iss"]).rstrip("/")
    told = _json(settings, f"{base}/.well-known/smart-configuration")
    authorise, token = (_endpoint(told, n, server) for n in ("authorization_endpoint", "token_endpoint"))
    verifier = secrets.token_urlsafe(48)
    state = LAUNCHES.put(Launch(base, str(server["tenant"]), str(server["client_id"]), token, verifier))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": server["client_id"], "redirect_uri": f"{settings.url}/smart/callback", "launch": launch,
        "scope": SCOPES, "state": state, "aud": base, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{authorise}{'&' if '?' in authorise else '?'}{urlencode(asked)}", state


def complete(settings: Settings, state: str, code: str) -> tuple[Launch, str]:
    """(the launch, the name under which the patient's Bundle is kept) of a callback. Refusal where the state is unknown."""
    launch = LAUNCHES.take(state)
    if launch is None:
        raise Refusal(403, "This launch is unknown, used or too old.", fix="launch again from the EHR")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{settings.url}/smart/callback",
            "client_id": launch.client_id, "code_verifier": launch.verifier}  # fmt: skip
    told = _json(settings, launch.token_endpoint, data=form)
    token, patient = told.get("access_token"), told.get("patient")
    if not isinstance(token, str) or not isinstance(patient, str):
        raise Refusal(403, "The EHR gave no patient.", fix="launch from a patient's record")
    return launch, RECORDS.put((launch.tenant, _bundle(settings, launch.iss, token, patient)))


def _bundle(settings: Settings, iss: str, token: str, patient: str) -> dict[str, Any]:
    """Everything that the prefetch of the hooks names, asked of the EHR."""
    head = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
    found: list[Any] = []
    for template in templates().values():
        url: str | None = f"{iss}/{template.replace('{{context.patientId}}', quote(patient, safe=''))}"
        for _ in range(PAGES):
            if url is None:
                break
            if not url.startswith(f"{iss}/") and url != iss:
                raise Refusal(403, "The EHR leads to an address outside itself.")
            value = _json(settings, url, headers=head)
            entries = value.get("entry", []) if value.get("resourceType") == "Bundle" else [{"resource": value}]
            found += entries if isinstance(entries, list) else []
            links = value.get("link", []) if value.get("resourceType") == "Bundle" else []
            url = next((x.get("url") for x in links if isinstance(x, dict) and x.get("relation") == "next"), None)
    return {"resourceType": "Bundle", "type": "collection", "entry": found}
