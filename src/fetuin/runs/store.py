"""Durable jobs: a table with leases and fencing, and a checkpoint for every chunk.

A worker claims a job for the time of a lease. Each claim raises the job's fence; a write with an older fence is refused, so
that a worker that was thought dead cannot disturb the one that took over. A chunk's result and the renewal of the lease
are one transaction: what is done is never done again, what is not done is done by the next who claims.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, and_, or_, select
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import REAL

from fetuin.errors import FetuinError, InputError, LimitError, UsageError
from fetuin.runs.database import Database, change, remove, rows

TABLES = MetaData()
Moment: Any = REAL().with_variant(DOUBLE_PRECISION(), "postgresql")  # SQLite's REAL has 8 bytes, PostgreSQL's 4
JOBS = Table(
    "jobs", TABLES,
    Column("id", Text, primary_key=True), Column("tenant", Text, nullable=False), Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False), Column("parameters", Text, nullable=False), Column("key", Text),
    Column("state", Text, nullable=False), Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False, default=0), Column("fence", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0), Column("worker", Text), Column("lease_until", Moment),
    Column("result", Text), Column("error", Text), Column("created", Moment, nullable=False), Column("changed", Moment, nullable=False),
    UniqueConstraint("tenant", "key"), Index("jobs_waiting", "state", "created"), sqlite_strict=True,
)  # fmt: skip
CHUNKS = Table(
    "chunks", TABLES,
    Column("job", Text, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True), Column("tenant", Text, nullable=False),
    Column("result", Text, nullable=False), sqlite_strict=True,
)  # fmt: skip
LEASE = 15.0  # s; assumption: several heartbeats long, short enough that a killed worker's job soon goes on
MOST_ATTEMPTS = 60  # claims without one finished chunk between them: the chunk kills its worker; assumption
MOST_WAITING = 100  # jobs of one tenant that wait or run; assumption
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Job:
    """One job as it stands. `done` of `total` chunks; `error` and `result` where it ended so."""

    id: str
    tenant: str
    owner: str
    kind: str
    parameters: Mapping[str, Any]
    state: str  # queued, running, done, failed, cancelled
    total: int
    done: int
    fence: int
    result: Any = None
    error: Mapping[str, str] | None = None
    created: float = 0.0
    changed: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """What its owner may see."""
        names = ("id", "kind", "parameters", "state", "total", "done", "error", "created", "changed")
        return {n: getattr(self, n) for n in names}


class LeaseLost(FetuinError):  # noqa: N818 (it is news, not a mistake)
    """Another worker has the job, or it was cancelled: stop, and write nothing."""


def _job(row: Any, result: bool = False) -> Job:
    r = row._mapping
    return Job(
        r["id"], r["tenant"], r["owner"], r["kind"], json.loads(r["parameters"]), r["state"], r["total"], r["done"], r["fence"],
        json.loads(r["result"]) if result and r["result"] else None, json.loads(r["error"]) if r["error"] else None,
        r["created"], r["changed"],
    )  # fmt: skip


def submit(
    db: Database, tenant: str, owner: str, kind: str, parameters: Mapping[str, Any], total: int, key: str | None = None
) -> Job:
    """A new job, on the disk when this returns. The same `key` again is the same job (UsageError if it asks for another)."""
    text = json.dumps(dict(parameters), sort_keys=True, allow_nan=False)
    try:
        return _submit(db, tenant, owner, kind, text, total, key)
    except IntegrityError:  # the same key came twice at once
        return _submit(db, tenant, owner, kind, text, total, key)


def _submit(db: Database, tenant: str, owner: str, kind: str, text: str, total: int, key: str | None) -> Job:
    with db.write() as c:
        if key is not None and (old := c.execute(rows(JOBS, tenant).where(JOBS.c.key == key)).first()):
            if (old.kind, old.parameters) != (kind, text):
                raise UsageError("This idempotency key was used for another job.", fix="give each job its own key")
            return _job(old)
        waiting = c.execute(rows(JOBS, tenant).where(JOBS.c.state.notin_(ENDED))).all()
        if len(waiting) >= MOST_WAITING:
            raise LimitError(f"{MOST_WAITING} jobs wait already.", fix="wait for one to end, or cancel one")
        now = db.now(c)
        fresh = {
            "id": uuid.uuid4().hex, "tenant": tenant, "owner": owner, "kind": kind, "parameters": text, "key": key,
            "state": "queued", "total": total, "created": now, "changed": now,
        }  # fmt: skip
        c.execute(JOBS.insert().values(fresh))
        return _job(c.execute(rows(JOBS, tenant).where(JOBS.c.id == fresh["id"])).one())


def find(db: Database, tenant: str, job: str) -> Job:
    """A job of a tenant, with its result. InputError where the tenant has none of that id."""
    with db.read() as c:
        return _found(c, tenant, job)


def _found(c: Any, tenant: str, job: str) -> Job:
    row = c.execute(rows(JOBS, tenant).where(JOBS.c.id == job)).first()
    if row is None:
        raise InputError("There is no such job.", where="job", fix="ask for the list of jobs", code="FET-I404")
    return _job(row, result=True)


def listed(db: Database, tenant: str, limit: int = 100) -> list[Job]:
    """The latest jobs of a tenant, newest first."""
    with db.read() as c:
        return [_job(r) for r in c.execute(rows(JOBS, tenant).order_by(JOBS.c.created.desc()).limit(limit))]


def parameters_of(db: Database, tenant: str, kind: str) -> list[dict[str, Any]]:
    """What every job of a kind of a tenant was asked with."""
    with db.read() as c:
        return [json.loads(r.parameters) for r in c.execute(rows(JOBS, tenant).where(JOBS.c.kind == kind))]


def cancel(db: Database, tenant: str, job: str) -> Job:
    """Stop a job that has not ended. Its finished chunks stay; its worker's next write is refused."""
    open_ = and_(JOBS.c.id == job, JOBS.c.state.notin_(ENDED))
    return _turn(db, tenant, job, open_, {"state": "cancelled", "fence": JOBS.c.fence + 1, "worker": None})


