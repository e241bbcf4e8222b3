"""A calcium score as DICOM: the voxels counted as a segmentation (SEG), the numbers as a report (SR, TID 1500).

Both refer to the images that were scored, so a viewer shows what was counted where. Source headers are read again in the
limited child, and the objects are built there. Codes are those of DICOM (DCM) and SNOMED CT (SCT).
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import FormatError, MissingExtraError, NotEnoughDataError
from fetuin.imaging import sandbox
from fetuin.imaging.volume import Volume
from fetuin.notice import __version__

MEASURES = (
    ("agatston", "CalciumScore", ("1", "no units")), ("volume_mm3", "CalciumVolume", ("mm3", "cubic millimeter")),
    ("mass_mg", "CalciumMass", ("mg", "milligram")),
)  # fmt: skip
SITES = {
    "coronary": "CoronaryArtery", "coronaries": "CoronaryArtery", "heart": "Heart", "aorta": "Aorta", "aortic_valve": "AorticValve",
    "mitral_valve": "MitralValve", "kidney": "Kidney", "lung": "Lung", "stomach": "Stomach", "skin": "Skin",
}  # fmt: skip
"""What a site is called in SNOMED CT; another word goes into the label only."""
NEEDED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")
EMPTY = (
    "PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyID", "StudyDate", "StudyTime", "AccessionNumber",
    "ReferringPhysicianName", "PositionReferenceIndicator", "Manufacturer", "SeriesDate", "SeriesTime",
)  # fmt: skip
"""What a derived object copies and may be empty (type 2)."""


def write(source: Path, volume: Volume, result: Any, folder: Path, *, series: str = "") -> list[Path]:
    """Write calcium_seg.dcm and calcium_sr.dcm to `folder`; refused where the scan has no identity to refer to."""
    try:
        import highdicom  # noqa: F401
    except ImportError:
        raise MissingExtraError("highdicom", "imaging") from None
    packed = np.packbits(result.counted(volume.values.shape))
    body = {k: getattr(result, k) for k, _, _ in MEASURES} | {"site": result.site, "lesions": len(result.lesions)}
    body |= {k: result.method.get(k) for k in ("threshold_hu", "thresholds")} | {
        "policy": result.method["policy"]["name"]
    }
    names = sandbox.run(
        _write, str(source.absolute()), volume.acquisition.series or series, packed, volume.values.shape, body, str(folder.absolute()), where=source.name
    )  # fmt: skip
    return [Path(n) for n in names]


def _write(
    source: str, series: str, packed: np.ndarray, shape: tuple[int, ...], body: dict[str, Any], folder: str
) -> list[str]:
    """In the child: build both objects and write them."""
    warnings.simplefilter("ignore")  # a one-word name of a patient is no matter of ours
    images = _images(Path(source), series, shape)
    mask = np.unpackbits(packed, count=int(np.prod(shape))).reshape(shape)
    seg = _segmentation(images, mask, body)
    report = _report(images, seg, body)
    out = []
    for name, ds in (("calcium_seg.dcm", seg), ("calcium_sr.dcm", report)):
        file = Path(folder) / name
        ds.save_as(file, enforce_file_format=True)
        out.append(str(file))
    return out


def _images(path: Path, series: str, shape: tuple[int, ...]) -> list[Any]:
    """The headers of the images scored, in ascending position, with empty values where a required tag is absent."""
    from fetuin.imaging import dicom

    found = []
    for label, stream in dicom.files(path):
        try:
            ds = dicom.parsed(stream, label, headers_only=True)
        except FormatError:
            continue
        if "Rows" in ds and (not series or str(ds.get("SeriesInstanceUID", "")) == series):
            found.append(ds)
    for ds in found:
        for key in NEEDED:
            if not ds.get(key):
                raise NotEnoughDataError(
                    f"the scan has no {key}", where=path.name, why="a segmentation could not refer to its images",
                    fix="use the original, not an export without identifiers",
                )  # fmt: skip
        for key in EMPTY:
            if key not in ds:
                setattr(ds, key, "")
    return _ordered(found, shape, path.name)


def _ordered(found: list[Any], shape: tuple[int, ...], where: str) -> list[Any]:
    if len(found) == 1 and int(found[0].get("NumberOfFrames", 1)) == shape[0]:
        return found
    axes = np.array([float(v) for v in found[0].ImageOrientationPatient])
    normal = np.cross(axes[:3], axes[3:])
    at = [float(np.array([float(v) for v in ds.ImagePositionPatient]) @ normal) for ds in found]
    order = [found[i] for i in np.argsort(at, kind="stable")]
    places = np.sort(at)
    kept = [ds for i, ds in enumerate(order) if i == 0 or places[i] - places[i - 1] > 1e-3]
    if len(kept) != shape[0]:
        raise NotEnoughDataError(
            "the images do not match the scan that was scored", where=where, why=f"{len(kept)} images, {shape[0]} slices",
            fix="pass one series",
        )  # fmt: skip
    return kept


def _segmentation(images: list[Any], mask: np.ndarray, body: dict[str, Any]) -> Any:
    import highdicom as hd
    from pydicom.sr.codedict import codes

    from fetuin.imaging.dicom_writer import uid

    algorithm = hd.AlgorithmIdentificationSequence(
        name="fetuin calcium score", family=codes.DCM.MorphologicalOperations, version=__version__
    )
    segment = hd.seg.SegmentDescription(
        1, "calcium", codes.SCT.MorphologicallyAbnormalStructure, codes.SCT.PathologicCalcification,
        hd.seg.SegmentAlgorithmTypeValues.SEMIAUTOMATIC, algorithm, tracking_uid=uid(images[0].SeriesInstanceUID, "calcium"),
        tracking_id="calcium", display_color=hd.color.CIELabColor(65.0, 45.0, 65.0),
    )  # fmt: skip
    key = (
        images[0].SeriesInstanceUID,
        body["policy"],
        body["threshold_hu"],
        mask.tobytes().hex()[:64],
        int(mask.sum()),
    )
    return hd.seg.Segmentation(
        source_images=images, pixel_array=mask.astype(np.uint8), segmentation_type=hd.seg.SegmentationTypeValues.BINARY,
        segment_descriptions=[segment], series_instance_uid=uid(*key, "seg"), series_number=901, sop_instance_uid=uid(*key, "seg", 1),
        instance_number=1, manufacturer="fetuin", manufacturer_model_name="fetuin", software_versions=__version__,
        device_serial_number=__version__, content_label="CALCIUM", content_description="Voxels counted. Research use only",
        omit_empty_frames=bool(mask.any()), series_description="Calcium: voxels counted (research use only)",
    )  # fmt: skip


def _measurements(body: dict[str, Any]) -> list[Any]:
    """Every figure of the score with its code and unit, and the threshold it rests on."""
    import highdicom as hd
    from pydicom.sr.codedict import codes
    from pydicom.sr.coding import Code

    measured = [
        hd.sr.Measurement(
            getattr(codes.DCM, name), float(body[k]), Code(unit[0], "UCUM", unit[1]),
            method=codes.DCM.AgatstonScoringMethod if k == "agatston" else None,
        )
        for k, name, unit in MEASURES
    ]  # fmt: skip
    threshold = float(body["threshold_hu"])
    return [*measured, hd.sr.Measurement(codes.DCM.AgatstonScoreThreshold, threshold, codes.UCUM.HounsfieldUnit)]


def _report(images: list[Any], seg: Any, body: dict[str, Any]) -> Any:
    import highdicom as hd
    from pydicom.sr.codedict import codes

    from fetuin.imaging.dicom_writer import uid

    device = hd.sr.DeviceObserverIdentifyingAttributes(
        uid=uid("fetuin", __version__), name="fetuin", model_name="fetuin"
    )
    context = hd.sr.ObservationContext(
        observer_device_context=hd.sr.ObserverContext(codes.DCM.Device, observer_identifying_attributes=device)
    )
    site = getattr(codes.SCT, SITES[body["site"]], None) if body["site"] in SITES else None
    group = hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid(seg.SOPInstanceUID, "group"), "calcium"),
        referenced_segment=hd.sr.ReferencedSegment(
            seg.SOPClassUID, seg.SOPInstanceUID, 1,
            source_series=hd.sr.SourceSeriesForSegmentation(images[0].SeriesInstanceUID),
        ),
        finding_type=codes.SCT.PathologicCalcification, measurements=_measurements(body),
        finding_sites=[hd.sr.FindingSite(site)] if site is not None else None,
        algorithm_id=hd.sr.AlgorithmIdentification(
            "fetuin calcium score", __version__, parameters=[f"policy: {body['policy']}", f"thresholds: {body['thresholds']}"]
        ),
    )  # fmt: skip
    content = hd.sr.MeasurementReport(
        observation_context=context, procedure_reported=codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=[group],
        title=codes.DCM.ImagingMeasurementReport,
    )  # fmt: skip
    return hd.sr.ComprehensiveSR(
        evidence=[seg, *images], content=content[0], series_instance_uid=uid(seg.SOPInstanceUID, "sr"), series_number=902,
        sop_instance_uid=uid(seg.SOPInstanceUID, "sr", 1), instance_number=1, manufacturer="fetuin", is_complete=True,
        series_description="Calcium score (research use only)",
    )  # fmt: skip
