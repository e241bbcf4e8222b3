"""Mutated DICOM files against the reader: no dead parent, no bare traceback, memory and time within limits.

`python benchmarks/fuzz_dicom.py [--n 50000] [--seed 1] [--out benchmarks/results/fuzz_dicom.csv]`

Mutations: bits flipped, file cut, lengths that lie, sequences nested, sizes that lie, bombs. The files go to worker
processes limited as the reader's own child is; a worker that dies or passes the time limit is counted and replaced, as
the reader would replace it. Outcomes are those that a user would see.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import random
import resource
import struct
import tempfile
import time
import warnings
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from fetuin import __version__
from fetuin.errors import FetuinError
from fetuin.imaging.dicom import _read
from fetuin.imaging.masks import SEGMENTATION, _segmentation

LIMIT_S = 10.0
MEMORY = 2**30  # address space of a worker above its start, and the bar for its resident memory
BATCH = 250
Row = tuple[str, str, str]


def seeds() -> dict[str, bytes]:
    """Small whole files: plain, run-length and deflated CT, planar views, SPECT, a segmentation, one with a nested sequence."""
    import numpy as np
    import pydicom
    from pydicom.dataset import Dataset
    from pydicom.uid import DeflatedExplicitVRLittleEndian, RLELossless

    from fetuin.imaging.dicom_writer import write_series
    from fetuin.imaging.phantoms import block
    from fetuin.imaging.structured_report import _write
    from fetuin.imaging.volume import Acquisition, Volume

    with tempfile.TemporaryDirectory() as name:
        ct = write_series(block.make([(0, 4, 4, 4, 4, 300)], shape=(1, 16, 16)), Path(name) / "ct")[0]
        views = Volume(np.ones((2, 16, 16), np.float32), (1, 2, 2), "counts", Acquisition("NM"))
        nm = write_series(views, Path(name) / "nm")[0]
        placed = Volume(np.ones((4, 8, 8), np.float32), (2, 2, 2), "counts", Acquisition("NM"), np.diag([2.0, 2, 2, 1]))
        spect = write_series(placed, Path(name) / "spect")[0].read_bytes()
        plain, planar = ct.read_bytes(), nm.read_bytes()
        scan = _read(str(ct.parent), "")
        whole = (np.packbits(scan.values > 200), scan.values.shape, {"agatston": 1.0, "volume_mm3": 1.0, "mass_mg": 1.0, "site": "",
                 "threshold_hu": 130, "thresholds": "standard", "policy": "literature"})  # fmt: skip
        segmentation = Path(_write(str(ct.parent), "", *whole, name)[0]).read_bytes()

    def changed(change: Any) -> bytes:
        ds = pydicom.dcmread(io.BytesIO(plain))
        change(ds)
        out = io.BytesIO()
        ds.save_as(out, enforce_file_format=True)
        return out.getvalue()

    def deflate(ds: Any) -> None:
        ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian

    def nest(ds: Any) -> None:
        item = Dataset()
        item.ReferencedSOPInstanceUID = "1.2.3"
        ds.ReferencedImageSequence = [item]

    return {
        "plain": plain, "planar": planar, "spect": spect, "segmentation": segmentation, "deflated": changed(deflate), "sequence": changed(nest),
        "run-length": changed(lambda ds: ds.compress(RLELossless)),
    }  # fmt: skip


def flip(data: bytes, rng: random.Random) -> bytes:
    """One to sixty bits the other way, from the header on."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20, 60))):
        out[rng.randrange(128, len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def cut(data: bytes, rng: random.Random) -> bytes:
    """Cut short, a piece taken out, or a piece doubled."""
    a, b = sorted(rng.randrange(len(data)) for _ in range(2))
    return rng.choice((data[:a], data[:a] + data[b:], data[:b] + data[a:]))


def lie(data: bytes, rng: random.Random) -> bytes:
    """A length field of an explicit element says something else."""
    out, places = bytearray(data), _elements(data)
    if not places:
        return flip(data, rng)
    for _ in range(rng.randint(1, 3)):
        at, wide = rng.choice(places)
        value = rng.choice((0, 1, 3, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, rng.randrange(1 << 32)))
        out[at : at + (4 if wide else 2)] = struct.pack("<I", value) if wide else struct.pack("<H", value & 0xFFFF)
    return bytes(out)


def _elements(data: bytes) -> list[tuple[int, bool]]:
    """(place of the length field, whether it has four bytes) of the top elements of an explicit file."""
    at, out = 132, []
    while at + 12 < len(data):
        wide = data[at + 4 : at + 6] in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"OF", b"UC", b"UR")
        place = at + 8 if wide else at + 6
        if not data[at + 4 : at + 6].isalpha():
            break
        out.append((place, wide))
        length = int.from_bytes(data[place : place + (4 if wide else 2)], "little")
        if length == 0xFFFFFFFF:
            break
        at = place + (4 if wide else 2) + length
    return out


def nested(data: bytes, rng: random.Random) -> bytes:
    """A sequence in a sequence in a sequence, of undefined length, closed or not."""
    depth = rng.choice((2, 10, 80, 120, 500, 3000, 20_000))
    start = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    end = struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    at = data.find(struct.pack("<HH", 0x0008, 0x0020))
    return data[:at] + start * depth + end * rng.choice((depth, 0, depth // 2)) + data[at:]


def sizes(data: bytes, rng: random.Random) -> bytes:
    """Rows, columns, bits, samples or a numeric string say something impossible."""
    out = bytearray(data)
    for tag in rng.sample((0x0010, 0x0011, 0x0100, 0x0101, 0x0002, 0x0103), rng.randint(1, 3)):
        at = data.find(struct.pack("<HH2sH", 0x0028, tag, b"US", 2))
        if at >= 0:
            out[at + 8 : at + 10] = struct.pack("<H", rng.choice((0, 1, 3, 17, 255, 65535, rng.randrange(65536))))
    for tag in (0x0030, 0x1052, 0x1053, 0x0008):
        at = data.find(struct.pack("<HH", 0x0028, tag))
        if at >= 0 and rng.random() < 0.3 and (n := data[at + 6]):
            out[at + 8 : at + 8 + n] = rng.choice((b"nan", b"inf", b"1e308", b"-1", b"0", b"9" * 12, b"\\\\", b"x"))[
                :n
            ].ljust(n)
    return bytes(out)


def bomb(data: bytes, rng: random.Random) -> bytes:
    """Little that inflates to much: deflated data set, zip, zip of copies, fragments without end."""
    million = 2**20 * rng.choice((2, 20, 200))
    kind = rng.randrange(3)
    if kind == 0 and (at := data.find(b"1.2.840.10008.1.2.1.99")) >= 0:
        packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
        head = 144 + int.from_bytes(data[140:144], "little")
        return data[:head] + packer.compress(b"\0" * million) + packer.flush() + b"\0" * (at % 2)
    if kind == 1:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in range(rng.choice((1, 50))):
                archive.writestr(f"{i}.dcm", data + b"\0" * (million // 50))
        return out.getvalue()
    return data + struct.pack("<HHI", 0xFFFE, 0xE000, 0) * rng.choice((1, 1000, 100_000))


MUTATIONS = {"flip": flip, "cut": cut, "lie": lie, "nested": nested, "sizes": sizes, "bomb": bomb}
WEIGHTS = (30, 20, 25, 10, 14, 1)


def mutant(base: dict[str, bytes], seed: int) -> tuple[str, bytes]:
    """(kind of mutation, bytes) of one mutant; the seed is its name."""
    rng = random.Random(seed)
    kind = rng.choices(list(MUTATIONS), WEIGHTS)[0]
    return kind, MUTATIONS[kind](base[rng.choice(list(base))], rng)


def judge(file: Path) -> tuple[str, str]:
    """(outcome, what is wrong or "") of reading one file in this process."""
    start = time.process_time()
    try:
        if SEGMENTATION.encode() in file.read_bytes()[:1024]:
            _segmentation(str(file))  # as `--mask` reads it
        else:
            _read(str(file), "")
        outcome, fault = "read", ""
    except FetuinError as e:
        outcome, fault = (
            type(e).__name__,
            "" if e.where and e.fix and e.exit_code in (3, 4, 6) else "no place or no remedy",
        )
    except MemoryError:
        outcome, fault = "memory limit of the child", ""
    except Exception as e:
        outcome, fault = "untyped", type(e).__name__
    return outcome, fault or ("slow" if time.process_time() - start > LIMIT_S else "")


def _work(first: int, last: int, folder: str, pipe: Any) -> None:
    """Judge mutants first to last, each told before and after, so that the parent knows on which one a worker died."""
    warnings.simplefilter("ignore")
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
    base, file = seeds(), Path(folder) / f"{first}.dcm"
    for i in range(first, last):
        kind, data = mutant(base, i)
        file.write_bytes(data)
        pipe.send((i, kind))
        outcome, fault = judge(file)
        pipe.send((outcome, fault, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
    pipe.send(None)


def campaign(n: int, seed: int) -> tuple[Counter[Row], int]:
    """Counts of (mutation, outcome, fault) over n mutants, and the largest resident memory of a worker in bytes."""
    counts: Counter[Row] = Counter()
    at, end, most = seed * 1_000_000, seed * 1_000_000 + n, 0
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        while at < end:
            ours, theirs = context.Pipe(duplex=False)
            worker = context.Process(target=_work, args=(at, min(at + BATCH * 20, end), folder, theirs))
            worker.start()
            theirs.close()
            at, peak = _follow(ours, worker, at, counts)
            most = max(most, peak)
    return counts, most


def _follow(pipe: Any, worker: Any, at: int, counts: Counter[Row]) -> tuple[int, int]:
    """Count what one worker reports until it ends, dies or hangs; the next mutant and its largest memory."""
    peak, kind = 0, "start"
    try:
        while (pipe.poll(LIMIT_S * 6)) and (told := pipe.recv()) is not None:
            if len(told) == 2:
                at, kind = told
            else:
                counts[kind, told[0], told[1]] += 1
                at, peak, kind = at + 1, max(peak, told[2]), ""
        if kind:
            counts[kind, "child stopped: time", "hang"] += 1
            at += 1
    except EOFError:
        if kind == "start":
            raise RuntimeError("a worker died before its first file") from None
        counts[kind, "child died, parent lives", ""] += 1
        at += 1
    worker.kill()
    worker.join()
    return at, peak


def main() -> int:
    """Run the campaign, write its table, and say whether it is clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/fuzz_dicom.csv")
    a = parser.parse_args()
    counts, most = campaign(a.n, a.seed)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with a.out.open("w", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(("version", "seed", "mutation", "outcome", "fault", "count"))
        table.writerows((__version__, a.seed, *key, count) for key, count in sorted(counts.items()))
        table.writerow((__version__, a.seed, "all", "resident memory of a child at most, MB", "", most // 2**20))
        table.writerow((__version__, a.seed, "all", "resident memory of the parent at most, MB", "", own // 2**20))
    faults = sum(c for (_, _, fault), c in counts.items() if fault)
    print(
        f"{sum(counts.values())} mutated files, {faults} faults, child {most / 2**20:.0f} MB, parent {own / 2**20:.0f} MB"
    )
    return int(faults > 0 or most > MEMORY)


if __name__ == "__main__":
    raise SystemExit(main())
