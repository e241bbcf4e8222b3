"""Headers that lie end as errors with a place and a remedy."""

from __future__ import annotations

import struct
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.imaging.nifti import _read

OFFSET = slice(108, 112)  # bytes of vox_offset, where the values begin


@pytest.mark.parametrize(("offset", "says"), [(0.5, "header cannot be read"), (1e30, "fewer values")])
def test_values_that_begin_nowhere(offset: float, says: str, tmp_path: Path) -> None:
    data = bytearray(nib.Nifti1Image(np.arange(24, dtype=np.int16).reshape(2, 3, 4), np.eye(4)).to_bytes())
    data[OFFSET] = struct.pack("<f", offset)
    file = tmp_path / "a.nii"
    file.write_bytes(data)
    with pytest.raises(InputError, match=says) as caught:
        _read(str(file), "HU")
    assert caught.value.where == "a.nii"
    assert caught.value.fix
