"""Several processes answer on one port: each gets its part of the connections, and none outlives the server."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVE = [sys.executable, "-c", "from fetuin.cli.main import main; main()", "serve", "--jobs", "0"]
CONFIG = 'warm = false\n[[token]]\nsha256 = "00"\nsubject = "s"\ntenant = "t"\nrole = "viewer"\n'
PATIENCE = 60.0  # s


def _children(pid: int) -> list[int]:
    """Of every thread: a replacement is started by the thread that watches."""
    return [int(p) for t in Path(f"/proc/{pid}/task").iterdir() for p in (t / "children").read_text().split()]


def _sockets(pid: int) -> int:
    return sum(os.readlink(f).startswith("socket:") for f in Path(f"/proc/{pid}/fd").iterdir() if f.is_symlink())


def _listening(folder: Path) -> int:
    """How many processes have said that they listen."""
    return (folder / "log").read_text().count('"event": "listening"')


def _soon(what: object, seconds: float = PATIENCE) -> None:
    ends = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    (tmp_path / "config.toml").write_text(CONFIG)
    flags = ["--port", "0", "--workers", "2", "--state", str(tmp_path), "--config", str(tmp_path / "config.toml")]
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen([*SERVE, *flags], stdout=log, stderr=log)
    try:
        _soon(lambda: re.search(r"Listening on \S+:(\d+)", (tmp_path / "log").read_text()))
        port = int(re.search(r"Listening on \S+:(\d+)", (tmp_path / "log").read_text())[1])  # type: ignore[index]
        _soon(lambda: _listening(tmp_path) == 2)
        yield process, port
    finally:
        process.kill()
        process.wait()


def test_connections_are_dealt_out_and_no_process_outlives_the_server(
    server: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    process, port = server
    mine = _children(process.pid)
    before = {p: _sockets(p) for p in mine}
    held = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(60)]
    _soon(lambda: sum(_sockets(p) - before[p] for p in mine) >= 60)
    assert all(20 <= _sockets(p) - before[p] <= 40 for p in mine)  # 30 each; a process that sleeps is not waited for
    for s in held:
        s.close()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _soon(lambda: not any(Path(f"/proc/{p}").exists() for p in mine))


def test_a_dead_process_is_replaced_and_the_signal_to_end_ends_all(
    server: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    process, _ = server
    first, second = _children(process.pid)
    os.kill(first, signal.SIGKILL)
    _soon(lambda: len(new := _children(process.pid)) == 2 and first not in new and second in new)
    _soon(lambda: _listening(tmp_path) == 3)
    process.terminate()
    assert process.wait(timeout=PATIENCE) == 0
    assert not Path(f"/proc/{second}").exists()


def test_a_port_that_is_taken_is_refused(server: tuple[subprocess.Popen[bytes], int], tmp_path: Path) -> None:
    _, port = server
    flags = ["--port", str(port), "--workers", "2", "--state", str(tmp_path / "b")]
    told = subprocess.run([*SERVE, *flags], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert told.returncode == 3
    assert f"Port {port} cannot be used" in told.stderr
