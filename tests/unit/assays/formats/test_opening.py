"""Opening files: encodings, delimiters, and limits that hostile files meet before they cost anything."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from fetuin.assays.formats import decode, delimited, workbook
from fetuin.assays.formats.document import open_document
from fetuin.errors import InputError, LimitError

PLAIN = "well,0,10\nA1,5,6\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    data = "wéll,0\nA1,°C\n".encode(encoding)
    path.write_bytes(b"\xfe\xff" + data if encoding == "utf-16-be" else data)
    assert open_document(path).sheets[0].rows[:2] == [["wéll", "0"], ["A1", "°C"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_line_ends(tmp_path: Path, end: str, mark: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.join(mark.join(r) for r in (["well", "0", "10"], ["A1", "5", "6"])).encode())
    document = open_document(path)
    assert document.sheets[0].rows == [["well", "0", "10"], ["A1", "5", "6"]]
    assert document.detail["delimiter"] == mark


@pytest.mark.parametrize(
    ("text", "comma"),
    [("well;0;10\nA1;0,5;1,25\n", True), ("well,0,10\nA1,0.5,1.25\n", False), ("well\t0\nA1\t1.234,5\n", False),
     ('well,0,10\nA1,"0,5","1,25"\n', True), ("well;0;10\nA1;1,234;5,678\n", True)],
)  # fmt: skip
def test_the_decimal_comma(text: str, comma: bool) -> None:
    assert delimited.rows("a.csv", text)[2] is comma


def test_a_number_that_can_be_read_in_two_ways_is_refused() -> None:
    with pytest.raises(InputError, match=r"1\.234.*1234") as caught:
        delimited.rows("a.txt", "well\t0\t10\nA1\t1,234\t5,678\n")
    assert "row 2, column 2" in caught.value.where


def test_an_open_quotation_mark_swallows_nothing() -> None:
    with pytest.raises(InputError, match="not closed") as caught:
        delimited.rows("a.csv", 'well,0\nA1,"5\nA2,6\n')
    assert "row 2, column 2" in caught.value.where


def test_text_at_and_over_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(PLAIN)
    monkeypatch.setattr(decode, "MAX_BYTES", len(PLAIN))
    open_document(path)
    monkeypatch.setattr(decode, "MAX_BYTES", len(PLAIN) - 1)
    with pytest.raises(LimitError, match="expected at most"):
        open_document(path)
    monkeypatch.setattr(delimited, "MAX_CELLS", 7)  # six cells and the empty last line
    assert len(delimited.rows("a.csv", PLAIN)[0]) == 3
    monkeypatch.setattr(delimited, "MAX_CELLS", 6)
    with pytest.raises(LimitError):
        delimited.rows("a.csv", PLAIN)


def test_a_gzip_bomb_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"0," * 50_000_000))
    start = time.process_time()
    with pytest.raises(LimitError):
        open_document(path)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("spoil", [lambda b: b[:-9], lambda b: b + b"more", lambda b: b[:20] + b"\xff\xff" + b[22:]])
def test_damaged_gzip(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "a.csv.gz"
    path.write_bytes(spoil(gzip.compress(PLAIN.encode() * 50)))
    with pytest.raises(InputError, match="damaged"):
        open_document(path)


def _book(cells: dict[str, object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for where, value in cells.items():
            sheet.write(where, value)
    return out.getvalue()


def test_a_workbook_keeps_its_addresses(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_book({"C3": "x", "D4": 1.5}))
    sheet = open_document(path).sheets[0]
    assert (sheet.text(2, 2), sheet.cell(3, 3), sheet.cell(99, 99)) == ("x", 1.5, "")


def test_a_cell_in_the_last_corner_is_refused_before_it_costs(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_book({"A1": "well", "XFD1048576": 1}))
    start = time.process_time()
    with pytest.raises(LimitError, match="1,000,000 cells"):
        open_document(path)
    assert time.process_time() - start < 2


def test_workbook_limits_at_and_over(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = _book({"A1": "a" * 100, "B2": "b"})
    parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    for name, limit in (
        ("MAX_CELLS", 4),
        ("MAX_ENTRIES", len(parts)),
        ("MAX_INFLATED", sum(p.file_size for p in parts)),
    ):
        monkeypatch.setattr(workbook, name, limit)
        assert workbook.sheets("a.xlsx", raw)
        monkeypatch.setattr(workbook, name, limit - 1)
        with pytest.raises(LimitError):
            workbook.sheets("a.xlsx", raw)
        monkeypatch.undo()
    monkeypatch.setattr(workbook, "MAX_TEXT", 150)
    with pytest.raises(LimitError, match="characters"):
        workbook.sheets("a.xlsx", raw)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "XLSX or text"), ("a.csv", b"", "empty"), ("a.csv", b"a\x00b\n", "not text"),
     ("a.xlsx", b"PK\x03\x04rubbish", "damaged"), ("a.csv", b"\n \n", "empty")],
)  # fmt: skip
def test_what_cannot_be_opened_says_so(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=says) as caught:
        open_document(path)
    assert f"{name}, row 1, column 1" in caught.value.where
    assert "expected" in caught.value.message()


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(InputError):
            open_document(path)
