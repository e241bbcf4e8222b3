"""Files that a caller sends for a job: kept in the state folder under a number, in the folder of their tenant.

A job names the number. The files are ours by name, so that a name can say nothing of a person, and they are removed by
`DELETE /api/inputs/{input}`. Workers on other machines need the same state folder.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fetuin.errors import InputError, LimitError
from fetuin.service.refusal import Refusal
from fetuin.service.settings import scratch

MOST_FILES = 500  # of one input; assumption
MOST_BYTES = 4 * 2**30  # of all inputs of a tenant; assumption


def _root() -> Path:
    return scratch().parent / "inputs"


def _tenant(tenant: str) -> Path:
    return _root() / hashlib.sha256(tenant.encode()).hexdigest()[:16]


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def keep(tenant: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Keep files; their number. LimitError where the tenant has too much already."""
    place = _tenant(tenant)
    new = sum(map(len, files.values()))
    if new + (_size(place) if place.exists() else 0) > MOST_BYTES:
        fix = "remove an input that is no longer needed: DELETE /api/inputs/{input}"
        raise LimitError(f"All inputs together have more than {MOST_BYTES >> 30} GiB.", where="files", fix=fix)
    number = uuid.uuid4().hex
    folder = place / f"{number}.part"
    folder.mkdir(parents=True, mode=0o700)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    folder.rename(place / number)
    return {"input": number, "files": len(files), "bytes": new}


def listed(tenant: str) -> list[dict[str, Any]]:
    """The inputs of a tenant."""
    found = sorted(_tenant(tenant).glob("[0-9a-f]*")) if _tenant(tenant).exists() else []
    return [{"input": f.name, "files": len(list(f.iterdir())), "bytes": _size(f)} for f in found if not f.suffix]


def owned(tenant: str, number: str) -> Path:
    """The folder of an input of a tenant; Refusal 404 where it is not theirs or not there."""
    folder = _tenant(tenant) / number
    if not folder.is_dir():
        raise Refusal(404, "There is no such input.", where="input", fix="send the files to POST /api/inputs")
    return folder


def remove(tenant: str, number: str) -> None:
    """Remove an input."""
    shutil.rmtree(owned(tenant, number))


def source(number: str) -> Path:
    """For a job, whose caller was checked when it was asked for: the one file, or the folder of several."""
    found = list(_root().glob(f"*/{number}"))
    if not found:
        raise InputError(
            "The input is not there.", where="parameters.input", fix="send the files to POST /api/inputs again"
        )
    files = list(found[0].iterdir())
    return files[0] if len(files) == 1 else found[0]
