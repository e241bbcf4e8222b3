"""Mutated plate files against every reader: no crash, and each error names file, row, column and what was expected.

`python benchmarks/fuzz_plates.py [--n 20000] [--seed 1]` writes the figures to benchmarks/results/fuzz_plates.csv.
The seeds are the samples of tests/data/plates. Tests run a few hundred (tests/contracts/test_assay_formats.py).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "tests" / "data" / "plates"
JUNK = ("", "abc", "1,5", "1.234,5", "1e999", "-1e400", "nan", "inf", "OVRFLW", "=1+1", "A0", "Z99", "AA1", "A1", "\x00", "0", "-5",
        "99999999999999999999", "12:99:99", "1:2:3:4", "ß∞", '"', '""x', "'", "\t", ";", ",", "#DIV/0!", "1 234,5", "0 h 99 min",
        "A" * 500, "<script>", "Time [x]", "Cycle 3 ()", "Well", "~End", "Plate:")  # fmt: skip


def seeds() -> list[Path]:
    """The sample files."""
    return sorted(p for p in SEEDS.iterdir() if p.suffix in (".csv", ".txt", ".xlsx", ".gz") and p.name != "truth.csv")


def _bytes(data: bytes, draw: Random) -> bytes:
    """Flip, cut, double or insert bytes anywhere."""
    out = bytearray(data)
    kind = draw.randrange(5)
    if not out:
        return b"\x00"
    at = draw.randrange(len(out))
    if kind == 0:
        for _ in range(draw.randint(1, 20)):
            out[draw.randrange(len(out))] = draw.randrange(256)
    elif kind == 1:
        del out[at:]
    elif kind == 2:
        del out[at : at + draw.randint(1, 400)]
    elif kind == 3:
        out[at:at] = out[at : at + draw.randint(1, 400)]
    else:
        out[at:at] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 30)))
    return bytes(out)


def _lines(text: str, draw: Random) -> str:
    """Delete, double, swap or shuffle lines; replace, delete or add cells; swap signs."""
    lines = text.split("\n")
    i, j = draw.randrange(len(lines)), draw.randrange(len(lines))
    kind = draw.randrange(9)
    if kind == 0:
        del lines[i]
    elif kind == 1:
        lines.insert(j, lines[i])
    elif kind == 2:
        lines[i], lines[j] = lines[j], lines[i]
    elif kind == 3:
        tail = lines[i:]
        draw.shuffle(tail)
        lines[i:] = tail
    elif kind == 4:
        return text.translate(
            str.maketrans(*draw.choice(((",", ";"), (".", ","), ("\t", ","), (";", "\t"), (",", "."))))
        )
    else:
        mark = max("\t;,", key=text.count)
        for _ in range(draw.randint(1, 4)):
            k = draw.randrange(len(lines))
            cells = lines[k].split(mark)
            at = draw.randrange(len(cells))
            if kind == 5:
                cells[at] = draw.choice(JUNK)
            elif kind == 6:
                del cells[at]
            elif kind == 7:
                cells.insert(at, draw.choice(JUNK))
            else:
                other = draw.randrange(len(cells))
                cells[at], cells[other] = cells[other], cells[at]
            lines[k] = mark.join(cells)
    return "\n".join(lines)


def _text(data: bytes, draw: Random) -> bytes:
    encoding = "utf-16" if data[:2] == b"\xff\xfe" else "utf-8"
    try:
        words = data.decode(encoding)
    except UnicodeDecodeError:
        encoding, words = "cp1252", data.decode("cp1252", "replace")
    for _ in range(draw.randint(1, 3)):
        words = _lines(words, draw)
    return words.encode(draw.choice((encoding, encoding, "utf-8", "utf-16", "utf-8-sig")), "replace")


def _book(data: bytes, draw: Random) -> bytes:
    """Change the parts of a workbook and pack it again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        hit = draw.choice([n for n in old.namelist() if "sheet" in n or "shared" in n.lower()])
        for name in old.namelist():
            part = old.read(name)
            if name == hit:
                part = _xml(part, draw)
                if draw.random() < 0.04:
                    continue
            new.writestr(name, part)
    return out.getvalue()


