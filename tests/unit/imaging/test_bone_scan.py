"""Bone scans end to end: conjugate pairs, templates, SPECT, SUV and its refusals, and the map against failing kidneys."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from fetuin.errors import FetuinError, NotEnoughDataError, UsageError
from fetuin.imaging import bone_scan, phantom, regions, suv, uptake
from fetuin.imaging.dicom import _read
from fetuin.imaging.dicom_writer import write_series
from fetuin.imaging.modalities import bone_scintigraphy as planar
from fetuin.imaging.modalities import bone_spect
from fetuin.imaging.phantoms import nm_planar, nm_spect
from fetuin.imaging.volume import Acquisition, Nuclear
from fetuin.physiology.tracer import decay, expected_soft_share


@pytest.fixture(scope="module")
def spect():
    volume, truth = nm_spect.phantom()
    return volume, truth, nm_spect.objects()


@pytest.fixture(scope="module")
def spect_file(spect, tmp_path_factory):
    return write_series(spect[0], tmp_path_factory.mktemp("spect"))[0]


def test_a_conjugate_pair_in_one_file_is_turned_and_measured_by_its_geometric_mean(tmp_path):
    phantom.write("nm_planar", tmp_path, seed=2)
    want = bone_scan.Request(("soft:30-40,60-70", "plaque:78-82,38-42"), minutes=180.0)
    body = bone_scan.examine([tmp_path / "dicom"], want).body
    truth = nm_planar.phantom()[1]
    assert body["image"] == "geometric mean of front and back"
    (ratio,) = body["ratios"]
    assert ratio["low"] < ratio["ratio"] < ratio["high"]
    assert ratio["ratio"] == pytest.approx(truth["plaque_over_soft_geometric_mean"], rel=0.05)
    assert body["decay_factor"] == pytest.approx(0.70738, abs=1e-5)


def test_two_files_named_by_the_user_are_the_same_pair(tmp_path):
    volume, _ = nm_planar.phantom(seed=2)
    for i, name in enumerate(("a", "b")):
        one = dataclasses.replace(
            volume, values=volume.values[i : i + 1], acquisition=Acquisition("NM", nuclear=Nuclear())
        )
        write_series(one, tmp_path / name)
    files = [tmp_path / n / "views.dcm" for n in ("a", "b")]
    want = bone_scan.Request(("soft:30-40,60-70", "plaque:78-82,38-42"), views=("anterior", "posterior"))
    both = bone_scan.examine(files, want).body["ratios"][0]["ratio"]
    alone = bone_scan.examine(files[:1], bone_scan.Request(want.regions)).body["ratios"][0]["ratio"]
    pair = planar.conjugate([volume])
    masks = regions.placed([regions.parse(r) for r in want.regions], pair[0].shape)
    soft, plaque = (planar.counted(pair, n, m) for n, m in masks.items())
    assert both == pytest.approx(planar.ratio(plaque, soft)[0])
    assert alone > 1.5 * both  # the plaque lies near the front


def test_activity_of_a_region_from_a_pair():
    """1 MBq behind 5 cm of a 20 cm slab, given the camera's sensitivity, comes back as 1 MBq."""
    front, back = (np.full((4, 4), planar.view_counts(1, 72, 600, d) / 16) for d in (5, 15))
    found = planar.counted([front, back], "all", np.ones((4, 4), bool))
    assert planar.activity_from_conjugate(found.counts, 72, 600, 20) == pytest.approx(1, rel=1e-9)


def test_heart_to_contralateral_is_planar_only_and_asymmetry_has_an_interval(spect):
    image = np.full((40, 41), 10.0)
    image[10:14, 25:29] = 30.0
    mask = regions.place(regions.parse("heart:10-13,25-28"), image.shape)
    found = planar.asymmetry([image], "heart", mask, 20.0)
    assert found["heart_to_contralateral"] == pytest.approx(3)
    assert found["low"] < 3 < found["high"]
    assert "never for SPECT" in found["limit"]
    volume, _, parts = spect
    other = bone_spect.asymmetry(volume, "heart", parts["deposit"], 31.5)
    assert "heart_to_contralateral" not in other
    assert other["ratio"] > 3


