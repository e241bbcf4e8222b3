"""NIfTI images and label images, plain and gzipped; what the child of the reader runs."""

from __future__ import annotations

import gzip
from pathlib import Path

from guided.contract import Target


def seeds() -> list[bytes]:
    """Small volumes of several types, one of them gzipped."""
    import nibabel as nib
    import numpy as np

    out = []
    for kind in (np.int16, np.float32, np.uint8):
        image = nib.Nifti1Image(np.arange(24, dtype=kind).reshape(2, 3, 4), np.diag([2.0, 2, 3, 1]))
        image.header.extensions.append(nib.nifti1.Nifti1Extension(0, b'<Label Key="1"><![CDATA[aorta]]></Label>'))
        out.append(image.to_bytes())
    return [*out, gzip.compress(out[0], mtime=0)]


def read(data: bytes, folder: Path) -> object:
    """As an image with labels; gzip by its first bytes."""
    from fetuin.imaging.nifti import _read_labels

    file = folder / ("a.nii.gz" if data[:2] == b"\x1f\x8b" else "a.nii")
    file.write_bytes(data)
    return _read_labels(str(file))


TARGET = Target(seeds, read, ("nibabel",), ("n+1", "ni1", "<Label Key="), limited=True)
