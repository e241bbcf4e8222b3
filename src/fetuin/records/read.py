"""The verb: a file becomes the record of one person, or the records of many. Exactly one format must recognise it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from os import PathLike
from pathlib import Path

import fetuin.records.formats
from fetuin.catalog import entries
from fetuin.errors import FormatError, InputError, LimitError, NotEnoughDataError
from fetuin.records.formats.contract import Format
from fetuin.records.formats.front_door import MAX_BYTES
from fetuin.records.record import Record

_HEAD = 65536
MAX_FILE = 2**30  # NDJSON and JSON Lines are bounded by line; the file itself by this


@cache
def record_formats() -> dict[str, Format]:
    """{name: Format} of every file in `formats/`."""
    return entries(fetuin.records.formats, "FORMAT")


def recognise(name: str, head: bytes) -> Format:
    """The one format that recognises a file by its name and first bytes; FormatError where none or several do."""
    fits = [f for f in record_formats().values() if f.recognises(name.lower(), head.removeprefix(b"\xef\xbb\xbf"))]
    if len(fits) == 1:
        return fits[0]
    known = "; ".join(f.title for f in record_formats().values())
    if not head.strip():
        raise InputError("The file is empty.", where=name, fix=f"give a record in one of: {known}")
    what = "Several record formats recognise the file." if fits else "No record format recognises the file."
    raise FormatError(what, where=name, why=", ".join(f.name for f in fits), fix=f"give one of: {known}")


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise InputError("There is no such file.", where=path.name, fix="check the path")
    if path.stat().st_size > MAX_FILE:
        raise LimitError(f"The file is larger than {MAX_FILE >> 20} MiB.", where=path.name, fix="split it")
    try:
        return path.read_bytes()
    except OSError as e:
        raise InputError(
            "The file cannot be read.", where=path.name, why=e.strerror or "", fix="check its permissions"
        ) from None


def read_bytes(data: bytes, name: str) -> Iterator[Record]:
    """The records in `data`, a file called `name` (its last part only goes into messages and sources)."""
    yield from recognise(name, data[:_HEAD]).read(data, name)


def read_records(path: str | PathLike[str]) -> Iterator[Record]:
    """Every record of a file, one a person, in the order of the file.

    Errors: FormatError (no format, or several), InputError (not readable as its format), LimitError (too large, too deep).
    """
    path = Path(path)
    yield from read_bytes(_bytes(path), path.name)


def read_record(path: str | PathLike[str]) -> Record:
    """The record of the one person in a file; InputError where it holds several, NotEnoughDataError where none."""
    name = Path(path).name
    found = list(islice(read_records(path), 2))
    if not found:
        raise NotEnoughDataError("The file holds no person.", where=name, fix="give a file with at least one record")
    if len(found) > 1:
        fix = "give one person a file, or use read_records, which yields each"
        raise InputError("The file holds more than one person.", where=name, fix=fix)
    return found[0]


__all__ = ["MAX_BYTES", "read_bytes", "read_record", "read_records", "recognise", "record_formats"]
