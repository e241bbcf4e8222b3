"""DICOM series (folder, zip, single files, multi-frame) to a `Volume`, as scanners write them and as attackers do.

Everything below `read_series` runs in a limited child (`sandbox.py`). Each refusal says which tag and why. Limits follow
`docs/reference/limits.md`: a file up to 512 MiB, 512 MiB inflated, 5 000 files, 2 GiB of pixels checked from the header
before any pixel is decoded.
"""

from __future__ import annotations

import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import FetuinError, FormatError, InputError, LimitError
from fetuin.imaging import geometry, sandbox
from fetuin.imaging.volume import Volume

FILE_BYTES = INFLATED_BYTES = 512 * 2**20
PIXEL_BYTES = 2 * 2**30
FILES = 5_000
LONG = 100  # files from which a read shows its progress
ZIP_RATIO = 100
BLANK_BYTES, COMPRESSION_RATIO = (
    64 * 2**20,
    1_000,
)  # a blank image may pack well; a large one that packs better is a bomb
DEFLATED = "1.2.840.10008.1.2.1.99"
MAGIC_AT, MAGIC = 128, b"DICM"


def read_series(path: Path, *, series: str = "") -> Volume:
    """One CT, MR, NM or radiograph series as a volume. `series` picks a SeriesInstanceUID where the folder holds several."""
    path = Path(path)
    if not path.exists():
        raise InputError("no such file or folder", where=str(path), fix="check the path")
    return sandbox.run(_read, str(path.absolute()), series, where=path.name)


def looks_like_dicom(path: Path) -> bool:
    """True for a file with the DICOM mark, or a folder or zip that holds one."""
    if path.is_dir():
        return any(looks_like_dicom(p) for p in sorted(path.iterdir()) if p.is_file())
    with path.open("rb") as f:
        head = f.read(MAGIC_AT + 4)
    return head[MAGIC_AT:] == MAGIC or head[:4] == b"PK\x03\x04"


def _read(name: str, series: str) -> Volume:
    path = Path(name)
    frames, warnings = [], []
    for label, stream in _shown(files(path)):
        try:
            frames += _frames(label, stream)
        except FormatError as error:
            warnings.append(f"{label}: {error.what}")
    if not frames:
        raise InputError(
            "no DICOM image in it",
            where=path.name,
            why="; ".join(warnings[:3]) or "the folder is empty",
            fix="pass the folder of one image series",
        )
    chosen, more = _one_series(frames, series, path.name)
    volume = geometry.stack(chosen, path.name)
    return replace(volume, source=path.name, warnings=(*volume.warnings, *more, *warnings[:5]))


def files(path: Path) -> list[tuple[str, Any]]:
    """(label, path or bytes) of every file, within the limits."""
    if path.is_dir():
        found = sorted(
            p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".") and p.name != "DICOMDIR"
        )
        _count(len(found), path.name)
        return [(p.name, p) for p in found]
    with path.open("rb") as f:
        zipped = f.read(4) == b"PK\x03\x04"
    return _unzip(path) if zipped else [(path.name, path)]


