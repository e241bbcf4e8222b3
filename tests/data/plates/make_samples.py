"""Write the small sample files of this folder: one run of five wells and six reads in every dialect that fetuin reads.

The run is made up; the dialects follow real exports of each program. Every sample holds the same truth (`truth.csv`):
one read is missing (A02, third), one is over range (B03, last), well B02 was skipped. Run: `python make_samples.py`.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).parent
WELLS = ("A01", "A02", "A03", "B01", "B03")
NAMES = ("serum 1", "serum 2", "control low", "serum 1", "blank")
SECONDS = (0, 270, 540, 810, 1080, 1350)
READS: dict[str, list[float | str]] = {
    "A01": [4100.5, 9120.25, 9980.75, 52000.5, 131000.25, 131900.5],
    "A02": [4200.5, 9220.25, "", 12000.5, 61000.25, 130900.5],
    "A03": [3900.5, 8920.25, 88980.75, 128000.5, 129000.25, 129900.5],
    "B01": [4050.5, 9070.25, 9880.75, 51000.5, 130500.25, 131400.5],
    "B03": [4000.5, 4010.25, 4020.75, 4030.5, 4040.25, "OVER"],
}
Rows = list[list[Any]]


def value(well: str, k: int, over: str, missing: str = "") -> Any:
    """The read as a dialect prints it."""
    read = READS[well][k]
    return {"OVER": over, "": missing}.get(read, read) if isinstance(read, str) else read


def short(well: str) -> str:
    """A01 -> A1."""
    return well[0] + str(int(well[1:]))


def text(name: str, rows: Rows, mark: str, *, encoding: str = "utf-8", end: str = "\n", comma: bool = False) -> None:
    """Write rows as delimited text."""

    def show(cell: Any) -> str:
        word = str(cell)
        return word.replace(".", ",") if comma and isinstance(cell, float) else word

    body = end.join(mark.join(map(show, row)) for row in rows) + end
    data = body.encode(encoding)
    (HERE / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)


def book(name: str, sheets: dict[str, Rows]) -> None:
    """Write rows as a workbook."""
    with xlsxwriter.Workbook(str(HERE / name)) as out:
        out.set_properties({"created": __import__("datetime").datetime(2026, 1, 1)})
        for title, rows in sheets.items():
            sheet = out.add_worksheet(title)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell != "":
                        sheet.write(i, j, cell)


def mars_head(mode: str) -> Rows:
    """The header of MARS, a pair a line."""
    return [["User: USER"], ["Path: C:\\Program Files (x86)\\BMG\\NEPHELOstar\\User\\Data"], ["Test ID: 12"],
            ["Test Name: T50"], ["Date: 5/4/2026"], ["Time: 8:58:30 AM"], ["ID1: plate 7"], [mode], [""], [""]]  # fmt: skip


def bmg() -> None:
    """MARS and SMART Control: all cycles, table, cycles as matrices; CSV, text, XLSX; three encodings."""
    across: Rows = [["Well", "", *WELLS], ["Content", "Time [s]", *NAMES], ["Maxpoint", "", 1, 2, 3, 4, 5]]
    across += [["Raw Data (635)", t, *(value(w, k, "overflow") for w in WELLS)] for k, t in enumerate(SECONDS)]
    across += [["Blank corrected based on Raw Data (635)", t, *[1.5] * 5] for t in SECONDS]
    text("bmg_all_cycles.csv", mars_head("Nephelometry") + across, ",")
    hours = [[r[0], r[1] / 3600 if isinstance(r[1], int) else r[1].replace("[s]", "[h]"), *r[2:]] for r in across]
    book("bmg_all_cycles.xlsx", {"Table All Cycles": mars_head("Nephelometry") + hours})
    times = [f"{t // 60} min {t % 60} s" if t else "0 min " for t in SECONDS]
    down: Rows = [["Well", "Content", *["Raw Data (635)"] * 6], ["", "Time", *times]]
    down += [[w, n, *(value(w, k, "overflow") for k in range(6))] for w, n in zip(WELLS, NAMES)]
    text("bmg_table.txt", down, "\t")
    german: Rows = [["Well Row", "Well Col", "Content", *["Raw Data (635)"] * 6], ["", "", "Time [s]", *SECONDS]]
    german += [[w[0], int(w[1:]), n.replace("serum", "Plättchen"), *(value(w, k, "overflow") for k in range(6))]
               for w, n in zip(WELLS, NAMES)]  # fmt: skip
    text("bmg_table_de.csv", mars_head("Nephelometrie") + german, ";", encoding="iso-8859-1", end="\r\n", comma=True)
    cycles: Rows = mars_head("Nephelometry")
    for k, t in enumerate(times):
        cycles += [[f"Cycle {k + 1} ({t}{' - Inj. only' if k == 0 else ''})"], ["1. Raw Data (635)"], ["", 1, 2, 3]]
        cycles += [
            [r, *(value(f"{r}0{c}", k, "overflow") if f"{r}0{c}" in WELLS else "" for c in (1, 2, 3))] for r in "AB"
        ]
        cycles += [[""], ["2. Layout"], ["", 1, 2, 3], ["A", "X1", "X2", "C"], ["B", "X1", "", "B"], [""]]
    book(
        "bmg_cycles.xlsx", {"Protocol Information": [["Microplate name:", "96"]], "Microplate Cycle 1 (0 min)": cycles}
    )


def clock(t: int) -> str:
    """0:04:30."""
    return f"{t // 3600}:{t // 60 % 60:02d}:{t % 60:02d}"


def gen5() -> None:
    """Gen5: two plates in a text file, the column layout, the workbook."""

    def plate(n: int) -> Rows:
        rows: Rows = [["Plate Number", f"Plate {n}"], ["Date", "5/4/2026"], ["Time", "2:23:45 PM"], ["Reader Type:", "Synergy Neo2"],
                      [""], ["Procedure Details"], [""], ["Start Kinetic", "Runtime 10:00:00 (HH:MM:SS), Interval 0:04:30"],
                      ["    Read", "Absorbance Endpoint"], ["", "Wavelengths:  405"], ["End Kinetic"], [""], ["Layout"],
                      ["", 1, 2, 3], ["A", *NAMES[:3], "Well ID"], ["B", NAMES[3], "", NAMES[4], "Well ID"], [""], ["405"], [""],
                      ["Time", "T° 405", *map(short, WELLS)]]  # fmt: skip
        rows += [[clock(t), 37.0, *(value(w, k, "OVRFLW", "?????") for w in WELLS)] for k, t in enumerate(SECONDS)]
        return [*rows, ["0:00:00", *[""] * 6], ["0:00:00", *[""] * 6], [""], ["Max V [405]"], ["", 1, 2, 3],
                ["A", 1.5, 2.5, 3.5, "Max V [405]"], [""]]  # fmt: skip

    head: Rows = [[""], ["Software Version", "3.15.15"], [""], ["Experiment File Path:", "D:\\run.xpt"], [""]]
    text("gen5_two_plates.txt", head + plate(1) + plate(2), "\t", encoding="iso-8859-1", end="\r\n")
    stamps = [f"{t // 60}:{t % 60:02d}.000" for t in SECONDS]
    columns: Rows = [
        *head,
        ["Plate Number", "Plate 1"],
        ["Reader Type:", "Synergy Neo2"],
        [""],
        ["405"],
        [""],
        ["Well", *stamps],
    ]
    columns += [[short(w), *(value(w, k, "OVRFLW", "?????") for k in range(6))] for w in WELLS]
    text("gen5_columns.txt", columns, "\t")
    wide: Rows = [*head, ["Plate Number", "Plate 1"], ["Reader Type:", "Synergy Neo2"], [""], ["Read 1:405"], [""],
                  ["", "Time", "T° Read 1:405", *map(short, WELLS)]]  # fmt: skip
    wide += [["", t / 86400, 37.0, *(value(w, k, "OVRFLW") for w in WELLS)] for k, t in enumerate(SECONDS)]
    book("gen5_kinetic.xlsx", {"run": wide})


def softmax() -> None:
    """SoftMax Pro: TimeFormat in UTF-16, PlateFormat with a decimal comma."""

    def head(layout: str) -> Rows:
        return [["##BLOCKS= 1"], ["Plate:", "P1", "1.3", layout, "Kinetic", "Absorbance", "Raw", "FALSE", 6, 1350, 270, "", "", "", 1,
                 "405 ", 1, 3, 96, 1, 2]]  # fmt: skip

    places = ("A01", "A02", "A03", "B01", "B02", "B03")
    rows = [*head("TimeFormat"), ["Time", "Temperature(°C)", *map(short, places)]]
    times = [f"00:{t // 60:02d}:{t % 60:02d}" for t in SECONDS]
    rows += [[t, 37.0, *(value(w, k, "#Sat") if w in WELLS else "" for w in places)] for k, t in enumerate(times)]
    rows += [
        [""],
        ["", "", *map(short, places)],
        ["", "", *[0.5] * 6],
        ["~End"],
        ["Original Filename: a; Date Last Saved: 1/6/2026 3:33:58 PM"],
    ]
    text("softmax_time_utf16.txt", rows, "\t", encoding="utf-16", end="\r\n")
    rows = [*head("PlateFormat"), ["", "Temperature(°C)", 1, 2, 3]]
    for k, t in enumerate(times):
        rows += [[t, 37.0, *(value(w, k, "#Sat") for w in places[:3])]]
        rows += [["", "", *(value(w, k, "#Sat") if w in WELLS else "" for w in places[3:])], [""]]
    rows += [["", "", 1, 2, 3], ["", "", 0.5, 0.5, 0.5], ["", "", 0.5, "", 0.5], ["~End"]]
    text("softmax_plate_de.txt", rows, "\t", comma=True)


def tecan() -> None:
    """i-control: a row a well, a row a cycle with a BOM, blocks a well in German; Spark; Magellan in two views."""
    head: Rows = [["Application: Tecan i-control", "", "", "Tecan i-control , 1.11.1.0"], ["Device: infinite 200Pro"], ["Date:", "04.05.2026"],
                  [""], ["Mode", "", "", "", "Absorbance"], [""], ["Label: OD405"]]  # fmt: skip
    table: Rows = [["Cycle Nr.", *range(1, 7)], ["Time [s]", *SECONDS], ["Temp. [°C]", *[37.1] * 6]]
    table += [[short(w), *(value(w, k, "OVER") for k in range(6))] for w in WELLS]
    book("tecan_icontrol.xlsx", {"Sheet1": [*head, *table, [""], ["End Time:", "04.05.2026 12:00:00"]]})
    rows = [["Cycle Nr.", "Time [s]", "Temp. [°C]", *map(short, WELLS)]]
    rows += [[k + 1, t, 37.1, *(value(w, k, "OVER") for w in WELLS)] for k, t in enumerate(SECONDS)]
    text("tecan_icontrol_bom.csv", [*head[:-1], ["OD405:405"], *rows], ",", encoding="utf-8-sig")
    blocks: Rows = []
    for w in WELLS:
        blocks += [["Zyklen / Well"], [short(w), *range(1, 7)], ["Zeit [s]", *SECONDS], ["Temp. [°C]", *[37.1] * 6],
                   ["Mittelwert", *(value(w, k, "OVER") for k in range(6))], ["StDev", *[0.1] * 6], ["0;1", *[1.0] * 6], [""]]  # fmt: skip
    book("tecan_wells_de.xlsx", {"Tabelle1": [["Programm: Tecan i-control"], ["Datum:", "04.05.2026"], ["Modus", "Absorption"],
                                              ["Label: Label1"], *blocks]})  # fmt: skip
    spark = [
        ["Method name: T50"],
        ["Application: SparkControl", "", "", "", "V2.3"],
        ["Mode", "Absorbance"],
        ["Name", "OD405"],
        ["OD405"],
    ]
    text("tecan_spark.csv", [*spark, *table], ",", encoding="cp1252")
    stamps: Rows = [[f"Monday, May 4, 2026: 10:{t // 60:02d}:{t % 60:02d} / {t} s / 37.1 °C"] for t in SECONDS]
    reads: Rows = [[short(w), *(value(w, k, "OVER") for k in range(6))] for w in WELLS]
    book("magellan_stamped.xlsx", {"Magellan Sheet 1": [*stamps, [""], *reads]})
    elapsed: Rows = [
        ["", *map(short, WELLS)],
        *([f"{t}s", *(value(w, k, "OVER") for w in WELLS)] for k, t in enumerate(SECONDS)),
    ]
    text("magellan_elapsed.txt", elapsed, "\t")


def skanit() -> None:
    """SkanIt: readings with average times, and the list in which every well has its own times."""
    info: Rows = [["General information"], ["Software", "SkanIt Software 6.1"]]
    rows: Rows = [
        ["Absorbance 1"],
        [""],
        ["Avg. time [s]", "Reading", *(f"{short(w)} {n}" for w, n in zip(WELLS, NAMES))],
    ]
    rows += [[t, k + 1, *(value(w, k, "Sat.", "NaN") for w in WELLS)] for k, t in enumerate(SECONDS)]
    book("skanit_readings.xlsx", {"Absorbance 1": rows, "General information": info})
    rows = [["Absorbance 1"], ["Well", "Sample", "Wavelength(s) [nm]", "Measurement time(s)", "Raw absorbance"]]
    rows += [
        [f"{w[0]} {int(w[1:])}", n, 405, t, value(w, k, "Sat.", "NaN")]
        for w, n in zip(WELLS, NAMES)
        for k, t in enumerate(SECONDS)
    ]
    book("skanit_list.xlsx", {"Absorbance Raw data": rows, "General information": info})


def plain() -> None:
    """Tidy and wide tables, CSV, gzip and XLSX; shuffled rows; read offsets."""
    long: Rows = [["well", "time_s", "value", "sample"]]
    long += [[w, t, value(w, k, "OVRFLW"), n] for k, t in enumerate(SECONDS) for w, n in zip(WELLS, NAMES)]
    book("tidy.xlsx", {"long": long})
    german: Rows = [["well", "time_min", "rnu", "sample"], *([w, t / 60, *r] for w, t, *r in reversed(long[1:]))]
    text("tidy_shuffled_de.csv", german, ";", comma=True, encoding="utf-8-sig")
    minutes = [t / 60 for t in SECONDS]
    wide: Rows = [["well", *minutes], *([short(w), *(value(w, k, "OVRFLW") for k in range(6))] for w in WELLS)]
    text("wide.csv.gz", wide, ",")
    book("wide.xlsx", {"plate": wide})
    offset = [[r[0], "read_offset_min" if k == 0 else 0.25 * (k - 1), *r[1:]] for k, r in enumerate(wide)]
    text("wide_offsets.csv", [offset[0], *reversed(offset[1:])], ",", end="\r\n")
    text("truth.csv", [["well", *minutes], *([w, *READS[w]] for w in WELLS)], ",")


def main() -> None:
    """Write every sample."""
    for family in (bmg, gen5, softmax, tecan, skanit, plain):
        family()


if __name__ == "__main__":
    main()
