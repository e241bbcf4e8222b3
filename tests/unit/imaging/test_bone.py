"""Bone excluded: a stone in soft tissue is found, a rib is not; and the real stones of a real scan."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from fetuin.errors import UsageError
from fetuin.imaging import bone
from fetuin.imaging.examine import Where, examine
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.volume import Acquisition, Volume


def _body() -> Volume:
    """An oval of soft tissue with a hollow bone, a table below it, and one plaque of 5 x 5 pixels in two slices."""
    r, c = np.mgrid[:120, :120]
    plane = np.where(((r - 55) / 45) ** 2 + ((c - 60) / 50) ** 2 <= 1, 40, -1000)
    ring = np.hypot(r - 75, c - 60)
    plane = np.where(ring <= 12, 60, plane)
    plane = np.where((ring <= 12) & (ring > 9), 700, plane)
    plane[112:115, 10:110] = 200  # the table
    values = np.repeat(plane[None].astype(np.int16), 8, 0)
    values[3:5, 30:35, 40:45] = 400
    return Volume(values, (3.0, 1.0, 1.0), "HU", Acquisition("CT", 120.0, slice_thickness=3.0))


def test_a_plaque_outside_bone_is_all_that_is_scored():
    volume = _body()
    bones = bone.bone(volume)
    assert bones[:, 75, 60].all()  # marrow is bone
    region = bone.soft_tissue(volume, bones)
    assert not region[:, 112:115].any()  # the table is not the body
    assert not (region & bones).any()
    result = score(volume, region)
    assert result.agatston == pytest.approx(2 * 25 * 4)
    (found,) = bone.candidates(volume, result, bones, region)
    assert found["bone_distance_mm"] == pytest.approx(np.hypot(43, 18) - 12, abs=1.5)
    assert found["depth_mm"] == pytest.approx(18, abs=3)
    assert not found["beside_bone"]


def test_every_stone_of_the_real_abdomen_is_a_candidate(shared):
    seen = examine(
        shared / "data/imaging/totalsegmentator_example/example_ct.nii.gz", Where(soft_tissue=True), kvp=120.0
    )
    assert seen.result.refused is None  # the hip screw lies in bone
    by = {z.number: np.array(z.position) for z in seen.result.lesions}
    places = [by[c["lesion"]] for c in seen.candidates]
    for stone in ((63, 51, 69), (80, 44, 32), (79, 41, 33), (84, 40, 28), (74, 46, 84), (68, 55, 56)):
        assert min(np.abs(p - stone).max() for p in places) <= 2.1, stone


def test_named_bones_of_a_label_file_replace_the_rule(tmp_path):
    nib = pytest.importorskip("nibabel")
    volume = dataclasses.replace(_body(), affine=np.diag([1.0, 1.0, 3.0, 1.0]))
    from fetuin.imaging.dicom_writer import write_nifti
    from fetuin.imaging.masks import known_labels, mask_on

    scan = write_nifti(volume, tmp_path / "ct.nii.gz")
    labels = np.zeros(volume.values.shape, np.uint8)
    labels[:, 60:90, 45:75], labels[:, 20:40, 30:60] = 1, 2
    image = nib.Nifti1Image(labels.transpose(2, 1, 0), nib.load(scan).affine)
    text = '<LabelTable><Label Key="1"><![CDATA[vertebrae_L1]]></Label><Label Key="2"><![CDATA[liver]]></Label></LabelTable>'
    image.header.extensions.append(nib.nifti1.Nifti1Extension("ignore", text.encode()))
    nib.save(image, tmp_path / "seg.nii.gz")
    assert known_labels(tmp_path / "seg.nii.gz", bone.NAMES) == ["vertebrae_L1"]
    seen = examine(scan, Where(soft_tissue=True, bones=tmp_path / "seg.nii.gz"), kvp=120.0)
    assert seen.result.agatston == pytest.approx(200)
    assert mask_on(seen.volume, tmp_path / "seg.nii.gz", label="liver").sum() == 8 * 20 * 30
    with pytest.raises(Exception, match="liver"):
        mask_on(seen.volume, tmp_path / "seg.nii.gz", label="spleen")


def test_a_region_and_the_whole_body_together_are_a_mistake():
    with pytest.raises(UsageError):
        Where(circles=("1,1,1,0-1",), soft_tissue=True)