def resume(db: Database, tenant: str, job: str) -> Job:
    """Let a cancelled or failed job go on from its finished chunks."""
    stopped = and_(JOBS.c.id == job, JOBS.c.state.in_(("cancelled", "failed")))
    return _turn(db, tenant, job, stopped, {"state": "queued", "error": None, "attempts": 0, "fence": JOBS.c.fence + 1})


def delete(db: Database, tenant: str, job: str) -> None:
    """Remove a job that has ended, with its chunks and its result."""
    ended = and_(
        JOBS.c.id == job, JOBS.c.state.in_(ENDED)
    )  # asked in the statement that removes: it may be resumed meanwhile
    with db.write() as c:
        gone = c.execute(remove(JOBS, tenant).where(ended)).rowcount
    if not gone and find(db, tenant, job):
        raise UsageError("The job has not ended.", fix="cancel it first")


def _turn(db: Database, tenant: str, job: str, where: Any, values: dict[str, Any]) -> Job:
    with db.write() as c:
        c.execute(change(JOBS, tenant).where(where).values(values | {"changed": db.now(c)}))
        return _found(c, tenant, job)  # in the same transaction: it may be removed a moment later


# --- for workers, who serve every tenant ---


def claim(db: Database, worker: str, lease: float = LEASE) -> Job | None:
    """The oldest job that waits, or whose worker let its lease run out; None where there is none.

    PostgreSQL passes over a job that another connection is changing at this moment: the next claim finds it.
    """
    with db.write() as c:
        now = db.now(c)
        free = or_(JOBS.c.state == "queued", and_(JOBS.c.state == "running", JOBS.c.lease_until < now))
        row = c.execute(
            select(JOBS).where(free).order_by(JOBS.c.created).limit(1).with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        mine = JOBS.c.id == row.id
        if row.attempts >= MOST_ATTEMPTS:
            told = {
                "code": "FET-X071",
                "what": f"no chunk was finished in {MOST_ATTEMPTS} attempts",
                "fix": "report it",
            }
            c.execute(JOBS.update().where(mine).values(state="failed", error=json.dumps(told), changed=now))
            return None
        taken = {"state": "running", "worker": worker, "fence": row.fence + 1, "attempts": row.attempts + 1,
                 "lease_until": now + lease, "changed": now}  # fmt: skip
        c.execute(JOBS.update().where(mine).values(taken))
        return _job(c.execute(select(JOBS).where(mine)).one())


def finished(db: Database, job: Job) -> dict[int, Any]:
    """{number: result} of the chunks that are done."""
    with db.read() as c:
        return {
            r.number: json.loads(r.result) for r in c.execute(rows(CHUNKS, job.tenant).where(CHUNKS.c.job == job.id))
        }


def _held(db: Database, c: Any, job: Job, values: dict[str, Any]) -> None:
    """Change a job that is still ours, or LeaseLost."""
    mine = and_(JOBS.c.id == job.id, JOBS.c.fence == job.fence, JOBS.c.state == "running")
    if c.execute(change(JOBS, job.tenant).where(mine).values(values | {"changed": db.now(c)})).rowcount != 1:
        raise LeaseLost("The job is no longer this worker's.")


def renew(db: Database, job: Job, lease: float = LEASE) -> None:
    """Keep the lease during a long chunk."""
    with db.write() as c:
        _held(db, c, job, {"lease_until": db.now(c) + lease})


def checkpoint(db: Database, job: Job, number: int, result: Any, lease: float = LEASE) -> Any:
    """Keep the result of a chunk and renew the lease, in one transaction. Returns it as the next worker would read it."""
    text = json.dumps(result, allow_nan=False)
    with db.write() as c:
        _held(db, c, job, {"lease_until": db.now(c) + lease, "done": JOBS.c.done + 1, "attempts": 0})
        c.execute(CHUNKS.insert().values(job=job.id, number=number, tenant=job.tenant, result=text))
    return json.loads(text)


def finish(db: Database, job: Job, result: Any) -> None:
    """The job is done, with its result."""
    with db.write() as c:
        _held(db, c, job, {"state": "done", "result": json.dumps(result, allow_nan=False), "worker": None})


def fail(db: Database, job: Job, error: Mapping[str, str]) -> None:
    """The job failed, and why. Its finished chunks stay for `resume`."""
    with db.write() as c:
        _held(db, c, job, {"state": "failed", "error": json.dumps(dict(error)), "worker": None})
