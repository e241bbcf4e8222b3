"""Series as scanners write them, and as attackers do: every refusal has a place and a reason."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from fetuin.errors import FetuinError, InputError, LimitError
from fetuin.imaging.dicom import _read, read_series


def _slice(z: float, values: np.ndarray | None = None, **tags) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, f"1.2.3.{int(z * 10)}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    values = np.full((8, 8), 40, np.int16) if values is None else values
    ds.Modality, ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit = "CT", *values.shape, 16, 16, 15
    ds.PixelRepresentation, ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, 1, "MONOCHROME2"
    ds.RescaleSlope, ds.RescaleIntercept, ds.SliceThickness, ds.KVP = 1, -10, 3, 120
    ds.PixelSpacing, ds.ImageOrientationPatient, ds.ImagePositionPatient = [0.5, 0.5], [1, 0, 0, 0, 1, 0], [0, 0, z]
    ds.SeriesInstanceUID, ds.PixelData = "1.2.3", values.tobytes()
    for k, v in tags.items():
        setattr(ds, k, v)
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    def write(*files):
        for i, data in enumerate(files):
            (tmp_path / f"f{i}").write_bytes(data)
        return tmp_path

    return write


def test_slices_are_ordered_and_rescaled(folder):
    volume = read_series(folder(_slice(6), _slice(0), _slice(3)))
    assert volume.values.shape == (3, 8, 8)
    assert volume.spacing == (3.0, 0.5, 0.5)
    assert (volume.values == 30).all()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([_slice(0), _slice(3), _slice(9)], "missing or unevenly spaced"),
        ([_slice(0), _slice(3, SeriesInstanceUID="1.2.9")], "several series"),
        ([_slice(0), _slice(0, np.full((8, 8), 99, np.int16))], "two different images"),
        ([_slice(0), _slice(3, ImagePositionPatient=[0, 1, 3])], "tilted"),
        ([_slice(0), _slice(3, ImageOrientationPatient=[0, 1, 0, 0, 0, 1])], "different orientation"),
        ([_slice(0, PixelData=b"ab")], "do not fit the header"),
        ([_slice(0, Rows=65000, Columns=65000)], "too large"),
        ([b"not dicom at all"], "no DICOM image"),
    ],
)
def test_refusals(folder, files, words):
    with pytest.raises(FetuinError, match=words) as caught:
        _read(str(folder(*files)), "")
    assert caught.value.where


def test_duplicates_are_dropped_and_said(folder):
    volume = _read(str(folder(_slice(0), _slice(3), _slice(3))), "")
    assert len(volume.values) == 2
    assert "duplicate" in volume.warnings[0]


def test_a_deflate_bomb_is_refused_before_it_is_parsed(folder):
    data = _slice(0)
    ds = pydicom.dcmread(io.BytesIO(data))
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    raw = out.getvalue()
    length = int.from_bytes(raw[140:144], "little")
    head = raw[: 144 + length]
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    bomb = packer.compress(b"\0" * 200_000_000) + packer.flush()
    with pytest.raises(LimitError, match="inflates too far"):
        _read(str(folder(head + bomb)), "")


def test_a_broken_file_never_kills_the_parent(folder):
    data = bytearray(_slice(0))
    rng = np.random.default_rng(1)
    for _ in range(3):
        at = rng.integers(132, len(data), 20)
        for i in at:
            data[i] = rng.integers(0, 256)
        path = folder(bytes(data))
        try:
            read_series(path)
        except FetuinError as error:
            assert error.fix


def test_a_missing_path_says_so(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_series(tmp_path / "nothing")
