"""A file that the browser sent, as a file on disk for as long as it is read. Its name keeps its suffix and no path."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any

from fetuin.errors import InputError, LimitError

MOST_BYTES = 64 * 2**20  # of one file, as the front door of records


@contextmanager
def on_disk(sent: Mapping[str, Any]) -> Iterator[Path]:
    """{name, content (base64)} as a file that is removed again."""
    name = PurePath(str(sent.get("name") or "file").replace("\\", "/")).name[:120] or "file"
    try:
        data = base64.b64decode(str(sent.get("content") or ""), validate=True)
    except (binascii.Error, ValueError):
        raise InputError("The content is not base64.", where=name, fix="send the bytes of the file in base64") from None
    if not data:
        raise InputError("The file is empty.", where=name)
    if len(data) > MOST_BYTES:
        raise LimitError(f"The file has {len(data)} bytes.", where=name, why=f"at most {MOST_BYTES}")
    with tempfile.TemporaryDirectory(prefix="fetuin-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path
