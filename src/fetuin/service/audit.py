"""The audit: who did what, when, why, with which outcome; one hash chain a tenant, written before the answer is given.

Entries have the fields of `fetuin.assays.audit`, so that an exported audit is checked by `fetuin audit verify`. A thread
writes all entries that wait in one transaction: many callers share one commit. Where the service is crowded it waits a moment
for the next ones, so that commits do not take the time of the work itself.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection

from fetuin.assays.audit import FIRST, digest
from fetuin.notice import __version__
from fetuin.runs.database import Database, rows
from fetuin.service.tables import AUDIT

Item = tuple[str, dict[str, Any], "Future[int]"]
MOST_AT_ONCE = 500  # entries of one transaction; assumption
LINGER = 0.02  # s that a commit waits for company where more is coming; assumption


class Audit:
    """The audit of a database. `write` returns when the entry is on the disk."""

    def __init__(self, db: Database, crowded: Callable[[], bool] = lambda: False) -> None:
        self.db, self.crowded = db, crowded
        self.waiting: SimpleQueue[Item | None] = SimpleQueue()
        self.thread = threading.Thread(target=self._serve, daemon=True, name="audit")
        self.thread.start()

    def write(
        self, tenant: str, who: str, what: str, subject: str, why: str, before: Any = None, after: Any = None
    ) -> int:
        """Append one entry to the chain of a tenant; its number. Text is cut to 500 characters a field."""
        return self.begin(tenant, who, what, subject, why, before, after).result(timeout=60)

    def begin(
        self, tenant: str, who: str, what: str, subject: str, why: str, before: Any = None, after: Any = None
    ) -> Future[int]:
        """The same without waiting: the number comes when the entry is on the disk (`asyncio.wrap_future`)."""
        fields = {"who": who, "what": what, "subject": subject, "why": why}
        entry: dict[str, Any] = {k: (v.strip() or "not said")[:500] for k, v in fields.items()}
        if not self.thread.is_alive():
            raise RuntimeError("the audit is closed")  # nothing may be done that is not recorded
        done: Future[int] = Future()
        self.waiting.put((tenant, entry | {"before": before, "after": after}, done))
        return done

    def close(self) -> None:
        """Write what waits, then end."""
        self.waiting.put(None)
        self.thread.join(timeout=60)

    def _serve(self) -> None:
        while (first := self.waiting.get()) is not None:
            if self.crowded():
                time.sleep(LINGER)
            batch: list[Item] = [first]
            ended = False
            while len(batch) < MOST_AT_ONCE and not self.waiting.empty():
                if (item := self.waiting.get()) is None:
                    ended = True
                    break
                batch.append(item)
            self._commit(batch)
            if ended:
                return

    def _commit(self, batch: list[Item]) -> None:
        try:
            with self.db.write() as c:
                if self.db.postgres:
                    c.exec_driver_sql("SELECT pg_advisory_xact_lock(7305819)")  # one writer of chains at a time
                numbers = _append(c, batch)
        except Exception as error:
            for _, _, done in batch:
                done.set_exception(error)
            return
        for (_, _, done), number in zip(batch, numbers, strict=True):
            done.set_result(number)


def _append(c: Connection, batch: list[Item]) -> list[int]:
    heads: dict[str, tuple[int, str]] = {}
    found, new = [], []
    for tenant, fields, _ in batch:
        number, previous = heads[tenant] if tenant in heads else head(c, tenant)
        entry = {
            "number": number + 1, "at": datetime.now(UTC).isoformat(timespec="milliseconds"), **fields, "version": __version__,
            "previous": previous,
        }  # fmt: skip
        entry["hash"] = digest(entry)
        text = json.dumps(entry, ensure_ascii=False, allow_nan=False)
        new.append({"tenant": tenant, "number": number + 1, "entry": text, "hash": entry["hash"]})
        heads[tenant] = (number + 1, entry["hash"])
        found.append(number + 1)
    c.execute(AUDIT.insert(), new)
    return found


def head(c: Connection, tenant: str) -> tuple[int, str]:
    """(number, hash) of a tenant's last entry."""
    newest = (
        rows(AUDIT, tenant).with_only_columns(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
    )
    last = c.execute(newest).first()
    return (0, FIRST) if last is None else (int(last.number), str(last.hash))


def lines(db: Database, tenant: str, after: int = 0, most: int = 1_000_000) -> Iterator[str]:
    """The audit of a tenant as lines of a file that `fetuin audit verify` takes."""
    with db.read() as c:
        for row in c.execute(rows(AUDIT, tenant).where(AUDIT.c.number > after).order_by(AUDIT.c.number).limit(most)):
            yield row.entry + "\n"