def test_the_midline_and_a_template_on_the_real_scan(shared):
    from fetuin.imaging import load

    image = planar.planar(load(shared / "data/imaging/nm1_bonescan/nema-nm1_jpll.dcm"))
    found, bone = regions.template(image)
    assert bone in found
    # the knees of this scan are degenerative and hotter than thighs and calves on both sides
    mean = {k: float(image[m].mean()) for k, m in found.items()}
    for side in ("left", "right"):
        assert mean[f"knee_image_{side}"] > 1.15 * max(mean[f"thigh_image_{side}"], mean[f"calf_image_{side}"])
        assert mean[bone] > 1.3 * mean[f"thigh_image_{side}"]
    mirror = np.concatenate([image[:, ::-1], image], axis=1)
    assert regions.midline(regions.outline(mirror)) == pytest.approx(255.5, abs=0.5)


def test_planar_and_spect_are_never_mixed(tmp_path, spect_file):
    phantom.write("nm_planar", tmp_path)
    with pytest.raises(UsageError, match="together"):
        bone_scan.examine([tmp_path / "dicom", spect_file], bone_scan.Request())


def test_a_spect_keeps_its_values_its_place_and_its_suv_through_dicom(spect, spect_file):
    volume, truth, parts = spect
    back = _read(str(spect_file), "")
    assert back.unit == "Bq/mL"
    assert back.spacing == (4.0, 4.0, 4.0)
    assert np.abs(back.values - volume.values).max() <= 0.5
    assert suv.factor(back) == pytest.approx(70_000 / (600e6 * decay(180)), rel=1e-6)
    body = bone_spect.summary(back, {"bone": parts["spine"], "deposit": parts["deposit"]})
    bone, deposit = body["regions"]
    assert body["suv"]["refused"] is None
    assert bone["suv_mean"] == pytest.approx(truth["suv_bone"], rel=0.25)  # blur takes counts out of a thin spine
    true = truth["deposit_bq_ml"] / truth["bone_bq_ml"]
    (ratio,) = body["ratios"]
    assert 0.5 * true < ratio["ratio"] < 1.5 * true
    assert deposit["volume_ml"] == pytest.approx(4 / 3 * np.pi * 2**3, rel=0.06)


def test_spect_conserves_activity_and_is_quantitative_inside_large_objects(spect):
    from scipy.ndimage import binary_erosion

    volume, truth, parts = spect
    assert volume.values.sum() * 0.064 / 1e6 == pytest.approx(truth["total_mbq"], rel=0.02)
    inner = binary_erosion(parts["spine"], iterations=2)
    assert volume.values[inner].mean() == pytest.approx(truth["bone_bq_ml"], rel=0.08)
    soft = binary_erosion(parts["body"] & ~parts["spine"] & ~parts["rods"] & ~parts["deposit"], iterations=3)
    assert volume.values[soft].mean() == pytest.approx(truth["soft_bq_ml"], rel=0.2)


@pytest.mark.parametrize(
    ("change", "tag"),
    [
        ({"dose_mbq": None}, "RadionuclideTotalDose"), ({"weight_kg": None}, "PatientWeight"),
        ({"injected": ""}, "RadiopharmaceuticalStartTime"), ({"injected": "20000103090000"}, "RadiopharmaceuticalStartTime"),
    ],
)  # fmt: skip
def test_no_suv_without_dose_times_and_weight(spect, change, tag):
    volume = spect[0]
    facts = dataclasses.replace(volume.acquisition, nuclear=dataclasses.replace(volume.acquisition.nuclear, **change))
    with pytest.raises(NotEnoughDataError, match=tag):
        suv.factor(dataclasses.replace(volume, acquisition=facts))


def test_suv_is_not_decayed_twice(spect):
    volume = spect[0]
    admin = dataclasses.replace(volume.acquisition.nuclear, decay_correction="ADMIN")
    corrected = dataclasses.replace(volume, acquisition=dataclasses.replace(volume.acquisition, nuclear=admin))
    assert suv.factor(volume) / suv.factor(corrected) == pytest.approx(1 / decay(180))
    counts = dataclasses.replace(volume, unit="counts")
    with pytest.raises(NotEnoughDataError, match="Units"):
        suv.factor(counts)


def _whole_body(gfr: float, plaque: float, seed: int, minutes: float = 180.0) -> tuple[np.ndarray, dict[str, slice]]:
    """A front view of 1 M counts: a trunk and two legs of soft tissue, bone down the middle of each, a spot on one calf."""
    share = expected_soft_share(minutes, gfr)[0]
    body = np.zeros((300, 100), bool)
    body[10:150, 20:80] = True
    body[150:290, 24:44] = body[150:290, 56:76] = True
    bone = np.zeros_like(body)
    bone[15:150, 46:54] = bone[150:288, 32:36] = bone[150:288, 64:68] = True
    weight = uptake.tissue_weight(body, 5.0, views=1)
    soft = share * weight / weight.sum()
    calf = (slice(230, 236), slice(58, 61))
    soft[calf] *= plaque
    image = 1e6 * (soft + (1 - share) * bone / bone.sum())
    return np.random.default_rng(seed).poisson(image).astype(float), {"calf": calf, "bone": bone}


