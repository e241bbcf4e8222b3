"""BMG LABTECH exports of MARS and SMART Control: XLSX, CSV and text; nephelometry, absorbance, fluorescence.

The program writes a run in one of four views, and every reader of the family (NEPHELOstar, Omega, CLARIOstar,
PHERAstar) writes them alike: *all cycles* (wells across, a row a cycle), *table* (a row a well, times in the second
heading row), *microplate* (one plate matrix a cycle under a line `Cycle 2 (0 min 38 s)`), and *one sheet a cycle*.
Rows titled otherwise than `Raw Data` were calculated by the program and are marked so.
"""

from __future__ import annotations

import re

from fetuin.assays.formats import bmg_matrices, bmg_tables, cells
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, Sheet
from fetuin.assays.formats.tables import mode_of
from fetuin.assays.plate import Plate

KEEP = {"test name": "test_name", "test id": "test_id", "test run no.": "test_id", "date": "date", "time": "time", "id1": "id1",
        "id2": "id2", "id3": "id3"}  # fmt: skip
PAIR = re.compile(r"(?:\d+\.\s*)?([A-Za-z][\w .]{0,24}?):\s*(.*)")


def recognise(document: Document) -> str | None:
    """The header of the program, or its table without the header."""
    for sheet in document.sheets:
        first = " ".join(" ".join(row) for row in sheet.head[:10]).lower()
        if sheet.head and sheet.head[0][0].lower().startswith("user:") and "test" in first:
            return "a header 'User:', 'Path:', 'Test Name:' or 'Test ID:'"
        if bmg_tables.titles(sheet, most=12):
            return "headings 'Well', 'Content', 'Raw Data (...)'"
    return None


def header(sheet: Sheet) -> tuple[dict[str, str], str]:
    """What the header says, without the name of the user and the path (they name people), and the mode of the read."""
    told: dict[str, str] = {}
    mode = ""
    for i in range(min(len(sheet.rows), 14)):
        for j in range(min(sheet.width(i), 12)):
            word = sheet.text(i, j)
            pair = PAIR.fullmatch(word)
            if pair and pair[1].lower() in KEEP and pair[2]:
                told.setdefault(KEEP[pair[1].lower()], pair[2].strip())
            elif ":" not in word and len(word) <= 60 and not mode and not word.lower().startswith("raw data"):
                mode = mode_of(word)
    return told, mode


def read(document: Document) -> list[Plate]:
    """Every read of the run: the all-cycles or table view where there is one, else the matrices."""
    told, mode = next(((t, m) for t, m in map(header, document.sheets) if t), ({}, ""))
    if not mode:
        mode = next((m for s in document.sheets if (m := header(s)[1])), "")
    name = told.get("id1") or told.get("test_name") or document.path.name.split(".")[0]
    common = {"source": document.name, "name": name, "mode": mode, "format": "bmg_mars"} | told
    for sheet in sorted(document.sheets, key=lambda s: "table" not in s.name.lower()):
        if plates := bmg_tables.all_cycles(sheet, common) or bmg_tables.table(sheet, common):
            return plates
    if plates := bmg_matrices.cycles(document.sheets, common):
        return plates
    raise _end_point(document)


def _end_point(document: Document) -> Exception:
    sheet = document.sheets[0]
    row = next((i for i in range(len(sheet.rows)) if bmg_matrices.columns(sheet, i)), max(len(sheet.head) - 1, 0))
    return cells.refuse(
        document.name, row, 0, sheet.text(row, 0), "a kinetic table ('Well' and 'Time [s]' rows, or 'Cycle 1 (0 min)' lines)",
        sheet=sheet.name, fix="this export holds end-point reads only: export 'Table All Cycles' of the kinetic run",
    )  # fmt: skip


FORMAT = Format(
    title="BMG LABTECH MARS or SMART Control (XLSX, CSV, text)",
    looks_for="a first cell 'User:' with 'Test Name:' or 'Test ID:' below it, or headings 'Well', 'Content', 'Raw Data'",
    maturity="established",
    recognise=recognise,
    read=read,
)
