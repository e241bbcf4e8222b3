"""Sequences of what servers and workers may do to the job table, against a model of it, on SQLite and on PostgreSQL.

    FETUIN_TEST_POSTGRES=postgresql://USER@HOST/NAME python benchmarks/store_sequences.py [--n 10000] [--only sqlite]

The model and the steps are those of the tests (tests/unit/runs/store_machine.py): submit, claim, renew, checkpoint, finish,
fail, cancel, resume, delete, a lease that runs out, a restart, and two of them at once. All that the tables hold is compared
after every step. A sequence is named by its seed and its number. Writes benchmarks/results/store_sequences.csv as it goes, so that a campaign that is cut keeps what
it has. Without the address of a PostgreSQL server, SQLite alone is done, and that is said.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "store_sequences.csv"
AGAIN = 100  # sequences between two restarts and writings of the figures


@contextmanager
def schema(server: str) -> Iterator[str]:
    """The address of an empty schema on the server, removed afterwards. No step waits for the disk: its order is asked."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as c:
        c.execute(f"CREATE SCHEMA {name}")
    try:
        yield f"{server}?options=-csearch_path%3D{name}%20-csynchronous_commit%3Doff"
    finally:
        with psycopg.connect(server, autocommit=True) as c:
            c.execute(f"DROP SCHEMA {name} CASCADE")


def campaign(database: str, url: str, n: int, first: int, seed: int, rows: dict[str, dict[str, Any]]) -> bool:
    """Whether `n` sequences on one database are as the model says."""
    from tests.unit.runs.store_machine import LIMITS, STEPS, Twins, drawn

    from fetuin.notice import __version__
    from fetuin.runs import store
    from fetuin.runs.database import open_database

    vars(store).update(LIMITS)
    db, begun, steps, races, wrong = open_database(url, store.TABLES), time.monotonic(), 0, 0, 0
    for k in range(first, first + n):
        draw, twins = Random(seed * 1_000_003 + k), Twins(db)
        try:
            for _ in range(STEPS):
                twins.do(drawn(draw))
        except Exception as error:
            wrong += 1
            print(
                f"{database}, sequence {k} of seed {seed}, step {twins.steps}: {type(error).__name__}: {error}",
                file=sys.stderr,
            )
        steps, races = steps + twins.steps, races + twins.races
        if k % AGAIN == 0:  # a restart of the server
            db.close()
            db = open_database(url, store.TABLES)
        if k % AGAIN == 0 or k == first + n - 1:
            rows[database] = {"date": date.today().isoformat(), "version": __version__, "seed": seed, "database": database, "n": k - first + 1,
                              "steps": steps, "races": races, "seconds": round(time.monotonic() - begun), "different": wrong}  # fmt: skip
            write(rows)
    db.close()
    print(rows[database], flush=True)
    return not wrong


def kept() -> dict[str, dict[str, Any]]:
    """The rows of earlier campaigns, by database."""
    if not RESULTS.exists():
        return {}
    with RESULTS.open(encoding="utf-8", newline="") as f:
        return {r["database"]: dict(r) for r in csv.DictReader(f)}


def write(rows: dict[str, dict[str, Any]]) -> None:
    """The figures so far."""
    with RESULTS.open("w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, list(next(iter(rows.values()))), lineterminator="\n")
        out.writeheader()
        out.writerows(rows[k] for k in sorted(rows))


def main() -> int:
    """Both databases."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--n", type=int, default=10_000)
    ask.add_argument("--first", type=int, default=1, help="number of the first sequence")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default="")
    given = ask.parse_args()
    sys.path.insert(0, str(ROOT))
    server, rows, fine = os.environ.get("FETUIN_TEST_POSTGRES"), kept(), True
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # what is asked is the order of things, not the disk
    if given.only in ("", "sqlite"):
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            fine &= campaign("SQLite", f"sqlite:///{folder}/jobs.sqlite", given.n, given.first, given.seed, rows)
    if given.only in ("", "postgresql"):
        if server:
            with schema(server) as url:
                fine &= campaign("PostgreSQL", url, given.n, given.first, given.seed, rows)
        else:
            print("FETUIN_TEST_POSTGRES names no server: PostgreSQL is left out", file=sys.stderr)
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
