"""Where it may listen, whom it lets in, what each role may do, and that no tenant sees another's."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from tests.unit.service.conftest import BASE, TOKENS, Caller, settings, token

import fetuin.service
from fetuin.errors import FetuinError, UsageError
from fetuin.runs import store
from fetuin.service.app import create
from fetuin.service.auth import local
from fetuin.service.principal import ROLES, Needs
from fetuin.service.routes.health import OPEN
from fetuin.service.routes.smart import OPEN as LAUNCH
from fetuin.service.run import settings_of
from fetuin.service.settings import Settings

PAGES = (
    "/",
    "/{name:path}",
)  # the workbench: static files without a person's data; the first asks for the session itself


def routes(app: FastAPI) -> list[APIRoute]:
    """Every route of the application, also those of included routers."""
    found: list[APIRoute] = []

    def walk(listed: Any) -> None:
        for r in listed:
            if isinstance(r, APIRoute):
                found.append(r)
            elif inner := getattr(r, "routes", None) or getattr(getattr(r, "original_router", None), "routes", None):
                walk(inner)

    walk(app.routes)
    return found


def needed(route: APIRoute) -> list[str]:
    """Roles that a route asks for."""
    return [d.call.role for d in route.dependant.dependencies if isinstance(d.call, Needs)]


# --- where it may listen ---


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
@pytest.mark.parametrize("auth", [("local",), (), ("token", "local")])
def test_another_address_needs_authentication(host: str, auth: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="not this machine alone"):
        Settings(host=host, auth=auth, tokens=TOKENS).checked()


def test_another_address_needs_a_proxy_for_tls() -> None:
    with pytest.raises(UsageError, match="TLS"):
        Settings(host="0.0.0.0", auth=("token",), tokens=TOKENS).checked()
    with pytest.raises(UsageError, match="public address"):
        Settings(host="0.0.0.0", auth=("token",), tokens=TOKENS, behind_proxy=True, public_url="http://x").checked()
    Settings(
        host="0.0.0.0", auth=("token",), tokens=TOKENS, behind_proxy=True, public_url="https://x.example"
    ).checked()


@pytest.mark.parametrize("mode", ["token", "cds-jwt", "oidc"])
def test_a_mode_that_lets_nobody_in_is_refused(mode: str) -> None:
    with pytest.raises(UsageError, match="nobody"):
        Settings(auth=(mode,)).checked()


def test_flags_come_before_the_file_and_unknown_words_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(
        'port = 9\n[[token]]\nsha256 = "a"\nsubject = "s"\ntenant = "t"\nrole = "viewer"\n[limits]\njson_bytes = 10\n'
    )
    found = settings_of({"port": 7, "state": str(tmp_path)}, file)
    assert (found.port, found.auth, found.limits.json_bytes) == (7, ("token",), 10)
    file.write_text("prot = 9\n")
    with pytest.raises(UsageError, match="prot"):
        settings_of({"state": str(tmp_path)}, file)


# --- this machine alone ---


def test_the_address_works_once_and_gives_a_strict_cookie(app: FastAPI, running: TestClient) -> None:
    secret = local.issue(app.state.service.db, "token", 60.0)
    browser = TestClient(app, base_url=BASE, follow_redirects=False)
    answer = browser.get(f"/?token={secret}")
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    assert browser.get("/api/session").json()["mode"] == "local"
    browser.cookies.clear()
    assert browser.get(f"/?token={secret}").status_code == 401
    assert browser.get("/api/session").status_code == 401
    assert browser.get("/").status_code == 401


def test_an_address_that_is_too_old_is_refused(app: FastAPI, running: TestClient) -> None:
    secret = local.issue(app.state.service.db, "token", -1.0)
    assert running.get(f"/?token={secret}").status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "", "169.254.169.254", "[::2]:8321"]
)
def test_another_host_is_refused(running: TestClient, host: str) -> None:
    assert running.get("/api/session", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:8321", "[::1]:8321"])
def test_this_machine_is_answered(running: TestClient, host: str) -> None:
    assert running.get("/api/session", headers={"Host": host}).status_code == 401


def test_another_site_cannot_use_the_cookie(app: FastAPI, running: TestClient) -> None:
    secret = local.issue(app.state.service.db, "session", 60.0)
    head = {"Cookie": f"{local.COOKIE}={secret}"}
    body = {"kind": "validate", "parameters": {"name": "no such"}}
    assert running.post("/api/jobs", json=body, headers=head | {"Origin": "https://evil.example"}).status_code == 401
    assert running.post("/api/jobs", json=body, headers=head | {"Origin": BASE}).status_code == 400


def test_every_answer_has_the_strict_headers(running: TestClient) -> None:
    for url in ("/", "/health/live", "/api/session", "/none"):
        head = running.get(url).headers
        assert "default-src 'none'" in head["content-security-policy"]
        assert "unsafe-inline" not in head["content-security-policy"]
        assert head["x-content-type-options"] == "nosniff"
        assert head["x-frame-options"] == "DENY"
        assert head["referrer-policy"] == "no-referrer"


def test_nothing_outside_the_workbench_folder_is_served(running: TestClient) -> None:
    for path in ("/../app.py", "/..%2fapp.py", "/%2e%2e/app.py", "/assets/..%2f..%2fapp.py", "//etc/passwd", "/.."):
        answer = running.get(path)
        assert answer.status_code in (400, 401, 404, 503)
        assert "import" not in answer.text


# --- roles ---


def test_every_route_names_one_role_or_is_known_to_be_open(app: FastAPI) -> None:
    every = routes(app)
    assert len(every) > 30
    for r in every:
        if r.path in (*OPEN, *LAUNCH, *PAGES):
            assert needed(r) == []
        else:
            assert len(needed(r)) == 1, r.path
            assert needed(r)[0] in ROLES


def filled(path: str, job: str) -> str:
    """A path with its parameters: the job of another tenant where it is about a job."""
    known = {
        "job": job,
        "name": "dermatomyositis-hip",
        "id": "fetuin-mechanism",
        "screen": "patient",
        "input_id": "0" * 32,
    }
    return re.sub(r"{(\w+)(:path)?}", lambda m: known[m[1]], path)


def test_a_role_opens_what_it_may_and_nothing_above(app: FastAPI, caller: Caller) -> None:
    for r in routes(app):
        for role in needed(r):
            for mine in ROLES:
                url = filled(r.path, "0" * 32)
                method = next(iter(r.methods))
                status = caller(role=mine).request(method, url).status_code
                allowed = ROLES.index(mine) >= ROLES.index(role)
                assert (status == 403) != allowed, (method, url, mine, status)
                assert status < 500


def test_two_tenants_and_every_route_without_a_leak(app: FastAPI, caller: Caller) -> None:
    service = app.state.service
    mark = "north-only-4711"
    job = store.submit(service.db, "north", "analyst of north", "validate", {"name": mark}, 1)
    service.audit.write("north", mark, mark, mark, mark)
    touched = 0
    for r in routes(app):
        for method in r.methods:
            for role in ROLES:
                if r.path.endswith("/events") and role == "none":
                    continue
                answer = caller("south", role).request(method, filled(r.path, job.id))
                touched += 1
                assert mark not in answer.text, (method, r.path, role)
                if "{job}" in r.path:
                    assert answer.status_code in (403, 404), (method, r.path, role, answer.status_code)
    assert touched > 90
    assert store.find(service.db, "north", job.id).state == "queued"
    assert mark in caller("north", "admin").get("/api/audit").text
    store.cancel(service.db, "north", job.id)


def test_only_the_one_query_function_selects_rows_of_tenants() -> None:
    """`select(` on a table with a tenant stands only where sessions are found by their secret, and in the workers' part."""
    root = Path(inspect.getfile(fetuin.service)).parent
    allowed = {"auth/local.py", "routes/health.py"}
    for file in root.rglob("*.py"):
        name = file.relative_to(root).as_posix()
        if re.search(r"\bselect\(|\.update\(\)\.|\.delete\(\)\.where", file.read_text("utf-8")) and name not in allowed:
            assert name == "auth/jwt.py", name  # the list of used numbers has no tenant


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer " + token("north", "root"), "bearer"]
)
def test_an_unknown_token_is_refused(running: TestClient, given: str) -> None:
    assert running.get("/api/session", headers={"Authorization": given}).status_code == 401


