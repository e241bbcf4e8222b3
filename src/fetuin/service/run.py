"""Starting everything: settings, one-time address, worker processes for jobs, the HTTP server; and ending it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from fetuin.errors import UsageError
from fetuin.runs.database import open_database
from fetuin.service import listener, tables
from fetuin.service.auth import local
from fetuin.service.fair import Board
from fetuin.service.settings import VARIABLE, Settings, read_config

LOOK, GRACE = 1.0, 10.0  # s between two looks at the workers; s that one has to finish its chunk; assumptions


def settings_of(given: dict[str, Any], config: Path | None) -> Settings:
    """Flags before the file, the file before the defaults."""
    told = (read_config(config) if config is not None else {}) | given
    if "auth" not in told and any(k in told for k in ("tokens", "clients", "oidc")):
        found = [m for m, k in (("token", "tokens"), ("cds-jwt", "clients"), ("oidc", "oidc")) if k in told]
        told["auth"] = tuple(found)
    if not told.get("state"):
        told["state"] = str(_state_folder())
    return Settings(**told).checked()


def _state_folder() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(os.environ.get("FETUIN_STATE") or Path(base) / "fetuin")


def serve(given: dict[str, Any], config: Path | None, workers: int, jobs: int, say: Callable[[str], None]) -> int:
    """Serve until interrupted. `say` tells the person the address."""
    if not (1 <= workers <= 64 and 0 <= jobs <= 64):
        raise UsageError("That many processes cannot be started.", fix="--workers 1 to 64, --jobs 0 to 64")
    settings = settings_of(given, config)
    sock = listener.bound(settings.host, settings.port)
    settings = Settings(**{**vars(settings), "port": sock.getsockname()[1]})
    Path(settings.state).mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ[VARIABLE] = settings.to_json()
    db = open_database(settings.database_url, tables.TABLES)
    if "local" in settings.auth:
        say(f"Open {settings.url}/?token={local.issue(db, 'token', local.TOKEN_SECONDS)}")
        say("The address works once, in one browser, for an hour. Ctrl-C ends the service.")
    else:
        say(f"Listening on {settings.url} ({', '.join(settings.auth)}). TLS is the proxy's business.")
    db.close()
    with _children(jobs, "fetuin.service.worker"):
        if workers == 1:
            listener.listen(sock)
        else:
            _several(sock, workers)
    return 0


def _several(sock: socket.socket, workers: int) -> None:
    """Processes that answer on one socket, until told to end."""
    with sock, TemporaryFile() as page:
        page.truncate(Board.SIZE)
        Board(page.fileno()).clear()
        sock.listen(listener.QUEUE)
        with _children(workers, "fetuin.service.listener", (sock.fileno(), page.fileno())):
            _until_told()


def _until_told() -> None:
    """Wait for Ctrl-C or the signal to end."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    while not told.wait(LOOK):
        pass


@contextmanager
def _children(n: int, module: str, handles: tuple[int, ...] = ()) -> Iterator[None]:
    """Processes that answer or do long work, replaced where one dies; at the end they finish what they are at."""
    children = [_child(module, k, handles) for k in range(n)]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK):
            for k, child in enumerate(children):
                if child.poll() is not None and not ended.is_set():
                    children[k] = _child(module, k, handles)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        for child in children:
            if child.stdin is not None:
                child.stdin.close()  # a child that hears nothing more ends after what it is at
        for child in children:
            try:
                child.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                child.kill()


def _child(module: str, number: int, handles: tuple[int, ...]) -> subprocess.Popen[bytes]:
    words = map(str, (number, *handles)) if handles else ()
    return subprocess.Popen([sys.executable, "-m", module, *words], stdin=subprocess.PIPE, pass_fds=handles)
