"""A file, opened once: its sheets as rows of cells, however it was packed, encoded and delimited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fetuin.assays.formats import cells
from fetuin.assays.formats.decode import decode, load
from fetuin.assays.formats.delimited import rows
from fetuin.errors import InputError

Row = list[Any]


@dataclass(frozen=True)
class Sheet:
    """A table of cells as the file has it. `comma`: its numbers are written with a decimal comma."""

    file: str
    name: str
    rows: list[Row]
    comma: bool = False

    def cell(self, row: int, column: int) -> Any:
        """The cell, or an empty text beyond the edge."""
        if 0 <= row < len(self.rows):
            line = self.rows[row]
            if 0 <= column < len(line):
                return line[column]
        return ""

    def text(self, row: int, column: int) -> str:
        """The cell as trimmed text."""
        return cells.text(self.cell(row, column))

    def width(self, row: int) -> int:
        """How many cells the row has."""
        return len(self.rows[row]) if 0 <= row < len(self.rows) else 0

    def blank(self, row: int) -> bool:
        """True where the row holds nothing."""
        return not any(cells.text(c) for c in self.rows[row])

    def refuse(self, row: int, column: int, expected: str, *, fix: str = "") -> InputError:
        """The error that names this cell and what was expected in it."""
        return cells.refuse(self.file, row, column, self.cell(row, column), expected, sheet=self.name, fix=fix)

    def find(self, words: str, *, column: int | None = 0, start: int = 0, stop: int | None = None) -> int | None:
        """The first row whose cell in `column` (any where None) begins with `words`, whatever its case."""
        low = words.lower()
        for i in range(start, min(len(self.rows), len(self.rows) if stop is None else stop)):
            row = self.rows[i] if column is None else self.rows[i][column : column + 1]
            if any(cells.text(c).lower().startswith(low) for c in row):
                return i
        return None

    @cached_property
    def head(self) -> list[list[str]]:
        """The first 40 filled rows as text: what a format looks at."""
        filled = (r for r in self.rows[:200] if any(cells.text(c) for c in r))
        return [[cells.text(c) for c in row[:60]] for row, _ in zip(filled, range(40))]


@dataclass(frozen=True)
class Document:
    """An opened file. `kind` is "text" or "workbook"; `detail` tells encoding and delimiter."""

    path: Path
    kind: str
    sheets: tuple[Sheet, ...]
    detail: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without its folder (folders may name people)."""
        return self.path.name

    def lines(self) -> Iterator[str]:
        """The head of the first sheet, a row as one text, cells joined by tabs."""
        return ("\t".join(row) for row in self.sheets[0].head)

    def says(self, words: str) -> bool:
        """True where a head of any sheet holds the words, whatever their case."""
        low = words.lower()
        return any(low in cell.lower() for sheet in self.sheets for row in sheet.head for cell in row)


def open_document(path: str | Path) -> Document:
    """Open a plate or layout file: CSV, TSV, text, gzip of these, XLSX. Hostile files end in InputError or LimitError."""
    path = Path(path)
    raw = load(path)
    if raw[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        from fetuin.assays.formats.workbook import sheets

        made = tuple(Sheet(path.name, name, table) for name, table in sheets(path.name, raw))
        return Document(path, "workbook", made)
    if raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InputError(
            "An old binary workbook or instrument file; expected XLSX or text.", where=cells.place(path.name, 0, 0),
            fix="open it in its program and save it as .xlsx or .csv",
        )  # fmt: skip
    words, encoding = decode(path.name, raw)
    if not words.strip():
        raise InputError(
            "The file is empty; expected an exported plate.", where=cells.place(path.name, 0, 0), fix="export it again"
        )
    table, mark, comma = rows(path.name, words)
    return Document(path, "text", (Sheet(path.name, "", table, comma),), {"encoding": encoding, "delimiter": mark})
