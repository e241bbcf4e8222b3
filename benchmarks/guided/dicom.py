"""DICOM: CT, planar, SPECT, segmentations; what the child of the reader runs."""

from __future__ import annotations

from pathlib import Path
from random import Random

import fuzz_dicom
from guided.contract import Target


def seeds() -> list[bytes]:
    """Those of the campaign with mutated files."""
    return list(fuzz_dicom.seeds().values())


def read(data: bytes, folder: Path) -> object:
    """As an image, or as `--mask` reads a segmentation."""
    from fetuin.imaging.dicom import _read
    from fetuin.imaging.masks import SEGMENTATION, _segmentation

    file = folder / "a.dcm"
    file.write_bytes(data)
    return _segmentation(str(file)) if SEGMENTATION.encode() in data[:1024] else _read(str(file), "")


def spoil(data: bytes, draw: Random) -> bytes:
    """Lengths that lie, sequences nested, sizes that lie."""
    return draw.choice((fuzz_dicom.lie, fuzz_dicom.lie, fuzz_dicom.sizes, fuzz_dicom.nested))(data, draw)


TARGET = Target(seeds, read, ("pydicom",), ("DICM", "SQ", "OB", "OW", "UN", "1.2.840.10008.1.2.1"), spoil, limited=True)
