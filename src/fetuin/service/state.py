"""What a running service holds: its settings, its database, its log, its counters, its budgets. Made once at the start."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from fetuin.runs import store
from fetuin.runs.database import Database, open_database
from fetuin.service import tables
from fetuin.service.audit import Audit
from fetuin.service.hurry import Lane
from fetuin.service.log import Log
from fetuin.service.metrics import Metrics
from fetuin.service.rate import Rate
from fetuin.service.settings import Settings


@dataclass(frozen=True)
class Service:
    """All that a route may need besides the request."""

    settings: Settings
    db: Database
    log: Log
    metrics: Metrics
    rate: Rate
    audit: Audit
    uploads: Path
    lane: Lane

    @contextmanager
    def upload(self, files: dict[str, bytes]) -> Iterator[dict[str, Path]]:
        """Files of a caller under names of ours, for as long as they are read; then they are gone."""
        folder = Path(mkdtemp(dir=self.uploads))
        try:
            for name, data in files.items():
                (folder / name).write_bytes(data)
            yield {name: folder / name for name in files}
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def start(settings: Settings) -> Service:
    """Open what a service needs. What a killed server left of uploads is removed."""
    folder = Path(settings.state)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _key(folder / "log.key")
    db = open_database(settings.database_url, store.TABLES, tables.TABLES)
    limits = settings.limits
    lane = Lane()
    audit = Audit(db, lane.crowded)
    return Service(settings, db, Log(key), Metrics(), Rate(limits.rate, limits.burst), audit, _uploads(folder), lane)


def _uploads(folder: Path) -> Path:
    """A folder of this process; those of processes that are gone are removed."""
    import os

    root = folder / "uploads"
    root.mkdir(exist_ok=True, mode=0o700)
    for old in root.iterdir():
        if old.name.isdigit() and not Path(f"/proc/{old.name}").exists():
            shutil.rmtree(old, ignore_errors=True)
    mine = root / str(os.getpid())
    mine.mkdir(exist_ok=True, mode=0o700)
    return mine


def _key(path: Path) -> bytes:
    """The key under which names go into the log as digests: made once, readable by its owner alone."""
    import os

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key: Any = secrets.token_bytes(32)
        file.write(key)
    return bytes(key)
