"""A SMART launch against a real small EHR on this machine: authorisation with PKCE, token, search with pages, assessment."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient
from tests.unit.service.conftest import BASE, settings
from tests.unit.service.test_routes import bundle

from fetuin.service import smart
from fetuin.service.app import create

WHOLE = [e["resource"] for e in bundle("dermatomyositis-hip")["entry"]]


class Ehr(BaseHTTPRequestHandler):
    """An EHR with one patient; Observations come in two pages. It checks the verifier against the challenge."""

    challenge, next_host, patient = "", "", True

    def _base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/fhir"

    def _say(self, value: Any, status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def do_GET(self) -> None:
        url, base = urlsplit(self.path), self._base()
        if url.path == "/fhir/.well-known/smart-configuration":
            root = base.removesuffix("/fhir")
            self._say(
                {"authorization_endpoint": f"{root}/authorize", "token_endpoint": f"{self.next_host or root}/token"}
            )
        elif self.headers.get("Authorization") != "Bearer patient-token":
            self._say({"resourceType": "OperationOutcome"}, 401)
        elif url.path == "/fhir/Patient/p1":
            self._say(next(r for r in WHOLE if r["resourceType"] == "Patient") | {"id": "p1"})
        else:
            kind, page = url.path.rpartition("/")[2], int(parse_qs(url.query).get("page", ["0"])[0])
            mine = [r | {"subject": {"reference": "Patient/p1"}} for r in WHOLE if r["resourceType"] == kind]
            half = len(mine) // 2
            part = (
                mine[:half] if kind == "Observation" and page == 0 else mine[half:] if kind == "Observation" else mine
            )
            more = (
                [{"relation": "next", "url": f"{base}/Observation?page=1"}]
                if kind == "Observation" and page == 0
                else []
            )
            self._say(
                {"resourceType": "Bundle", "type": "searchset", "link": more, "entry": [{"resource": r} for r in part]}
            )

    def do_POST(self) -> None:
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if form["code"] != "the-code" or made != Ehr.challenge:
            self._say({"error": "invalid_grant"}, 400)
            return
        self._say(
            {"access_token": "patient-token", "token_type": "Bearer"} | ({"patient": "p1"} if Ehr.patient else {})
        )

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def ehr() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Ehr)
    Thread(target=server.serve_forever, daemon=True).start()
    Ehr.next_host, Ehr.patient = "", True
    yield f"http://127.0.0.1:{server.server_address[1]}/fhir"
    server.shutdown()


@pytest.fixture
def browser(ehr: str, tmp_path: Any) -> Iterator[TestClient]:
    server = {"iss": ehr, "client_id": "fetuin", "tenant": "clinic"}
    app = create(settings(tmp_path, auth=("smart",), fhir_servers=(server,), private_networks=True, warm=False))
    with TestClient(app, base_url=BASE, follow_redirects=False) as found:
        yield found


def begun(browser: TestClient, ehr: str) -> dict[str, str]:
    answer = browser.get("/smart/launch", params={"iss": ehr, "launch": "xyz"})
    assert answer.status_code == 302, answer.text
    asked = {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    Ehr.challenge = asked["code_challenge"]
    return asked


def test_a_launch_ends_with_the_record_and_its_assessment(browser: TestClient, ehr: str) -> None:
    asked = begun(browser, ehr)
    assert (asked["aud"], asked["launch"], asked["code_challenge_method"], asked["redirect_uri"]) == (
        ehr,
        "xyz",
        "S256",
        f"{BASE}/smart/callback",
    )
    assert {"launch", "patient/Observation.rs"} <= set(asked["scope"].split())
    back = browser.get("/smart/callback", params={"state": asked["state"], "code": "the-code"})
    assert back.status_code == 303, back.text
    name = back.headers["location"].rpartition("=")[2]
    assert browser.get("/api/session").json()["tenant"] == "clinic"
    found = browser.get(f"/api/smart/{name}").json()
    kinds = [e["resource"]["resourceType"] for e in found["entry"]]
    assert kinds.count("Observation") == sum(r["resourceType"] == "Observation" for r in WHOLE)
    told = browser.post("/api/assess", json={"record": found}).json()
    assert told["assessments"][0]["answer"] == "dystrophic"
    assert browser.get(f"/api/smart/{name}").status_code == 404


def test_another_browser_cannot_finish_a_launch(browser: TestClient, ehr: str) -> None:
    asked = begun(browser, ehr)
    browser.cookies.clear()
    assert browser.get("/smart/callback", params={"state": asked["state"], "code": "the-code"}).status_code == 403


def test_a_launch_is_finished_once_and_a_wrong_code_gives_nothing(browser: TestClient, ehr: str) -> None:
    asked = begun(browser, ehr)
    assert browser.get("/smart/callback", params={"state": asked["state"], "code": "wrong"}).status_code == 401
    assert browser.get("/smart/callback", params={"state": asked["state"], "code": "the-code"}).status_code == 403
    assert browser.get("/api/session").status_code == 401


def test_an_ehr_that_is_not_listed_or_leads_elsewhere_is_refused(browser: TestClient, ehr: str) -> None:
    assert browser.get("/smart/launch", params={"iss": "https://evil.example/fhir", "launch": "x"}).status_code == 403
    Ehr.next_host = "http://evil.example"
    assert browser.get("/smart/launch", params={"iss": ehr, "launch": "x"}).status_code == 403


def test_a_launch_without_a_patient_is_refused(browser: TestClient, ehr: str) -> None:
    Ehr.patient = False
    asked = begun(browser, ehr)
    assert browser.get("/smart/callback", params={"state": asked["state"], "code": "the-code"}).status_code == 403


def test_another_tenant_does_not_get_the_record() -> None:
    name = smart.RECORDS.put(("clinic", {}))
    assert smart.RECORDS.take(name) == ("clinic", {})
    assert smart.RECORDS.take(name) is None
