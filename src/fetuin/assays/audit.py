"""The record of what was done to a measurement: append-only, hash-chained, verifiable. One JSON object a line.

Each entry says who did what, when, why, and the value before and after, and holds the SHA-256 of the entry before it. A
changed, removed, inserted or reordered entry breaks the chain at a line that `verify` names. Cutting entries off the end
leaves a whole, shorter chain: keep the head hash (`verify` prints it) with the report and give it to `verify` again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fetuin.errors import InputError, LimitError, UsageError
from fetuin.notice import __version__

FIRST = "0" * 64
MAX_LINE = 2**20
FIELDS = ("number", "at", "who", "what", "subject", "why", "before", "after", "version", "previous", "hash")


@dataclass(frozen=True)
class Entry:
    """One act. `subject` is what it was done to ("plate P1, well B03"); before and after are plain JSON values."""

    number: int
    at: str
    who: str
    what: str
    subject: str
    why: str
    before: Any
    after: Any
    version: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """Whether a record is whole. `line` is the first broken line (from 1), 0 where there is none."""

    ok: bool
    entries: int
    head: str
    line: int = 0
    reason: str = ""


def digest(fields: dict[str, Any]) -> str:
    """SHA-256 of an entry without its own hash: canonical JSON, keys sorted, UTF-8."""
    plain = {k: v for k, v in fields.items() if k != "hash"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def verify(path: str | Path, *, head: str = "") -> Verdict:
    """Check every line of a record, and its last hash against `head` where one is given. Raises InputError if unreadable."""
    count, previous = 0, FIRST
    for line, raw in _lines(Path(path)):
        entry, reason = _entry(raw)
        if entry is None:
            return Verdict(False, count, previous, line, reason)
        if entry["number"] != count + 1:
            return Verdict(
                False, count, previous, line, f"entry {entry['number']} where entry {count + 1} was expected"
            )
        if entry["previous"] != previous:
            return Verdict(False, count, previous, line, "the entry does not follow the one before it")
        if digest(entry) != entry["hash"]:
            return Verdict(False, count, previous, line, "the entry was changed after it was written")
        count, previous = count + 1, entry["hash"]
    if head and head != previous:
        return Verdict(
            False, count, previous, count, "the last hash is not the one that was kept: entries are missing at the end"
        )
    return Verdict(True, count, previous)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE + 1):
                number += 1
                if len(raw) > MAX_LINE:
                    raise LimitError(
                        f"A line of the audit record is longer than {MAX_LINE} bytes.",
                        where=f"{path.name}, line {number}",
                    )
                yield number, raw.decode("utf-8", "replace")
    except OSError as error:
        raise InputError(
            "The audit record cannot be read.", where=str(path.name), why=(error.strerror or "").lower(),
            fix="check the name of the file",
        ) from error  # fmt: skip


def _entry(raw: str) -> tuple[dict[str, Any] | None, str]:
    """(the entry, "") or (None, what is wrong with the line)."""
    if not raw.endswith("\n"):
        return None, "the line is not complete: writing was cut off"
    try:
        entry = json.loads(raw, parse_constant=lambda word: _no(word))
    except (ValueError, RecursionError):
        return None, "the line is not a JSON object"
    if not isinstance(entry, dict) or set(entry) != set(FIELDS):
        return None, f"expected exactly the fields {', '.join(FIELDS)}"
    return entry, ""


def _no(word: str) -> Any:
    raise ValueError(word)


def read(path: str | Path) -> list[Entry]:
    """Every entry of a whole record. Raises InputError naming the first broken line."""
    verdict = verify(path)
    if not verdict.ok:
        raise _broken(Path(path), verdict)
    return [Entry(**json.loads(raw)) for _, raw in _lines(Path(path))]


def _broken(path: Path, verdict: Verdict) -> InputError:
    return InputError(
        "The audit record is broken.", where=f"{path.name}, line {verdict.line}", why=verdict.reason,
        fix="keep this file as it is, restore the record from a copy, or begin a new one",
    )  # fmt: skip


def append(
    path: str | Path, *, who: str, what: str, subject: str, why: str, before: Any = None, after: Any = None,
    at: datetime | None = None,
) -> Entry:  # fmt: skip
    """Add one entry and bring it to the disk. The whole chain is checked first; nothing is added to a broken record.

    `who` and `why` are required: an act without a name or a reason is refused (UsageError).
    """
    for name, value in (("who", who), ("what", what), ("subject", subject), ("why", why)):
        if not str(value).strip():
            raise UsageError(f"An audit entry needs '{name}'.", why="every act is recorded with who, when and why")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        _lock(file.fileno())
        verdict = verify(path)
        if not verdict.ok:
            raise _broken(path, verdict)
        fields = {
            "number": verdict.entries + 1, "at": (at or datetime.now(UTC)).isoformat(timespec="milliseconds"),
            "who": who.strip(), "what": what.strip(), "subject": subject.strip(), "why": why.strip(), "before": before,
            "after": after, "version": __version__, "previous": verdict.head,
        }  # fmt: skip
        entry = Entry(**fields, hash=digest(fields))  # type: ignore[arg-type]
        line = (json.dumps(asdict(entry), ensure_ascii=False, allow_nan=False) + "\n").encode()
        if len(line) > MAX_LINE:
            raise LimitError(f"An audit entry has {len(line)} bytes; at most {MAX_LINE} are kept.", where=subject)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return entry


def _lock(handle: int) -> None:
    """Two programs that append at once wait for each other (where the system has file locks)."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
