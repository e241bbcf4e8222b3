"""The process that does long work: `python -m fetuin.service.worker`, started by `fetuin serve`, or by itself.

It ends after its chunk when its standard input closes: so it does not outlive the server that started it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from fetuin.runs import store, worker
from fetuin.runs.database import open_database
from fetuin.service import log
from fetuin.service.kinds import kinds
from fetuin.service.settings import Settings, from_environment


def main(settings: Settings | None = None, lease: float = store.LEASE) -> None:
    """Work until told to end."""
    settings = settings or from_environment()
    log.silence()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    if not sys.stdin.isatty():
        threading.Thread(target=_until_closed, args=(ended,), daemon=True).start()
    key = Path(settings.state) / "log.key"
    writer = log.Log(key.read_bytes() if key.is_file() else os.urandom(32))

    def told(event: str, job: store.Job) -> None:
        writer.write(f"job {event}", job=job.id, kind=job.kind, tenant=writer.digest(job.tenant))

    db = open_database(settings.database_url, store.TABLES)
    works = {name: kind.work for name, kind in kinds().items()}
    worker.run(db, works, ended.is_set, lease=lease, told=told)
    db.close()


def _until_closed(ended: threading.Event) -> None:
    sys.stdin.buffer.read()
    ended.set()


if __name__ == "__main__":
    main(lease=float(os.environ.get("FETUIN_LEASE", store.LEASE)))