def _shown(files: list[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    """The files, with a bar on stderr where a person watches and the series is long."""
    if len(files) < LONG or not sys.stderr.isatty():
        return files

    def shown() -> Iterator[tuple[str, Any]]:
        from rich.console import Console
        from rich.progress import track

        yield from track(files, "reading", console=Console(stderr=True), transient=True)

    return shown()


def _count(n: int, where: str) -> None:
    if n > FILES:
        raise LimitError(
            f"{n} files in one series", where=where, why=f"the limit is {FILES}", fix="pass one series at a time"
        )


def _unzip(path: Path) -> list[tuple[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        _count(len(members), path.name)
        total = sum(m.file_size for m in members)
        packed = max(sum(m.compress_size for m in members), 1)
        if total > PIXEL_BYTES or total / packed > ZIP_RATIO:
            raise LimitError(
                "the archive inflates too far",
                where=path.name,
                why=f"{total} bytes from {packed}",
                fix="pass the unpacked folder",
            )
        return [
            (Path(m.filename).name, archive.read(m)) for m in members if not m.filename.endswith((".zip", "DICOMDIR"))
        ]


def _frames(label: str, stream: Any) -> list[dict[str, Any]]:
    """Every frame of one file: header facts and pixels."""
    ds = parsed(stream, label)
    if "Rows" not in ds:
        return []
    return typed(label, lambda: geometry.frames(ds, label, pixels))


def parsed(stream: Path | bytes, label: str = "", *, headers_only: bool = False) -> Any:
    """The data set of one file, within the limits. Runs in the child."""
    import io

    import pydicom
    from pydicom.errors import InvalidDicomError

    label = label or (stream.name if isinstance(stream, Path) else "")
    size = stream.stat().st_size if isinstance(stream, Path) else len(stream)
    if size > FILE_BYTES:
        raise LimitError(
            "a file is too large", where=label, why=f"{size} bytes, the limit is {FILE_BYTES}", fix="split the series"
        )
    data = stream.read_bytes() if isinstance(stream, Path) else stream
    if data[MAGIC_AT : MAGIC_AT + 4] != MAGIC:
        raise FormatError("not a DICOM file", where=label, fix="pass DICOM or NIfTI")

    def read() -> Any:
        _refuse_bomb(label, data)
        try:
            return pydicom.dcmread(io.BytesIO(data), stop_before_pixels=headers_only)
        except InvalidDicomError:
            raise FormatError("not a DICOM file", where=label, fix="pass DICOM or NIfTI") from None

    return typed(label, read)


def typed(label: str, action: Callable[[], Any]) -> Any:
    """What `action` returns; whatever a parser of hostile bytes throws becomes an error with a place."""
    try:
        return action()
    except RecursionError:
        raise LimitError(
            "sequences are nested too deeply",
            where=label,
            why="more than about 100 levels",
            fix="anonymise or re-export the file",
        ) from None
    except (FetuinError, MemoryError):
        raise
    except Exception as error:  # such a parser has no closed list of errors
        raise InputError(
            "a file cannot be parsed",
            where=label,
            why=f"its data elements contradict each other ({type(error).__name__})",
            fix="copy or export it again",
        ) from None


def _refuse_bomb(label: str, data: bytes) -> None:
    """A deflated file is inflated here once, in pieces and up to the limit, before anybody parses it."""
    if DEFLATED.encode() not in data[:2048]:
        return
    length = int.from_bytes(data[MAGIC_AT + 12 : MAGIC_AT + 16], "little")
    inflater, total, rest = zlib.decompressobj(-zlib.MAX_WBITS), 0, data[MAGIC_AT + 16 + length :]
    while rest and not inflater.eof:
        total += len(inflater.decompress(rest, 2**20))
        rest = inflater.unconsumed_tail
        if total > INFLATED_BYTES or total > ZIP_RATIO * max(len(data), 2**16):
            raise LimitError(
                "the file inflates too far",
                where=f"{label} (0002,0010)",
                why="deflated transfer syntax",
                fix="export it uncompressed",
            )


def pixels(ds: Any, label: str) -> np.ndarray:
    """Stored values [frames, rows, columns], after the header was compared with what is there."""
    rows, columns = int(ds.get("Rows", 0) or 0), int(ds.get("Columns", 0) or 0)
    n, samples = int(ds.get("NumberOfFrames", 1) or 1), int(ds.get("SamplesPerPixel", 1) or 1)
    _compare(ds, label, rows, columns, n, samples)
    try:
        array = ds.pixel_array
    except (FetuinError, MemoryError):
        raise
    except Exception as error:  # four decoders, each with errors of its own
        raise InputError(
            "the pixels cannot be decoded",
            where=f"{label} (7FE0,0010) PixelData",
            why=type(error).__name__,
            fix="export it uncompressed",
        ) from None
    if samples != 1:
        raise InputError(
            "a colour image",
            where=f"{label} (0028,0002) SamplesPerPixel",
            why=f"{samples} samples a pixel",
            fix="export the original values",
        )
    return array.reshape(n, rows, columns)


def _compare(ds: Any, label: str, rows: int, columns: int, n: int, samples: int) -> None:
    """What the header promises against the bytes that are there, before a decoder sees them."""
    bits = int(ds.get("BitsAllocated", 0) or 0)
    wanted = (rows * columns * n * samples * bits + 7) // 8  # a segmentation has one bit a pixel
    if min(rows, columns, n, bits) <= 0:
        raise InputError(
            "the image has no size",
            where=f"{label} (0028,0010) Rows",
            why=f"{rows} x {columns} x {n} of {bits} bit",
            fix="export it again",
        )
    if wanted > PIXEL_BYTES:
        raise LimitError(
            "the image is too large",
            where=f"{label} (0028,0010) Rows",
            why=f"{wanted} bytes, the limit is {PIXEL_BYTES}",
            fix="split the series",
        )
    if "PixelData" not in ds:
        raise InputError(
            "no pixels",
            where=f"{label} (7FE0,0010) PixelData",
            why="the tag is absent",
            fix="export the image, not its header",
        )
    compressed = ds.file_meta.TransferSyntaxUID.is_compressed and str(ds.file_meta.TransferSyntaxUID) != DEFLATED
    if not compressed and len(ds.PixelData) not in (wanted, wanted + wanted % 2):
        raise InputError(
            "the pixels do not fit the header",
            where=f"{label} (7FE0,0010) PixelData",
            why=f"{len(ds.PixelData)} bytes, {wanted} expected",
            fix="export it again",
        )
    if compressed and wanted > BLANK_BYTES and wanted > COMPRESSION_RATIO * len(ds.PixelData):
        raise LimitError(
            "the pixels inflate too far",
            where=f"{label} (7FE0,0010) PixelData",
            why=f"{wanted} bytes from {len(ds.PixelData)}",
            fix="export it uncompressed",
        )


def _one_series(frames: list[dict[str, Any]], series: str, where: str) -> tuple[list[dict[str, Any]], list[str]]:
    by: dict[str, list[dict[str, Any]]] = {}
    for f in frames:
        by.setdefault(f["acquisition"].series, []).append(f)
    if series:
        if series not in by:
            raise InputError(
                "no such series", where=f"{where} (0020,000E)", why=f"it holds {sorted(by)}", fix="name one of these"
            )
        return by[series], []
    if len(by) > 1:
        listed = ", ".join(f"{u or '(absent)'}: {len(v)} images" for u, v in sorted(by.items()))
        raise InputError(
            "several series are mixed",
            where=f"{where} (0020,000E) SeriesInstanceUID",
            why=listed,
            fix="pass one with --series UID",
        )
    absent = "" in by
    return next(iter(by.values())), [
        "(0020,000E) SeriesInstanceUID is absent: all files were taken as one series"
    ] if absent else []