def test_too_many_calls_are_told_when_to_come_again(tmp_path: Path) -> None:
    from fetuin.service.settings import Limits

    app = create(settings(tmp_path, limits=Limits(rate=0.5, burst=3.0)))
    with TestClient(app, base_url=BASE, headers={"Authorization": f"Bearer {token('north', 'viewer')}"}) as c:
        answers = [c.get("/api/session") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert "RateLimit" in answers[-1].headers
        other = c.get("/api/session", headers={"Authorization": f"Bearer {token('south', 'viewer')}"})
        assert other.status_code == 200


def test_settings_reach_a_worker_process_unchanged(tmp_path: Path) -> None:
    from fetuin.service.settings import from_json

    given = settings(tmp_path)
    assert from_json(given.to_json()).limits == given.limits
    assert from_json(given.to_json()).tokens == given.tokens
    assert isinstance(FetuinError("x"), Exception)


def test_only_listed_origins_may_call_from_a_browser(tmp_path: Path) -> None:
    good, bad = "https://sandbox.example.org", "https://evil.example"
    app = create(settings(tmp_path, origins=(good,), warm=False))
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    with TestClient(app, base_url=BASE) as c:
        told = c.options("/cds-services/fetuin-mechanism", headers=ask | {"Origin": good})
        assert told.status_code == 200
        assert told.headers["access-control-allow-origin"] == good
        assert "access-control-allow-credentials" not in told.headers
        assert "access-control-allow-origin" not in c.options("/cds-services", headers=ask | {"Origin": bad}).headers
