"""A running service in this process, with callers of two tenants and every role."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fetuin.service.app import create
from fetuin.service.settings import Limits, Settings

BASE = "http://127.0.0.1:8321"
TENANTS, ROLES = ("north", "south"), ("viewer", "analyst", "admin")


def token(tenant: str, role: str) -> str:
    """The secret of a caller."""
    return f"secret-of-{tenant}-{role}"


TOKENS = tuple(
    {"sha256": hashlib.sha256(token(t, r).encode()).hexdigest(), "subject": f"{r} of {t}", "tenant": t, "role": r}
    for t in TENANTS
    for r in ROLES
)


def settings(state: Path, **changes: object) -> Settings:
    """Settings of a service that lets the callers above in; no budget and long patience, for a machine that does much else."""
    limits = Limits(rate=1e9, burst=1e9, hook_seconds=120.0, simulate_seconds=120.0, file_seconds=300.0)
    told = Settings(auth=("token", "local"), state=str(state), tokens=TOKENS, limits=limits)
    return replace(told, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create(settings(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="module")
def running(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client


Caller = Callable[..., TestClient]


@pytest.fixture
def caller(app: FastAPI, running: TestClient) -> Caller:
    """`caller(tenant, role)`: a client of that caller; no argument is the analyst of north."""

    def made(tenant: str = "north", role: str = "analyst") -> TestClient:
        return TestClient(
            app,
            base_url=BASE,
            raise_server_exceptions=False,
            headers={"Authorization": f"Bearer {token(tenant, role)}"},
        )

    return made
