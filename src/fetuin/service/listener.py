"""One process that answers: the whole service with `--workers 1`, else one of several, `python -m fetuin.service.listener`.

Several listen on the same port with a socket each (SO_REUSEPORT), so that the system deals connections out among them: of
several that share one socket, the first to wake takes every connection that waits, and the others have none. A listener
ends when its standard input closes: so it does not outlive the server that started it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

import uvicorn

from fetuin.errors import InputError
from fetuin.service.settings import from_environment


def bound(host: str, port: int, share: bool = False) -> socket.socket:
    """A socket on an address; with `share`, others may have the same one. InputError where it is taken."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if share:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise InputError(f"Port {port} cannot be used.", where="--port", why=error.strerror or "",
                         fix="choose another port, or --port 0 for a free one") from None  # fmt: skip
    return sock


def shared(sock: socket.socket, host: str) -> socket.socket:
    """The port of a socket that proved it free, now to be shared; it stays ours while this one is open, and it never listens."""
    port = sock.getsockname()[1]
    sock.close()
    return bound(host, port, share=True)


def listen(sock: socket.socket) -> None:
    """Answer on a socket until told to end."""
    config = uvicorn.Config(
        "fetuin.service.app:create", factory=True, log_config=None, access_log=False, server_header=False, date_header=True,
        proxy_headers=False, timeout_keep_alive=15, h11_max_incomplete_event_size=32768, lifespan="on",
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[sock])


def main() -> None:
    """One of several: end when the parent does."""
    settings = from_environment()
    threading.Thread(target=_until_closed, daemon=True).start()
    listen(bound(settings.host, settings.port, share=True))


def _until_closed() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
