"""Where compiled models are kept: by content, so that a changed equation is a new file and nothing goes stale."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

VARIABLE = "FETUIN_CACHE"


def folder() -> Path:
    """The cache folder of this user (`FETUIN_CACHE` overrides), made if missing."""
    override = os.environ.get(VARIABLE)
    if override:
        path = Path(override)
    elif sys.platform == "win32":
        path = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "fetuin" / "cache"
    elif sys.platform == "darwin":
        path = Path.home() / "Library" / "Caches" / "fetuin"
    else:
        path = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fetuin"
    path = path / "engine"
    try:
        path.mkdir(parents=True, exist_ok=True)
        return path
    except OSError:
        private = Path(tempfile.gettempdir()) / f"fetuin-{os.getuid() if hasattr(os, 'getuid') else 'user'}" / "engine"
        private.mkdir(parents=True, exist_ok=True, mode=0o700)
        return private


def read(name: str) -> bytes | None:
    """The content of a cached file, or None."""
    try:
        return (folder() / name).read_bytes()
    except OSError:
        return None


def write(name: str, content: bytes) -> Path:
    """Store a file; a reader sees the whole of it or nothing (written aside, then renamed)."""
    path = folder() / name
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=name + ".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(aside, path)
    return path
