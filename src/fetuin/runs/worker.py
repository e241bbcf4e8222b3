"""A worker: claims jobs, does their chunks one by one, keeps each, and keeps its lease while a chunk takes long."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fetuin.errors import FetuinError
from fetuin.runs import store
from fetuin.runs.database import Database

IDLE = 0.2  # s between two looks at an empty table; assumption


@dataclass(frozen=True)
class Work:
    """A kind of work, cut into chunks. All three are pure: the same parameters give the same bits, in any order.

    count    how many chunks the parameters ask for; raises for parameters that are wrong
    chunk    the JSON-ready result of one chunk
    join     the result of the job from those of its chunks, in their order
    """

    count: Callable[[Mapping[str, Any]], int]
    chunk: Callable[[Mapping[str, Any], int], Any]
    join: Callable[[Mapping[str, Any], list[Any]], Any]


def run(db: Database, kinds: Mapping[str, Work], stop: Callable[[], bool], *, lease: float = store.LEASE,
        told: Callable[[str, store.Job], None] = lambda event, job: None) -> None:  # fmt: skip
    """Work until `stop()`, which is asked between chunks. `told` hears what happens to a job, without its content."""
    name = uuid.uuid4().hex
    while not stop():
        job = store.claim(db, name, lease)
        if job is None:
            time.sleep(IDLE)
            continue
        told("claimed", job)
        told(_one(db, kinds, job, stop, lease), job)


def _one(db: Database, kinds: Mapping[str, Work], job: store.Job, stop: Callable[[], bool], lease: float) -> str:
    """Do a job as far as it goes; how it ended."""
    try:
        with _heart(db, job, lease):
            work = kinds[job.kind]
            results = store.finished(db, job)
            for number in range(job.total):
                if number in results:
                    continue
                if stop():
                    return "left"  # its lease runs out and another goes on
                results[number] = store.checkpoint(db, job, number, work.chunk(job.parameters, number), lease)
            store.finish(db, job, work.join(job.parameters, [results[k] for k in range(job.total)]))
        return "done"
    except store.LeaseLost:
        return "lost"
    except Exception as error:
        told = error.to_dict() if isinstance(error, FetuinError) else {
            "code": "FET-X070", "what": f"internal error: {type(error).__name__}"}  # fmt: skip
        try:
            store.fail(db, job, told)
        except store.LeaseLost:
            return "lost"
        return "failed"


class _heart:  # noqa: N801 (used as a word: `with _heart(...)`)
    """Renews the lease every third of it."""

    def __init__(self, db: Database, job: store.Job, lease: float) -> None:
        self.db, self.job, self.lease, self.ended = db, job, lease, threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while not self.ended.wait(self.lease / 3):
            try:
                store.renew(self.db, self.job, self.lease)
            except FetuinError:
                return  # the next write finds out

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
