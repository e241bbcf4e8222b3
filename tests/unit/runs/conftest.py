"""The same tests on both databases: SQLite always, PostgreSQL where FETUIN_TEST_POSTGRES names a server (URL)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from fetuin.runs.database import Database, open_database

WITHOUT = "FETUIN_TEST_POSTGRES does not name a PostgreSQL server (postgresql://USER@HOST:PORT/NAME)"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    server = os.environ.get("FETUIN_TEST_POSTGRES")
    if not server:
        pytest.skip(WITHOUT)
    import psycopg

    schema = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as c:
        c.execute(f"CREATE SCHEMA {schema}")
    yield f"{server}?options=-csearch_path%3D{schema}"
    with psycopg.connect(server, autocommit=True) as c:
        c.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    from fetuin.runs import store

    found = open_database(url, store.TABLES)
    yield found
    found.close()
