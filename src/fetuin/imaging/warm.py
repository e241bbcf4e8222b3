"""What a waiting reader does before its first file: everything that costs time only once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory


def warm() -> None:
    """Import the decoders and read two tiny slices, so that the first real series finds all tables built."""
    import numpy as np
    import pydicom.pixels  # noqa: F401

    from fetuin.imaging.dicom import _read
    from fetuin.imaging.dicom_writer import write_series
    from fetuin.imaging.volume import Acquisition, Volume

    tiny = Volume(np.zeros((2, 4, 4), np.int16), (1.0, 1.0, 1.0), "HU", Acquisition("CT", 120.0))
    with TemporaryDirectory() as folder:
        write_series(tiny, Path(folder))
        _read(folder, "")
