"""What a record format offers: how a file is recognised, how its records are read, and whether it can be written.

A format is a file in this folder with an object `FORMAT`. Recognition looks at the first bytes and the name only; exactly
one format may recognise a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fetuin.records.record import Record


@dataclass(frozen=True)
class Format:
    """One record format.

    `recognises(name, head)` sees the file's name in small letters and its first 64 KiB; `read(data, name)` yields one
    Record a person; `write(record)` gives the text of one record, or is None where the format is only read.
    """

    name: str
    title: str
    recognises: Callable[[str, bytes], bool]
    read: Callable[[bytes, str], Iterator[Record]]
    write: Callable[[Record], str] | None = None
    suffix: str = ".json"
    maturity: str = "established"
