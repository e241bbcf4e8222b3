"""Bytes to text: gzip within limits, byte-order marks, UTF-16, UTF-8, and the single-byte files of old instruments."""

from __future__ import annotations

import zlib
from pathlib import Path

from fetuin.assays.formats.cells import place
from fetuin.errors import InputError, LimitError

MAX_BYTES = 64 * 2**20  # a text export; the largest real one seen is under 2 MB
MAX_RATIO = 100  # inflated to packed; plain plate text stays below 20
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def load(path: Path) -> bytes:
    """The bytes of a file, inflated if it is gzip. Raises InputError or LimitError with the file's name."""
    name = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        if size > MAX_BYTES:
            raise _too_large(name, f"the file has {size:,} bytes", f"{MAX_BYTES:,} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            "The plate file cannot be read.", where=place(name, 0, 0), why=(error.strerror or str(error)).lower(),
            fix="check the name of the file and that you may read it; expected an exported plate file",
        ) from error  # fmt: skip
    return _inflate(name, raw) if raw[:2] == b"\x1f\x8b" else raw


def _inflate(name: str, raw: bytes) -> bytes:
    most = min(MAX_BYTES, max(len(raw), 1024) * MAX_RATIO)
    machine = zlib.decompressobj(wbits=31)
    try:
        out = machine.decompress(raw, most + 1)
    except zlib.error as error:
        raise _broken(name, str(error)) from error
    if len(out) > most:
        raise _too_large(name, "the gzip file inflates too far", f"{most:,} bytes ({MAX_RATIO}-fold at most)")
    if not machine.eof:
        raise _broken(name, "the file ends before its gzip stream does")
    if machine.unused_data.strip(b"\0"):
        raise _broken(name, "there are bytes after the end of the gzip stream")
    return out


def _broken(name: str, why: str) -> InputError:
    return InputError(
        "The gzip file is damaged; a whole gzip file was expected.", where=place(name, 0, 0), why=why,
        fix="copy or download the file again",
    )  # fmt: skip


def _too_large(name: str, why: str, limit: str) -> LimitError:
    return LimitError(
        f"The plate file is larger than allowed; expected at most {limit}.", where=place(name, 0, 0), why=why,
        fix="export one run per file",
    )  # fmt: skip


def decode(name: str, raw: bytes) -> tuple[str, str]:
    """(text, encoding). UTF-8 where it is; otherwise Windows-1252, of which ISO-8859-1 exports are a part."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            try:
                return _clean(name, raw.decode(encoding)), encoding
            except UnicodeDecodeError as error:
                if encoding != "utf-8-sig":
                    raise _not_text(name, f"its mark says {encoding}, but {error.reason}") from error
                return _clean(name, raw[3:].decode("cp1252", "replace")), "cp1252"
    try:
        return _clean(name, raw.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _clean(name, raw.decode("cp1252", "replace")), "cp1252"


def _clean(name: str, words: str) -> str:
    if "\0" in words:
        row = words.count("\n", 0, words.index("\0"))
        raise _not_text(name, "it holds a NUL character", row)
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _not_text(name: str, why: str, row: int = 0) -> InputError:
    return InputError(
        "The plate file is not text; expected CSV, tab-separated text, gzip of these, or XLSX.",
        where=place(name, row, 0), why=why, fix="export the plate again as CSV, TXT or XLSX",
    )  # fmt: skip
