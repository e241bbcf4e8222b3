"""XLSX to rows, within limits that are checked before the workbook is opened.

The reader behind it makes one dense table of the bounding box of all cells, so a workbook with one cell in the last
corner would take hundreds of gigabytes: the addresses of the cells are read first, from the packed file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from fetuin.assays.formats.cells import place
from fetuin.errors import InputError, LimitError, MissingExtraError

MAX_INFLATED = 50 * 2**20
MAX_ENTRIES = 10_000
MAX_CELLS = 1_000_000
MAX_TEXT = 256 * 2**20
ADDRESS = re.compile(rb"<(?:\w+:)?(?:c|row)\b[^>]*?\sr=\"([A-Z]*)(\d+)\"")
SHARED_CELL = re.compile(rb"\st=\"s\"")
STRING_ITEM = re.compile(rb"</(?:\w+:)?si>")


def sheets(name: str, raw: bytes) -> list[tuple[str, list[list[Any]]]]:
    """[(sheet name, rows)] of an XLSX file; row and column numbers are those of the spreadsheet."""
    _inspect(name, raw)
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as error:
        raise MissingExtraError("python-calamine", "assay") from error
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        out = [(s, book.get_sheet_by_name(s).to_python(skip_empty_area=False)) for s in book.sheet_names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's panics are not Exceptions
        raise _damaged(name, str(error)[:120] or type(error).__name__) from None
    if not any(rows for _, rows in out):
        raise InputError(
            "The workbook is empty; expected a sheet with a plate.",
            where=place(name, 0, 0),
            fix="export the plate again",
        )
    return out


def _damaged(name: str, why: str) -> InputError:
    return InputError(
        "The workbook is damaged; expected a whole XLSX file.", where=place(name, 0, 0), why=why,
        fix="open and save it in a spreadsheet, or export the plate again",
    )  # fmt: skip


def _over(name: str, why: str, limit: str) -> LimitError:
    return LimitError(
        f"The workbook is larger than allowed; expected at most {limit}.", where=place(name, 0, 0), why=why,
        fix="keep the sheets of one run only, without stray cells far from the table",
    )  # fmt: skip


def _inspect(name: str, raw: bytes) -> None:
    """Refuse a workbook whose parts are too many, too large, or hold cells too far out."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            parts = book.infolist()
            if len(parts) > MAX_ENTRIES:
                raise _over(name, f"it has {len(parts):,} parts", f"{MAX_ENTRIES:,} parts")
            if (total := sum(p.file_size for p in parts)) > MAX_INFLATED:
                raise _over(name, f"it inflates to {total:,} bytes", f"{MAX_INFLATED:,} bytes")
            cells = strings = 0
            longest = 0
            for part in parts:
                content = book.read(part)  # a size that lies fails its checksum here
                if "worksheets/" in part.filename:
                    cells += _extent(name, part.filename, content)
                    strings += len(SHARED_CELL.findall(content))
                elif part.filename.endswith("sharedStrings.xml"):
                    longest = max((len(s) for s in STRING_ITEM.split(content)), default=0)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise _damaged(name, str(error)[:120] or type(error).__name__) from error
    if cells > MAX_CELLS:
        raise _over(name, f"its sheets span {cells:,} cells", f"{MAX_CELLS:,} cells")
    if strings * longest > MAX_TEXT:
        raise _over(name, "its repeated texts are too long", f"{MAX_TEXT:,} characters")


def _extent(name: str, part: str, content: bytes) -> int:
    """The number of cells in the bounding box of a sheet's addresses."""
    most_row, columns = 0, set()
    for letters, digits in ADDRESS.findall(content):
        if len(digits) > 7 or len(letters) > 3:
            raise _damaged(name, f"{part} holds the cell address {(letters + digits)[:20].decode()}")
        most_row = max(most_row, int(digits))
        columns.add(letters)
    if not columns:
        # A sheet may leave the addresses out: then its cells are counted.
        return content.count(b"<c ") + content.count(b"<c>")
    width = max(_index(c) for c in columns)
    return most_row * max(width, 1)


def _index(letters: bytes) -> int:
    out = 0
    for letter in letters:
        out = out * 26 + letter - 64
    return out
