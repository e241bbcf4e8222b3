"""How fast plate files are read: a 384 x 200 MARS workbook (bar: 1 s), the same as CSV, wide and tidy, and Gen5.

`python benchmarks/speed/plate_formats.py` prints CPU seconds (least of five) and writes benchmarks/results/plate_formats.csv.
"""

from __future__ import annotations

import csv
import gzip
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pair import Pair

ROOT = Path(__file__).resolve().parents[2]
WELLS = [f"{chr(65 + r)}{c + 1:02d}" for r in range(16) for c in range(24)]
POINTS = 200


def files(folder: Path) -> dict[str, Path]:
    """The same 384 x 200 run in five layouts."""
    import xlsxwriter

    rng = np.random.default_rng(1)
    minutes = np.arange(POINTS) * 3.0
    reads = np.round(
        1e5 / (1 + np.exp(-(minutes[None, :] - rng.uniform(150, 450, 384)[:, None]) / 12))
        + rng.normal(4000, 200, (384, POINTS)),
        1,
    )
    head = [
        ["User: USER"],
        ["Path: C:\\BMG\\NEPHELOstar"],
        ["Test ID: 1"],
        ["Test Name: T50"],
        ["Date: 5/4/2026"],
        ["Nephelometry"],
        [""],
    ]
    across: list[list[Any]] = [
        *head,
        ["Well", "", *WELLS],
        ["Content", "Time [s]", *[f"Sample X{k}" for k in range(384)]],
    ]
    across += [[" Raw Data (635)", t * 60, *reads[:, k]] for k, t in enumerate(minutes)]
    out = {
        n: folder / n
        for n in (
            "mars_384x200.xlsx",
            "mars_384x200.csv",
            "wide_384x200.csv.gz",
            "tidy_384x200.csv",
            "gen5_384x200.txt",
        )
    }
    with xlsxwriter.Workbook(str(out["mars_384x200.xlsx"])) as book:
        sheet = book.add_worksheet("Table All Cycles")
        for i, row in enumerate(across):
            sheet.write_row(i, 0, row)
    out["mars_384x200.csv"].write_text("\n".join(",".join(map(str, r)) for r in across) + "\n")
    wide = [["well", *minutes], *([w, *reads[k]] for k, w in enumerate(WELLS))]
    out["wide_384x200.csv.gz"].write_bytes(gzip.compress("\n".join(",".join(map(str, r)) for r in wide).encode()))
    tidy = [
        "well,time_min,value",
        *(f"{w},{t},{reads[k, j]}" for k, w in enumerate(WELLS) for j, t in enumerate(minutes)),
    ]
    out["tidy_384x200.csv"].write_text("\n".join(tidy) + "\n")
    gen5 = [["Software Version", "3.15.15"], [""], ["Plate Number", "Plate 1"], ["Reader Type:", "Synergy H1"], ["Reading Type", "Reader"],
            [""], ["Procedure Details"], [""], ["600"], [""], ["Time", "T° 600", *(w[0] + str(int(w[1:])) for w in WELLS)]]  # fmt: skip
    gen5 += [[f"{int(t) // 60}:{int(t) % 60:02d}:00", "37.0", *map(str, reads[:, k])] for k, t in enumerate(minutes)]
    out["gen5_384x200.txt"].write_text("\n".join("\t".join(r) for r in gen5) + "\n")
    return out


def least(call: Callable[[], object], times: int = 5) -> float:
    """Least CPU seconds of several calls."""
    found = []
    for _ in range(times):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return min(found)


def pairs() -> Iterator[Pair]:
    """A workbook to a plate with its times and layout, beside calamine to bare rows (which we use) and openpyxl."""
    import openpyxl
    import python_calamine
    from pair import Limit, Pair

    from fetuin.assays.formats.recognition import read_plates

    path = files(Path(tempfile.mkdtemp()))["mars_384x200.xlsx"]

    def rows() -> list[list[Any]]:
        return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()

    floor = Limit(least(rows), "the fastest reader known gives bare rows")

    def theirs() -> None:
        assert sum(1 for _ in openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)) > POINTS

    yield Pair("plate workbook, 384 x 200", "file", "openpyxl to bare rows", "openpyxl", lambda: read_plates(path), theirs,
               repeats=3, limit=floor)  # fmt: skip


def main() -> None:
    """Measure, print, write."""
    from fetuin.assays.formats.recognition import read_plates

    rows: list[list[object]] = [["file", "wells", "points", "cpu_s", "bar_s"]]
    with tempfile.TemporaryDirectory() as folder:
        for name, path in files(Path(folder)).items():
            plate = read_plates(path)[0]
            seconds = least(lambda path=path: read_plates(path))  # type: ignore[misc]
            rows.append([name, *plate.reads.shape, f"{seconds:.3f}", "1.0" if name == "mars_384x200.xlsx" else ""])
            print(*rows[-1])
    out = ROOT / "benchmarks" / "results" / "plate_formats.csv"
    with out.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
