"""Starting everything: settings, one-time address, worker processes for jobs, the HTTP server; and ending it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from fetuin.errors import InputError, UsageError
from fetuin.runs.database import open_database
from fetuin.service import tables
from fetuin.service.auth import local
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
    sock = _socket(settings)
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
    with _workers(jobs):
        _listen(settings, sock, workers)
    return 0


@contextmanager
def _workers(n: int) -> Iterator[None]:
    """Processes for long work, replaced where one dies; at the end they finish the chunk they are at."""
    children = [_worker() for _ in range(n)]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK):
            for k, child in enumerate(children):
                if child.poll() is not None and not ended.is_set():
                    children[k] = _worker()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        for child in children:
            if child.stdin is not None:
                child.stdin.close()  # a worker that hears nothing more ends after its chunk
        for child in children:
            try:
                child.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                child.kill()


def _socket(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
    except OSError as error:
        raise InputError(f"Port {settings.port} cannot be used.", where="--port", why=error.strerror or "",
                         fix="choose another port, or --port 0 for a free one") from None  # fmt: skip
    sock.set_inheritable(True)
    return sock


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "fetuin.service.worker"], stdin=subprocess.PIPE)


def _listen(settings: Settings, sock: socket.socket, workers: int) -> None:
    config = uvicorn.Config(
        "fetuin.service.app:create", factory=True, workers=workers, log_config=None, access_log=False, server_header=False,
        date_header=True, proxy_headers=False, timeout_keep_alive=15, h11_max_incomplete_event_size=32768, lifespan="on",
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = uvicorn.Server(config)
    if workers == 1:
        server.run(sockets=[sock])
        return
    from uvicorn.supervisors import Multiprocess

    Multiprocess(config, [sock]).run()
