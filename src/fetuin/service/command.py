"""One command of `fetuin` in a process of its own, with limited memory and time; its one JSON object is the answer.

So a verb over HTTP is the verb of the command line, word for word, and a file that takes its process down takes no other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from fetuin.errors import FetuinError, LimitError
from fetuin.service.refusal import Refusal
from fetuin.service.settings import Limits

MOST_BYTES = 64 * 2**20  # of an answer; assumption
_PROGRAM = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
sys.argv = ["fetuin", *sys.argv[2:]]
runpy.run_module("fetuin", run_name="__main__")
"""
MOST, PATIENCE = 4, 5.0  # commands at once; s that another waits for its turn; assumptions
_ROOM = threading.BoundedSemaphore(MOST)
_SAID = (0, 1)  # exit codes of an answer: done, and done with a negative verdict


def answer(words: Sequence[str], limits: Limits) -> str:
    """What `fetuin WORDS --json` prints, as JSON text. The command's own error is raised as it stands; LimitError where
    it takes too long, needs too much memory or says too much; Refusal 503 where too many run."""
    if not _ROOM.acquire(timeout=PATIENCE):
        raise Refusal(503, "Too many commands run.", fix="ask again in some seconds", headers={"Retry-After": "10"})
    try:
        return _ran(words, limits)
    finally:
        _ROOM.release()


def _ran(words: Sequence[str], limits: Limits) -> str:
    # the child needs the path of modules of its parent; one thread, for many may run at once
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-c", _PROGRAM, str(limits.file_memory), *words, "--json"]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=limits.file_seconds, env=environment, stdin=subprocess.DEVNULL, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LimitError("It takes too long.", why=f"more than {limits.file_seconds:g} s", fix="send less") from None
    if len(done.stdout) > MOST_BYTES:
        raise LimitError("The answer is too large.", why=f"more than {MOST_BYTES >> 20} MiB", fix="send less")
    if done.returncode in _SAID:
        return done.stdout.decode()
    raise _error(done.returncode, done.stdout)


def _error(code: int, stdout: bytes) -> FetuinError:
    """The error that a command told, with its exit code; of a command that died, that it died."""
    try:
        parts = json.loads(stdout)["error"]
    except (ValueError, KeyError, TypeError):
        fix = "send a smaller file; if it is small, report the number of the request"
        return LimitError(
            "The command ended before it answered.", why="it needs too much memory, or it failed", fix=fix
        )
    if "MemoryError" in parts.get("what", ""):
        return LimitError("The command needs too much memory.", fix="send less")
    told = {k: str(parts[k]) for k in ("where", "why", "fix", "code") if k in parts}
    error = FetuinError(str(parts.get("what", "")), **told)
    error.exit_code = code
    return error
