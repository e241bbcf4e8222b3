"""A file is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; what stands there at the end takes its place, safe from a power cut."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what `replacing` left below `folder` where its process was killed; the parts of living processes stay."""
    for part in folder.rglob(".*.part"):
        pid = part.name.rsplit(".", 2)[1]
        if pid.isdigit() and not _lives(int(pid)):
            part.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def write_whole(path: Path, data: bytes) -> Path:
    """Write bytes so that a reader sees the old file or the new one, never half."""
    with replacing(path) as part:
        part.write_bytes(data)
    return path
