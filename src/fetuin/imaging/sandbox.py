"""Files from outside are parsed in a child that may die: limited memory, limited time, the parent lives.

`run(function, *arguments)` calls a module-level function in a child process that serves one call, and hands back what it
returned. A child that passes a limit, crashes or hangs ends as an error with a place and a remedy. From the second call
on, a spare child is kept ready, so that a warm reader does not wait for imports. Limits: docs/reference/limits.md.

Multiprocessing is not used: it would run the user's main script again, and fork is unsafe beside threads.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from fetuin.errors import FetuinError, InputError, LimitError

MEMORY_BYTES = 6 * 2**30  # address space of the child above what it has at its start; assumption
SECONDS = 120.0  # wall time for one series; assumption

_spare: list[subprocess.Popen[bytes]] = []
_used = False
_lock = threading.Lock()


def run(
    function: Callable[..., Any], *arguments: Any, where: str, seconds: float = SECONDS, memory: int = MEMORY_BYTES
) -> Any:
    """Call `function(*arguments)` in a limited child. `where` names the input in every error."""
    child = _take()
    late = threading.Event()
    alarm = threading.Timer(seconds, _stop, (child, late))
    alarm.start()
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        job = (function.__module__, function.__qualname__, arguments, memory)
        pickle.dump(job, child.stdin, protocol=5)
        child.stdin.close()
        kind, payload = pickle.load(child.stdout)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        why = f"more than {seconds:g} s" if late.is_set() else "the reading process died"
        kind, payload = ("late", why) if late.is_set() else ("died", why)
    finally:
        alarm.cancel()
        _end(child)
        _prepare()
    return _answer(kind, payload, where)


def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _start() -> subprocess.Popen[bytes]:
    # -I would hide an editable install; the child needs the same sys.path as its parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", "from fetuin.imaging.sandbox import serve; serve()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _take() -> subprocess.Popen[bytes]:
    with _lock:
        return _spare.pop() if _spare else _start()


def _prepare() -> None:
    """From the second call on, one spare: started after the answer, so that it takes no time from the reading."""
    global _used
    with _lock:
        if _used and not _spare:
            _spare.append(_start())
        _used = True


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


@atexit.register
def _end_spare() -> None:
    while _spare:
        _end(_spare.pop())


def _answer(kind: str, payload: Any, where: str) -> Any:
    if kind == "ok":
        return payload
    if kind == "error":
        cls, what, place, why, fix = payload
        raise cls(what, where=place or where, why=why, fix=fix)
    if kind == "memory":
        raise LimitError(
            "the file needs too much memory",
            where=where,
            why="it may be a decompression bomb",
            fix="export it uncompressed and check its size",
        )
    if kind == "late":
        raise LimitError("reading took too long", where=where, why=payload, fix="pass fewer or smaller files")
    raise InputError(
        "not a readable image file",
        where=where,
        why=f"the reader stopped: {payload}",
        fix="export the series again as DICOM or NIfTI",
    )


# --- in the child ---


def serve() -> None:
    """Wait for one call on stdin, answer it on stdout, end. Whatever the call prints goes to stderr."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends its children itself
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(ImportError):
        from fetuin.imaging.warm import warm

        warm()
    answer = _call(sys.stdin.buffer)
    pickle.dump(answer, out, protocol=5)
    out.flush()
    os._exit(0)


def _call(job: BinaryIO) -> tuple[str, Any]:
    """Every error becomes one of ours, so that nothing untyped reaches a user."""
    from importlib import import_module

    try:
        module, name, arguments, memory = pickle.load(job)  # from our own parent, never from a file
        with contextlib.suppress(OSError, ValueError, ImportError):
            _limit_memory(memory)
        return "ok", getattr(import_module(module), name)(*arguments)
    except FetuinError as error:
        return "error", (type(error), error.what, error.where, error.why, error.fix)
    except MemoryError:
        return "memory", None
    except BaseException as error:
        return "broken", type(error).__name__


def _limit_memory(limit: int) -> None:
    import resource

    with open("/proc/self/statm", encoding="ascii") as f:
        now = int(f.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + limit, now + limit))
