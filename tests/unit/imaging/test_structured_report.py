"""SEG and SR: read back by our own reader, by highdicom, and by the DICOM toolkit where it is installed."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pydicom
import pytest

from fetuin.errors import NotEnoughDataError
from fetuin.imaging import load, structured_report
from fetuin.imaging.dicom_writer import write_series
from fetuin.imaging.masks import mask_on
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.phantoms import block


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sr")
    volume, _ = block.phantom()
    write_series(volume, folder / "ct")
    volume = load(folder / "ct")
    result = score(volume, np.ones(volume.values.shape, bool), site="coronary")
    files = structured_report.write(folder / "ct", volume, result, folder)
    return volume, result, files


def test_the_segmentation_is_the_voxels_counted(written):
    volume, result, (seg, _) = written
    mask = mask_on(volume, seg, label="calcium")
    assert np.array_equal(mask, result.counted(volume.values.shape))
    assert score(volume, mask).agatston == result.agatston == 60


def test_highdicom_reads_both(written):
    hd = pytest.importorskip("highdicom")
    volume, result, (seg, sr) = written
    planes = hd.seg.segread(seg).get_volume(combine_segments=True).array
    assert planes.sum() == result.counted(volume.values.shape).sum()
    report = hd.sr.srread(sr)
    (group,) = report.content.get_volumetric_roi_measurement_groups()
    found = {m.name.value: (m.value, m.unit.value) for m in group.get_measurements()}
    assert found["112058"] == (pytest.approx(60), "1")  # calcium score
    assert found["122660"] == (pytest.approx(result.volume_mm3), "mm3")
    assert found["122661"] == (pytest.approx(result.mass_mg), "mg")
    assert report.content.is_container if hasattr(report.content, "is_container") else True
    assert pydicom.dcmread(sr).ContentTemplateSequence[0].TemplateIdentifier == "1500"


@pytest.mark.skipif(not shutil.which("dsrdump"), reason="DCMTK is not installed")
def test_dcmtk_reads_the_report(written):
    out = subprocess.run(["dsrdump", str(written[2][1])], capture_output=True, text=True, check=True)
    assert "Calcium score" in out.stdout
    assert "E:" not in out.stderr


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="dicom3tools is not installed")
@pytest.mark.parametrize("i", [0, 1])
def test_dciodvfy_finds_no_error(written, i):
    out = subprocess.run(["dciodvfy", str(written[2][i])], capture_output=True, text=True, check=False)
    assert "Error" not in out.stderr + out.stdout


def test_a_scan_without_identity_is_refused_by_tag(shared):
    source = shared / "data/imaging/totalsegmentator_dicom20"
    volume = load(source)
    with pytest.raises(NotEnoughDataError, match="SOPClassUID"):
        structured_report.write(source, volume, score(volume, allow_contrast=True), source)
