"""A `Volume` to files: a DICOM series any viewer opens (one file a slice; NM as one multi-frame), or NIfTI.

UIDs come from the content, so the same phantom gives the same bytes. Written for phantoms: there is no patient in it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError, MissingExtraError
from fetuin.imaging.volume import Nuclear, Volume
from fetuin.notice import RESEARCH_USE

ROOT = "2.25."  # UUID-derived UIDs need no registered root (DICOM PS3.5 B.2)
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


def uid(*parts: Any) -> str:
    """A UID that depends on its parts alone."""
    return ROOT + str(int(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32], 16))


def write_series(volume: Volume, folder: Path) -> list[Path]:
    """Write the series; CT values round to whole HU, counts to whole counts. Returns the files in slice order."""
    try:
        import pydicom  # noqa: F401
    except ImportError:
        raise MissingExtraError("pydicom", "imaging") from None
    folder.mkdir(parents=True, exist_ok=True)
    values = np.rint(volume.values)
    nuclear = volume.unit in ("counts", "Bq/mL")
    low, high = (0, 65535) if nuclear else (-32768, 32767)
    if values.min() < low or values.max() > high:
        raise InputError(
            "values do not fit 16 bits", where=volume.source, why=f"{values.min():g} to {values.max():g}", fix="scale them"
        )  # fmt: skip
    key = uid(volume.source, volume.spacing, hashlib.sha256(values.astype("<f4").tobytes()).hexdigest())
    if nuclear:
        name = "views.dcm" if volume.affine is None else "spect.dcm"
        return [_save(_nuclear(volume, values.astype("<u2"), key), folder / name)]
    return [
        _save(_slice(volume, values[i].astype("<i2"), key, i), folder / f"slice_{i:04d}.dcm")
        for i in range(len(values))
    ]


def write_nifti(volume: Volume, file: Path) -> Path:
    """Write the values unrounded as NIfTI, in the orientation of its affine."""
    try:
        import nibabel as nib
    except ImportError:
        raise MissingExtraError("nibabel", "imaging") from None
    dz, dy, dx = volume.spacing
    affine = np.diag([dx, dy, dz, 1.0]) if volume.affine is None else volume.affine
    image: Any = nib.Nifti1Image(np.asarray(volume.values).transpose(2, 1, 0), LPS_TO_RAS @ affine)
    image.header.set_xyzt_units("mm")
    nib.save(image, file)
    return file


def _header(volume: Volume, sop_class: str, instance: str, key: str) -> Any:
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(sop_class), UID(instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds: Any = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, instance
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = uid(key, "study"), key, uid(key, "frame")
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Phantom^Simulated", "PHANTOM", "", ""
    ds.StudyDate = ds.SeriesDate = "20000101"
    ds.StudyTime, ds.StudyID, ds.AccessionNumber, ds.ReferringPhysicianName = "000000", "1", "", ""
    ds.PositionReferenceIndicator, ds.Laterality = "", ""
    ds.Manufacturer, ds.SeriesDescription, ds.SeriesNumber = (
        volume.acquisition.manufacturer or "phantom",
        volume.source[:64],
        1,
    )
    ds.ImageComments = RESEARCH_USE[:10240]
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    ds.PixelSpacing = [float(volume.spacing[1]), float(volume.spacing[2])]
    ds.Rows, ds.Columns = volume.values.shape[1:]
    return ds


def _slice(volume: Volume, values: np.ndarray, key: str, i: int) -> Any:
    from pydicom.uid import CTImageStorage

    ds = _header(volume, CTImageStorage, uid(key, i), key)
    dz, a = float(volume.spacing[0]), volume.acquisition
    ds.Modality, ds.ImageType, ds.InstanceNumber, ds.AcquisitionNumber = "CT", ["DERIVED", "PRIMARY", "AXIAL"], i + 1, 1
    ds.KVP, ds.SliceThickness = a.kvp, a.slice_thickness or dz
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0.0, 0.0, round(i * dz, 6)], [1, 0, 0, 0, 1, 0]
    ds.PatientPosition = "HFS"
    ds.SliceLocation, ds.ConvolutionKernel = round(i * dz, 6), a.kernel or "NONE"
    ds.PixelRepresentation, ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 1, 1, 0, "HU"
    ds.WindowCenter, ds.WindowWidth, ds.PixelData = 200, 800, values.tobytes()
    return ds


def _nuclear(volume: Volume, values: np.ndarray, key: str) -> Any:
    """Planar views, or the slices of a reconstruction: one multi-frame object."""
    from pydicom.uid import NuclearMedicineImageStorage

    ds, n = _header(volume, NuclearMedicineImageStorage, uid(key, 0), key), volume.acquisition.nuclear
    kind = "STATIC" if volume.affine is None else "RECON TOMO"
    ds.Modality, ds.ImageType, ds.InstanceNumber = "NM", ["ORIGINAL", "PRIMARY", kind, "EMISSION"], 1
    ds.NumberOfFrames, ds.NumberOfEnergyWindows = len(values), 1
    ds.CountsAccumulated, ds.PixelRepresentation = int(values.sum(dtype=np.int64)), 0
    ds.PixelData = values.tobytes()
    ds.PatientOrientationCodeSequence, ds.PatientGantryRelationshipCodeSequence = [], []
    ds.EnergyWindowInformationSequence, ds.RadiopharmaceuticalInformationSequence = [], []
    milliseconds = round(1000 * n.seconds) if n is not None and n.seconds else 1000
    if volume.unit == "Bq/mL" and n is not None:
        _quantitative(ds, n)
    if volume.affine is None:
        ds.FrameIncrementPointer = [0x00540010, 0x00540020]
        ds.EnergyWindowVector, ds.DetectorVector = [1] * len(values), list(range(1, len(values) + 1))
        ds.NumberOfDetectors, ds.ActualFrameDuration = len(values), milliseconds
        ds.DetectorInformationSequence = [_detector(v) for v in (n.views if n is not None else ("",) * len(values))]
    else:
        ds.FrameIncrementPointer, ds.NumberOfDetectors = [0x00540080], 1
        ds.SliceVector, ds.NumberOfSlices = list(range(1, len(values) + 1)), len(values)
        ds.NumberOfRotations, ds.RotationInformationSequence = 1, [_rotation(milliseconds)]
        ds.SpacingBetweenSlices = ds.SliceThickness = float(volume.spacing[0])
        detector = _detector("")
        detector.ImagePositionPatient = [float(v) for v in volume.affine[:3, 3]]
        detector.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        ds.DetectorInformationSequence = [detector]
    return ds


def _rotation(milliseconds: int) -> Any:
    from pydicom.dataset import Dataset

    turn: Any = Dataset()
    turn.StartAngle, turn.AngularStep, turn.RotationDirection, turn.ScanArc = 0, 15, "CW", 360
    turn.ActualFrameDuration, turn.NumberOfFramesInRotation = milliseconds, 24
    return turn


def _quantitative(ds: Any, n: Nuclear) -> None:
    """Values are Bq/mL: the mapping says so, and dose, times and weight allow an SUV."""
    from pydicom.dataset import Dataset

    unit, mapping, tracer = Dataset(), Dataset(), Dataset()
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "Bq/ml", "UCUM", "Becquerels/milliliter"
    mapping.LUTLabel, mapping.LUTExplanation, mapping.MeasurementUnitsCodeSequence = "BQML", "concentration", [unit]
    mapping.RealWorldValueFirstValueMapped, mapping.RealWorldValueLastValueMapped = 0, 65535
    mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept = 1.0, 0.0
    tracer.RadionuclideCodeSequence = []
    tracer.Radiopharmaceutical, tracer.RadionuclideTotalDose = n.tracer, n.dose_mbq
    tracer.RadiopharmaceuticalStartTime = n.injected[8:14]
    ds.RealWorldValueMappingSequence, ds.RadiopharmaceuticalInformationSequence = [mapping], [tracer]
    ds.SeriesDate = ds.AcquisitionDate = n.acquired[:8]
    ds.SeriesTime = ds.AcquisitionTime = n.acquired[8:14]
    ds.PatientWeight, ds.DecayCorrection = n.weight_kg, n.decay_correction


VIEWS = {"anterior": ("255549009", "Anterior"), "posterior": ("255551008", "Posterior")}  # SNOMED CT, DICOM CID 26


def _detector(view: str) -> Any:
    from pydicom.dataset import Dataset

    detector: Any = Dataset()
    detector.CollimatorType, detector.ImagePositionPatient, detector.ImageOrientationPatient = "PARA", None, None
    if view in VIEWS:
        code: Any = Dataset()
        code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = VIEWS[view][0], "SCT", VIEWS[view][1]
        detector.ViewCodeSequence = [code]
    return detector


def _save(ds: Any, file: Path) -> Path:
    ds.save_as(file, enforce_file_format=True)
    return file
