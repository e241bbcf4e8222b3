"""What a DICOM header says of how an image came to be: classic and enhanced CT, radiographs, nuclear images.

Reading is forgiving: an absent or malformed attribute is None or empty, never a guess. Enhanced objects keep their facts
in functional groups, nuclear ones in sequences of tracer and detector; both are looked up here, once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fetuin.imaging.volume import Acquisition, Nuclear

GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
MACROS = (
    "CTXRayDetailsSequence", "CTReconstructionSequence", "PixelMeasuresSequence", "CTAcquisitionTypeSequence",
    "CTImageFrameTypeSequence", "FrameContentSequence",
)  # fmt: skip
LARGEST_MBQ = 1e5  # a "dose" above it was written in Bq: no patient receives 100 GBq of 99mTc; assumption


def item(ds: Any, key: str) -> Any:
    """The first item of a sequence, or None where it is absent, empty or no sequence."""
    value = ds.get(key) if ds is not None else None
    try:
        found = value[0] if value else None
    except (TypeError, IndexError, KeyError):
        return None
    return found if hasattr(found, "get") else None


def _places(ds: Any) -> Iterator[Any]:
    """The data set, then the macros of its shared and first per-frame functional groups."""
    yield ds
    for g in GROUPS:
        group = item(ds, g)
        for m in MACROS if group is not None else ():
            inner = item(group, m)
            if inner is not None:
                yield inner


def raw(ds: Any, key: str) -> Any:
    """The first value of an attribute wherever its object type keeps it; None where nobody says it."""
    for place in _places(ds):
        value = place.get(key)
        if value not in (None, ""):
            return value
    return None


def number(value: Any) -> float | None:
    """A finite float, or None."""
    try:
        out = float(value) if value not in (None, "") else None
    except (TypeError, ValueError):
        return None
    return out if out is not None and math.isfinite(out) else None


def words(value: Any) -> str:
    """Any value as words."""
    many = not isinstance(value, (str, type(None))) and hasattr(value, "__iter__")
    parts = value if many else [value]
    return " ".join(str(v) for v in parts if v not in (None, "")).strip()


def _several(value: Any) -> tuple[str, ...]:
    if value in (None, ""):
        return ()
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def _window(ds: Any) -> tuple[float, float] | None:
    def first(key: str) -> float | None:
        value = ds.get(key)
        return number(value[0] if hasattr(value, "__getitem__") and not isinstance(value, str) and value else value)

    centre, width = first("WindowCenter"), first("WindowWidth")
    return (centre, width) if centre is not None and width is not None and width > 0 else None


def contrast(ds: Any) -> str:
    """The contrast agent in the words of the header: the plain attribute, else the code of the sequence."""
    said = words(ds.get("ContrastBolusAgent"))
    if said:
        return said
    coded = item(ds, "ContrastBolusAgentSequence")
    return words(coded.get("CodeMeaning")) if coded is not None else ""


def _date(ds: Any) -> str:
    return (
        words(ds.get("AcquisitionDate")) or words(raw(ds, "AcquisitionDateTime"))[:8] or words(ds.get("SeriesDate"))
        or words(ds.get("StudyDate"))
    )  # fmt: skip


def acquisition(ds: Any) -> Acquisition:
    """The header facts that matter for a measure; absent is None or empty."""
    modality = words(ds.get("Modality"))
    return Acquisition(
        modality=modality, kvp=number(raw(ds, "KVP")), kernel=words(raw(ds, "ConvolutionKernel")),
        slice_thickness=number(raw(ds, "SliceThickness")), contrast=contrast(ds), date=_date(ds),
        manufacturer=words(ds.get("Manufacturer")), model=words(ds.get("ManufacturerModelName")),
        series=words(ds.get("SeriesInstanceUID")), description=words(ds.get("SeriesDescription")),
        photometric=words(ds.get("PhotometricInterpretation")), window=_window(ds), image_type=_several(ds.get("ImageType")),
        nuclear=nuclear(ds) if modality in ("NM", "PT") else None,
    )  # fmt: skip


def _dose(tracer: Any) -> float | None:
    found = number(tracer.get("RadionuclideTotalDose")) if tracer is not None else None
    if found is None or found <= 0:
        return None
    return found / 1e6 if found > LARGEST_MBQ else found


def _moment(ds: Any, date: str, time: str) -> str:
    clock = words(ds.get(time)) if ds is not None else ""
    day = words(ds.get(date)) if ds is not None else ""
    return (day + clock)[:14] if clock and day else ""


def nuclear(ds: Any) -> Nuclear:
    """Dose, times, weight, views and units of a nuclear image, as far as its header has them."""
    tracer = item(ds, "RadiopharmaceuticalInformationSequence")
    injected = words(tracer.get("RadiopharmaceuticalStartDateTime"))[:14] if tracer is not None else ""
    start = words(tracer.get("RadiopharmaceuticalStartTime"))[:6] if tracer is not None else ""
    day = words(ds.get("AcquisitionDate")) or words(ds.get("SeriesDate")) or words(ds.get("StudyDate"))
    turn = item(ds, "RotationInformationSequence")
    milliseconds = number(ds.get("ActualFrameDuration")) or (number(turn.get("ActualFrameDuration")) if turn else None)
    weight = number(ds.get("PatientWeight"))
    detector = item(ds, "DetectorInformationSequence")
    return Nuclear(
        dose_mbq=_dose(tracer), injected=injected or (day + start if start and day else ""),
        acquired=_moment(ds, "SeriesDate", "SeriesTime") or _moment(ds, "AcquisitionDate", "AcquisitionTime"),
        weight_kg=weight if weight and weight > 0 else None, seconds=milliseconds / 1000 if milliseconds else None,
        tracer=words(tracer.get("Radiopharmaceutical")) if tracer is not None else "",
        collimator=words(detector.get("CollimatorType")) if detector is not None else "",
        decay_correction=words(ds.get("DecayCorrection")).upper(), units=_units(ds), views=_views(ds),
    )  # fmt: skip


def concentration_map(ds: Any) -> tuple[float, float] | None:
    """(slope, intercept) that turn stored values of a nuclear image into Bq/mL, where the header maps them; else None."""
    mapping = item(ds, "RealWorldValueMappingSequence")
    if mapping is None:
        shared = item(ds, "SharedFunctionalGroupsSequence")
        mapping = item(shared, "RealWorldValueMappingSequence") if shared is not None else None
    code = item(mapping, "MeasurementUnitsCodeSequence") if mapping is not None else None
    if code is None or words(code.get("CodeValue")).lower() != "bq/ml":
        return None
    slope, intercept = number(mapping.get("RealWorldValueSlope")), number(mapping.get("RealWorldValueIntercept"))
    return (slope, intercept or 0.0) if slope else None


def _units(ds: Any) -> str:
    return words(ds.get("Units")).upper() or ("BQML" if concentration_map(ds) is not None else "")


def _views(ds: Any) -> tuple[str, ...]:
    """The view of each detector, in the order of DetectorVector: "anterior", "posterior" or what the code says."""
    detectors = ds.get("DetectorInformationSequence") or []
    names = []
    try:
        for d in detectors:
            code = item(d, "ViewCodeSequence")
            names.append(words(code.get("CodeMeaning")).lower() if code is not None else "")
        vector = [int(v) for v in _several(ds.get("DetectorVector"))] or list(range(1, len(names) + 1))
        return tuple(names[v - 1] if 0 < v <= len(names) else "" for v in vector)
    except (TypeError, ValueError):
        return ()