@pytest.mark.parametrize("gfr", [5.0, 90.0])
def test_no_soft_tissue_stands_out_where_the_kidneys_explain_it(gfr):
    image, parts = _whole_body(gfr, 1.0, 1)
    found = uptake.planar_map([image], 5.0, gfr=gfr, minutes=180.0)
    from scipy.ndimage import binary_dilation

    soft = np.isfinite(found.z) & ~binary_dilation(parts["bone"], iterations=5)
    assert np.nanmean(found.z[soft] > 3) < 0.005


def test_a_hot_calf_stands_out_and_the_wrong_kidneys_hide_or_invent_it():
    image, parts = _whole_body(5.0, 6.0, 1)
    right = uptake.planar_map([image], 5.0, gfr=5.0, minutes=180.0)
    calf = parts["calf"]
    assert np.nanmax(right.z[calf]) > 4
    quiet, _ = _whole_body(5.0, 1.0, 1)
    wrong = uptake.planar_map([quiet], 5.0, gfr=120.0, minutes=180.0)
    fair = uptake.planar_map([quiet], 5.0, gfr=5.0, minutes=180.0)
    assert np.nanmedian(wrong.z) > np.nanmedian(fair.z) + 0.8  # without the GFR all soft tissue looks hot


def test_a_short_image_has_no_expected_background_and_says_why(tmp_path):
    phantom.write("nm_planar", tmp_path)
    body = bone_scan.examine([tmp_path / "dicom"], bone_scan.Request(gfr=10.0, minutes=180.0)).body
    assert "whole body" in body["uptake_map"]["refused"]


def test_the_command_writes_everything(tmp_path, capsys):
    from fetuin.cli import scan

    phantom.write("nm_planar", tmp_path / "p")
    code = scan.command(
        [tmp_path / "p/dicom"], region=["bone:30-90,53-57", "calf:78-82,38-42"], mirror=["calf"], midline=63.5, json=True, out=tmp_path / "o",
    )  # fmt: skip
    body = json.loads(capsys.readouterr().out)
    assert code == 0
    assert body["schema"] == "fetuin.scan/1"
    assert body["asymmetry"][0]["ratio"] > 1.5
    names = {p.name for p in (tmp_path / "o").iterdir()}
    assert {"scan.json", "regions.csv", "observations.csv", "image.png", "report.html"} <= names
    assert "no verdict" in (tmp_path / "o/report.html").read_text()


def test_wrong_regions_are_refused_by_name():
    with pytest.raises(FetuinError, match="name"):
        regions.placed([regions.parse("a:0-1,0-1")] * 2, (4, 4))
    with pytest.raises(FetuinError, match="dimensions"):
        regions.place(regions.parse("a:0-1,0-1"), (4, 4, 4))
    with pytest.raises(UsageError, match="time"):
        bone_scan.Request(gfr=5.0)


def test_a_deposit_stands_out_on_the_map_of_a_spect_whose_bones_are_labelled(spect, spect_file, tmp_path):
    nib = pytest.importorskip("nibabel")
    from fetuin.imaging.dicom_writer import write_nifti

    volume, _, parts = spect
    labels = np.where(parts["spine"] | parts["rods"], 1, np.where(parts["deposit"], 2, 0)).astype(np.int16)
    file = write_nifti(dataclasses.replace(volume, values=labels), tmp_path / "labels.nii.gz")
    image = nib.load(file)
    text = '<Label Key="1"><![CDATA[bone]]></Label><Label Key="2"><![CDATA[calf]]></Label>'
    image.header.extensions.append(nib.nifti1.Nifti1Extension("ignore", text.encode()))
    nib.save(image, tmp_path / "named.nii.gz")
    want = bone_scan.Request(mask=tmp_path / "named.nii.gz", gfr=90.0, minutes=180.0)
    found = bone_scan.examine([spect_file], want)
    assert [r["region"] for r in found.body["regions"]] == ["bone", "calf"]
    first = found.body["uptake_map"]["places"][0]
    assert np.abs(np.array(first["at"]) - nm_spect.DEPOSIT).max() <= 5
    assert first["over_expected"] > 2
    assert first["over_mirror"] > 3
    assert found.image.ndim == 2
