"""The audit: a chain for each tenant, whole under many writers, on both databases, and checked by `fetuin audit verify`."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.service.conftest import Caller

from fetuin.assays.audit import read, verify
from fetuin.cli.main import main
from fetuin.runs.database import Database, open_database
from fetuin.service import tables
from fetuin.service.audit import Audit, lines


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    server = os.environ.get("FETUIN_TEST_POSTGRES")
    if request.param == "postgresql":
        if not server:
            pytest.skip("FETUIN_TEST_POSTGRES does not name a PostgreSQL server")
        import psycopg

        schema = f"t{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as c:
            c.execute(f"CREATE SCHEMA {schema}")
        found = open_database(f"{server}?options=-csearch_path%3D{schema}", tables.TABLES)
        yield found
        found.close()
        with psycopg.connect(server, autocommit=True) as c:
            c.execute(f"DROP SCHEMA {schema} CASCADE")
        return
    found = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", tables.TABLES)
    yield found
    found.close()


def test_chains_of_many_writers_are_whole_and_apart(db: Database, tmp_path: Path) -> None:
    audits = [Audit(db), Audit(db)]  # as of two server processes

    def write(k: int) -> None:
        for j in range(10):
            audits[k % 2].write(
                ("a", "b")[k % 2 if j % 2 else 0], f"who {k}", "did", f"subject {j}", "because", after={"j": j}
            )

    threads = [threading.Thread(target=write, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for audit in audits:
        audit.close()
    counts = {}
    for tenant in ("a", "b"):
        file = tmp_path / f"{tenant}.jsonl"
        file.write_text("".join(lines(db, tenant)), "utf-8")
        verdict = verify(file)
        assert verdict.ok, verdict
        counts[tenant] = verdict.entries
        assert main(["audit", "verify", str(file), "--head", verdict.head]) == 0
    assert sum(counts.values()) == 80


def test_an_entry_without_a_reason_says_so_and_a_closed_audit_takes_none(db: Database, tmp_path: Path) -> None:
    audit = Audit(db)
    audit.write("a", "me", "did", "it", "  ")
    audit.close()
    (tmp_path / "x.jsonl").write_text("".join(lines(db, "a")), "utf-8")
    assert read(tmp_path / "x.jsonl")[0].why == "not said"
    with pytest.raises(RuntimeError):
        audit.write("a", "me", "did", "it", "why")


def test_a_changed_row_is_found(db: Database, tmp_path: Path) -> None:
    from fetuin.runs.database import change

    audit = Audit(db)
    for k in range(3):
        audit.write("a", "me", "did", f"s{k}", "why")
    audit.close()
    with db.write() as c:
        text = list(lines(db, "a"))[1]
        c.execute(
            change(tables.AUDIT, "a").where(tables.AUDIT.c.number == 2).values(entry=text.strip().replace("s1", "s9"))
        )
    (tmp_path / "x.jsonl").write_text("".join(lines(db, "a")), "utf-8")
    assert (verify(tmp_path / "x.jsonl").ok, verify(tmp_path / "x.jsonl").line) == (False, 2)


def test_over_http_a_decision_is_recorded_with_its_author(caller: Caller, tmp_path: Path) -> None:
    body = {
        "what": "accepted",
        "subject": "plate P1, well B03",
        "why": "looks right",
        "before": None,
        "after": {"t50_min": 287.4},
    }
    number = caller().post("/api/audit", json=body).json()["number"]
    answer = caller(role="admin").get("/api/audit")
    entry = next(e for e in map(json.loads, answer.text.splitlines()) if e["number"] == number)
    assert (entry["who"], entry["what"], entry["after"]) == ("analyst of north", "accepted", {"t50_min": 287.4})
    (tmp_path / "x.jsonl").write_text(answer.text, "utf-8")
    assert verify(tmp_path / "x.jsonl", head=answer.headers["X-Audit-Head"]).ok