def _cells(data: bytes, draw: Random) -> bytes:
    """Read the cells of a workbook, spoil some, write a sound workbook around them."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    old, out = CalamineWorkbook.from_filelike(io.BytesIO(data)), io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as new:
        for name in old.sheet_names:
            rows = old.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for _ in range(draw.randint(1, 3)):
                _spoil(rows, draw)
            sheet = new.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell != "":
                        sheet.write(i, j, str(cell) if isinstance(cell, str) else cell)
    return out.getvalue()


def _spoil(rows: list[list[object]], draw: Random) -> None:
    i, j = draw.randrange(len(rows)), draw.randrange(len(rows))
    kind = draw.randrange(5)
    if kind == 0 and len(rows) > 1:
        del rows[i]
    elif kind == 1:
        rows.insert(j, list(rows[i]))
    elif kind == 2:
        rows[i], rows[j] = rows[j], rows[i]
    elif rows[i]:
        at = draw.randrange(len(rows[i]))
        if kind == 3:
            rows[i][at] = draw.choice((*JUNK, -1.0, 1e300, 0.5, 42, True))
        else:
            del rows[i][at]


def _xml(part: bytes, draw: Random) -> bytes:
    words = part.decode("utf-8", "replace")
    kind = draw.randrange(6)
    numbers = list(re.finditer(r"<v>([^<]*)</v>", words))
    refs = list(re.finditer(r'r="[A-Z]+\d+"', words))
    texts = list(re.finditer(r"<t[^>]*>([^<]*)</t>", words))
    if kind == 0 and numbers:
        m = draw.choice(numbers)
        return (
            words[: m.start(1)] + draw.choice(("", "x", "1e999", "-1", "99", "NaN", "1,5")) + words[m.end(1) :]
        ).encode()
    if kind == 1 and refs:
        m = draw.choice(refs)
        return (
            words[: m.start()]
            + draw.choice(('r="XFD1048576"', 'r="A1"', 'r="ZZZZ99999999"', 'r="B2"', ""))
            + words[m.end() :]
        ).encode()
    if kind == 2 and texts:
        m = draw.choice(texts)
        junk = draw.choice(JUNK).replace("<", "&lt;").replace("\x00", "")
        return (words[: m.start(1)] + junk + words[m.end(1) :]).encode()
    if kind == 3:
        return words.replace('t="s"', draw.choice(('t="str"', 't="b"', 't="e"', "")), draw.randint(1, 9)).encode()
    return _bytes(part, draw)


def mutate(path: Path, draw: Random) -> tuple[str, bytes]:
    """(file name, bytes) of one mutated file."""
    data = path.read_bytes()
    if path.suffix == ".gz" and draw.random() < 0.8:
        data = gzip.compress(_text(gzip.decompress(data), draw), mtime=0)
    elif path.suffix == ".xlsx" and draw.random() < 0.85:
        data = _cells(data, draw) if draw.random() < 0.6 else _book(data, draw)
    elif draw.random() < 0.75 and path.suffix in (".csv", ".txt"):
        data = _text(data, draw)
    else:
        data = _bytes(data, draw)
    return path.name, data


def judge(name: str, data: bytes, folder: Path) -> tuple[str, str]:
    """("read" | "refused" | "unplaced" | "crash", what): how the readers took one file."""
    from fetuin.assays.formats.recognition import read_plates
    from fetuin.errors import FetuinError

    path = folder / name
    path.write_bytes(data)
    try:
        plates = read_plates(path)
    except FetuinError as error:
        placed = name in error.where and "row " in error.where and "column " in error.where
        expected = "expected" in f"{error.what} {error.why} {error.fix}"
        return ("refused", type(error).__name__) if placed and expected else ("unplaced", error.message()[:300])
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return "crash", f"{type(error).__name__}: {error}"[:300]
    return ("read", "") if plates else ("crash", "no plates and no error")


def campaign(n: int, seed: int) -> tuple[Counter[tuple[str, str]], list[tuple[int, str, str, str]], float]:
    """(counts of (sample, verdict), what went wrong, the slowest file in seconds)."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong: list[tuple[int, str, str, str]] = []
    slowest, known = 0.0, seeds()
    with tempfile.TemporaryDirectory() as folder:
        for k in range(n):
            draw = Random(seed * 1_000_003 + k)
            name, data = mutate(known[k % len(known)], draw)
            start = time.process_time()
            verdict, what = judge(name, data, Path(folder))
            slowest = max(slowest, time.process_time() - start)
            counts[name, verdict] += 1
            if verdict in ("crash", "unplaced"):
                wrong.append((k, name, verdict, what))
    return counts, wrong, slowest


def main() -> int:
    """Run the campaign and write its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    start = time.process_time()
    counts, wrong, slowest = campaign(asked.n, asked.seed)
    out = ROOT / "benchmarks" / "results" / "fuzz_plates.csv"
    out.parent.mkdir(parents=True, exist_ok=True)
    verdicts = ("read", "refused", "unplaced", "crash")
    with out.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["sample", *verdicts, "seed", "slowest_file_s"])
        for name in sorted({s for s, _ in counts}):
            writer.writerow([name, *(counts[name, v] for v in verdicts), asked.seed, ""])
        total = [sum(c for (_, v), c in counts.items() if v == want) for want in verdicts]
        writer.writerow(["all", *total, asked.seed, f"{slowest:.3f}"])
    for k, name, verdict, what in wrong[:40]:
        print(f"{k} {name} {verdict}: {what}")
    print(
        f"{asked.n} files: "
        + ", ".join(f"{t} {v}" for t, v in zip(total, verdicts))
        + f"; {time.process_time() - start:.0f} s CPU"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
