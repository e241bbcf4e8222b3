"""Series as scanners write them, and as attackers do: every refusal has a place and a reason."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

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


def _enhanced(n: int = 4, **shared) -> bytes:
    """An enhanced CT: one object, facts in functional groups, frames written in a shuffled order."""
    from pydicom.dataset import Dataset
    from pydicom.uid import EnhancedCTImageStorage

    order = [2, 0, 3, 1][:n]
    values = np.stack([np.full((8, 8), 100 * k, np.int16) for k in order])
    ds = pydicom.dcmread(io.BytesIO(_slice(0, values[0])))
    for key in ("RescaleSlope", "RescaleIntercept", "PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "KVP", "SliceThickness"):  # fmt: skip
        delattr(ds, key)
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    ds.NumberOfFrames, ds.PixelData = n, values.tobytes()

    def group(name: str, **tags) -> Dataset:
        inner, outer = Dataset(), Dataset()
        for k, v in tags.items():
            setattr(inner, k, v)
        setattr(outer, name, [inner])
        return outer

    common = Dataset()
    for name, tags in {
        "PixelMeasuresSequence": {"PixelSpacing": [0.7, 0.7], "SliceThickness": 2.5},
        "PlaneOrientationSequence": {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]},
        "PixelValueTransformationSequence": {"RescaleSlope": 1, "RescaleIntercept": -1000},
        "CTXRayDetailsSequence": {"KVP": 100}, "CTReconstructionSequence": {"ConvolutionKernel": "Qr36"},
    }.items():  # fmt: skip
        common.update(group(name, **(tags | shared.get(name, {}))))
    ds.SharedFunctionalGroupsSequence = [common]
    ds.PerFrameFunctionalGroupsSequence = [
        group("PlanePositionSequence", ImagePositionPatient=[0, 0, 2.5 * k]) for k in order
    ]
    ds.AcquisitionDateTime = "20240203101500"
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def test_an_enhanced_ct_keeps_its_facts_in_groups_and_its_frames_in_order(folder):
    volume = _read(str(folder(_enhanced())), "")
    assert volume.values[:, 0, 0].tolist() == [-1000, -900, -800, -700]
    assert volume.spacing == (2.5, 0.7, 0.7)
    a = volume.acquisition
    assert (a.kvp, a.kernel, a.slice_thickness, a.date) == (100, "Qr36", 2.5, "20240203")


def test_contrast_named_by_a_code_is_contrast(folder):
    from pydicom.dataset import Dataset

    agent = Dataset()
    agent.CodeValue, agent.CodingSchemeDesignator, agent.CodeMeaning = "44588005", "SCT", "Iodine"
    volume = _read(str(folder(_slice(0, ContrastBolusAgentSequence=[agent]), _slice(3))), "")
    assert volume.acquisition.contrast == "Iodine"


def test_a_zip_a_single_file_and_a_folder_are_the_same_series(folder, tmp_path):
    import zipfile

    where = folder(_slice(0), _slice(3), _slice(6))
    with zipfile.ZipFile(tmp_path.parent / f"{tmp_path.name}.zip", "w") as archive:
        for p in where.iterdir():
            archive.write(p, f"a/b/{p.name}")
    whole = _read(str(where), "")
    zipped = read_series(tmp_path.parent / f"{tmp_path.name}.zip")
    assert np.array_equal(whole.values, zipped.values)
    assert zipped.spacing == whole.spacing
    single = _read(str(where / "f0"), "")
    assert single.values.shape == (1, 8, 8)
    assert single.spacing[0] == 3  # one slice: its thickness stands for the increment


def test_one_of_several_series_is_chosen_by_its_uid(folder):
    where = folder(_slice(0), _slice(3), _slice(0, SeriesInstanceUID="1.2.9"), _slice(3, SeriesInstanceUID="1.2.9"))
    assert _read(str(where), "1.2.9").values.shape == (2, 8, 8)
    with pytest.raises(InputError, match="no such series"):
        _read(str(where), "7")


def test_overlapping_slices_are_said_and_thickness_and_increment_are_both_kept(folder):
    volume = _read(str(folder(_slice(0), _slice(2), _slice(4))), "")
    assert (volume.spacing[0], volume.acquisition.slice_thickness) == (2, 3)
    assert "overlapping" in volume.warnings[0]


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"PixelSpacing": [0, 0]}, "0028,0030"), ({"RescaleSlope": float("nan")}, "0028,1053"), ({"RescaleSlope": None}, "0028,1053"),
        ({"ImagePositionPatient": None}, "0020,0032"), ({"SamplesPerPixel": 3}, "7FE0,0010"), ({"PixelRepresentation": 7}, ""),
        ({"BitsAllocated": 0}, "no size"), ({"NumberOfFrames": 10**6}, ""),
    ],
)  # fmt: skip
def test_what_a_header_lies_about_is_refused_by_its_tag(folder, tags, words):
    with pytest.raises(FetuinError) as caught:
        _read(str(folder(_slice(0), _slice(3, **tags))), "")
    assert words in str(caught.value)
    assert caught.value.fix


def test_a_hundred_nested_sequences_are_refused_and_the_parent_lives(folder):
    import struct

    data = _slice(0)
    start = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    at = data.find(struct.pack("<HH", 0x0008, 0x0060))
    with pytest.raises(FetuinError, match=r"nested|parsed"):
        read_series(folder(data[:at] + start * 20_000 + data[at:]))


def test_a_zip_bomb_is_refused(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.dcm", b"\0" * 300_000_000)
    with pytest.raises(LimitError, match="inflates"):
        read_series(tmp_path / "bomb.zip")


def test_a_read_that_hangs_is_stopped(tmp_path):
    from fetuin.imaging import sandbox

    with pytest.raises(LimitError, match="too long"):
        sandbox.run(_hang, where="hang", seconds=0.5)


def _hang() -> None:
    import time

    time.sleep(60)


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b"\x1f\x8b" + b[2:200], lambda b: b"nonsense"]
)
def test_a_damaged_nifti_is_refused(tmp_path, damage):
    from fetuin.imaging.dicom_writer import write_nifti
    from fetuin.imaging.nifti import read_nifti
    from fetuin.imaging.phantoms import block

    file = write_nifti(block.make([]), tmp_path / "x.nii.gz")
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(FetuinError) as caught:
        read_nifti(file)
    assert caught.value.fix


def test_nifti_axes_in_any_order_are_put_right_without_reversal(tmp_path):
    nib = pytest.importorskip("nibabel")
    from fetuin.imaging.nifti import _read as read

    stored = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)  # axes: head, left, front
    affine = np.array([[0, -0.7, 0, 0], [0, 0, 0.5, 0], [3.0, 0, 0, 0], [0, 0, 0, 1]])
    nib.save(nib.Nifti1Image(stored, affine), tmp_path / "x.nii")
    volume = read(str(tmp_path / "x.nii"), "HU")
    assert volume.spacing == (3.0, 0.5, pytest.approx(0.7))
    assert np.array_equal(volume.values, stored.transpose(0, 2, 1))


def test_a_relative_path_is_read_from_where_the_caller_stands(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):  # a waiting reader was started in an earlier folder
        where = tmp_path / name / "scan"
        where.mkdir(parents=True)
        (where / "f").write_bytes(_slice(0))
        monkeypatch.chdir(tmp_path / name)
        assert read_series(Path("scan")).values.shape == (1, 8, 8)
