"""One process that answers: the whole service with `--workers 1`, else one of several on one socket (see `fair.py`).

`python -m fetuin.service.listener SLOT SOCKET BOARD` is started by the server and ends when its standard input closes: so it
does not outlive the server.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

import uvicorn

from fetuin.errors import InputError
from fetuin.service.fair import Board, Fair

QUEUE = 2048  # connections that the system keeps while none is taken; assumption


def bound(host: str, port: int) -> socket.socket:
    """A socket on an address. InputError where it is taken."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise InputError(f"Port {port} cannot be used.", where="--port", why=error.strerror or "",
                         fix="choose another port, or --port 0 for a free one") from None  # fmt: skip
    return sock


def configured() -> uvicorn.Config:
    """How a process answers."""
    return uvicorn.Config(
        "fetuin.service.app:create", factory=True, log_config=None, access_log=False, server_header=False, date_header=True,
        proxy_headers=False, timeout_keep_alive=15, h11_max_incomplete_event_size=32768, lifespan="on",
        timeout_graceful_shutdown=5,
    )  # fmt: skip


def listen(sock: socket.socket) -> None:
    """Answer alone until told to end."""
    uvicorn.Server(configured()).run(sockets=[sock])


def main(slot: int, handle: int, board: int) -> None:
    """One of several: answer until the parent ends."""
    threading.Thread(target=_until_closed, daemon=True).start()
    Fair(configured(), socket.socket(fileno=handle), Board(board), slot).run()


def _until_closed() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
