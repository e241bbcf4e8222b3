"""Text to rows: which character separates the cells, and whether the decimal sign is a comma."""

from __future__ import annotations

import csv
import re
from collections import Counter

from fetuin.assays.formats.cells import place
from fetuin.errors import InputError, LimitError

MAX_CELLS = 2_000_000
MAX_CELL = 65_536
DELIMITERS = ("\t", ";", ",", "|")
COMMA_NUMBER = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")
POINT_NUMBER = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?")


def delimiter(lines: list[str]) -> str:
    """The character that separates cells: the one whose most usual count covers most of the filled lines.

    At equal cover a tab wins over a semicolon over a comma, so that `0;0,5` is two cells with a decimal comma.
    """
    filled = [line for line in lines[:400] if line.strip()]
    best, score = ",", -1.0
    for mark in DELIMITERS:
        counts = Counter(n for line in filled if (n := line.count(mark)))
        if not counts:
            continue
        cover = sum(counts.values()) / len(filled)
        steady = counts.most_common(1)[0][1] / sum(counts.values())
        # A wide table weighs more than a comma in a sentence of the header.
        width = min(max(counts), 8) / 8
        if (points := round(cover, 1) + 0.5 * steady + width) > score + 0.05:
            best, score = mark, points
    return best


def rows(name: str, text: str) -> tuple[list[list[str]], str, bool]:
    """(rows, delimiter, decimal comma) of a text file; row i is line i, blank lines are empty rows."""
    lines = text.split("\n")
    mark = delimiter(lines)
    out: list[list[str]] = []
    cells = 0
    for i, line in enumerate(lines):
        row = line.split(mark) if '"' not in line else _quoted(name, i, line, mark)
        cells += len(row)
        if cells > MAX_CELLS:
            raise LimitError(
                f"The plate file has more cells than allowed; expected at most {MAX_CELLS:,}.",
                where=place(name, i, 0), fix="export one run per file",
            )  # fmt: skip
        out.append(row if line.strip() else [])
    return out, mark, _decimal_comma(name, out, mark)


def _quoted(name: str, i: int, line: str, mark: str) -> list[str]:
    """One line with quoted cells. A quote that is never closed is an error: it must not swallow the lines after it."""
    try:
        return next(csv.reader([line], delimiter=mark, strict=True))
    except (csv.Error, StopIteration):
        # Some instruments write a lone quote (inches, seconds) inside a cell: harmless if it does not begin a cell.
        cells = line.split(mark)
        for j, cell in enumerate(cells):
            if cell.lstrip().startswith('"') and cell.count('"') % 2:
                raise InputError(
                    "A quotation mark is opened and not closed; expected a cell in a pair of quotation marks.",
                    where=place(name, i, j), fix="close the quotation mark or remove it",
                ) from None  # fmt: skip
        return [c.strip().strip('"') for c in cells]


def _decimal_comma(name: str, table: list[list[str]], mark: str) -> bool:
    """True where numbers are written 0,5. Refuses a file in which 1,234 could be 1.234 or 1234."""
    commas = points = 0
    unclear: tuple[int, int, str] | None = None
    for i, row in enumerate(table):
        for j, cell in enumerate(row):
            if "," in cell:
                word = cell.strip()
                if THOUSANDS.fullmatch(word):
                    unclear = unclear or (i, j, word)
                elif COMMA_NUMBER.fullmatch(word):
                    commas += 1
            elif "." in cell and POINT_NUMBER.fullmatch(cell.strip()):
                points += 1
    if commas and not points:
        return True
    if unclear and not commas and not points and mark != ";":
        i, j, word = unclear
        raise InputError(
            f"'{word}' can be read as {word.replace(',', '.')} or as {word.replace(',', '')}; "
            "expected numbers that can be read in one way.",
            where=place(name, i, j), why="no other number in the file shows whether the comma is a decimal sign",
            fix="export without thousands separators",
        )  # fmt: skip
    return commas > points or (mark == ";" and unclear is not None and not points)
