"""A CT from file to answer through the command: masks, labels, zip, two scans, sites, and the files it writes."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from fetuin.cli import ct
from fetuin.imaging import load
from fetuin.imaging.dicom_writer import write_nifti, write_series
from fetuin.imaging.phantoms import block
from fetuin.records import read_record

BLOCKS = [(1, 4, 4, 4, 4, 150), (2, 4, 4, 4, 4, 450), (2, 20, 20, 4, 4, 250), (3, 30, 40, 4, 4, 350)]


@pytest.fixture
def scans(tmp_path):
    """A series, its mask with two labels, and an earlier series with one plaque less."""
    volume = block.make(BLOCKS)
    write_series(volume, tmp_path / "now")
    write_series(block.make(BLOCKS[:2]), tmp_path / "before")
    labels = np.zeros(volume.values.shape, np.int16)
    labels[:, :12, :12], labels[:, 16:28, 16:28], labels[:, 28:36, 36:48] = 1, 2, 2
    seen = load(tmp_path / "now")
    from dataclasses import replace

    write_nifti(replace(seen, values=labels), tmp_path / "mask.nii.gz")
    return tmp_path


def _run(capsys, *args, **options):
    code = ct.command(*args, json=True, **options)
    return code, json.loads(capsys.readouterr().out)


def test_labels_are_scored_apart_and_together(scans, capsys):
    code, body = _run(capsys, scans / "now", mask=scans / "mask.nii.gz", by_label=True, site="coronary")
    assert code == 0
    assert body["agatston"] == pytest.approx(4 * (1 + 4 + 2 + 3))
    assert {k: v["agatston"] for k, v in body["labels"].items()} == {"1": pytest.approx(20), "2": pytest.approx(20)}
    assert body["cac_drs"] == "A1/N2"
    assert sum(v["mass_mg"] for v in body["labels"].values()) == pytest.approx(body["mass_mg"])
    assert _run(capsys, scans / "now", mask=scans / "mask.nii.gz", label="2")[1]["agatston"] == pytest.approx(20)


def test_two_scans_are_compared_by_every_rule(scans, capsys):
    where = {"mask": scans / "mask.nii.gz", "earlier_mask": scans / "mask.nii.gz"}
    _, body = _run(capsys, scans / "now", earlier=scans / "before", bmi=28.0, growth=0.3, **where)
    change = body["change"]
    assert [r["rule"].split(",")[0] for r in change["rules"]] == ["Sevrukov", "Hokanson", "MESA", "MESA"]
    assert change["rules"][0]["difference"] == pytest.approx(20)
    assert change["differences_of_the_scans"] == []
    assert change["earliest_visible_years"] > 0
    _, same = _run(capsys, scans / "now", earlier=scans / "now", **where)
    assert not any(r["changed"] for r in same["change"]["rules"])


def test_a_valve_has_its_meaning_by_sex_and_no_cac_drs(scans, capsys):
    _, body = _run(capsys, scans / "now", mask=scans / "mask.nii.gz", site="aortic_valve", sex="F")
    assert body["meaning"]["severe_aortic_stenosis"] == "unlikely"
    assert body["cac_drs"] is None


def test_the_folder_holds_everything_and_its_observations_enter_a_record(scans, capsys):
    out = scans / "out"
    _run(capsys, scans / "now", mask=scans / "mask.nii.gz", out=out)
    names = {p.name for p in out.iterdir()}
    assert {
        "ct.json",
        "lesions.csv",
        "observations.csv",
        "report.html",
        "calcium_seg.dcm",
        "calcium_sr.dcm",
        "slice_0002.png",
    } <= names
    lesions = list(csv.DictReader((out / "lesions.csv").open()))
    assert sum(float(z["agatston"]) for z in lesions) == pytest.approx(40)
    assert read_record(out / "observations.csv").latest("ct_agatston").value == pytest.approx(40)
    page = (out / "report.html").read_text()
    assert page.count("data:image/png") == 3
    assert "Research use only" in page
    assert "http" not in page.split("</style>")[1].replace("http-equiv", "")


def test_nifti_needs_a_tube_voltage_and_says_why_there_is_no_dicom(scans, capsys):
    file = write_nifti(load(scans / "now"), scans / "x.nii.gz")
    code, body = _run(capsys, file)
    assert code == 1
    assert body["refused"]["code"] == "kvp"
    code, body = _run(capsys, file, kvp=120.0, roi=["6,6,3,0-5"], out=scans / "o2")
    assert body["agatston"] == pytest.approx(20)
    assert json.loads((scans / "o2/ct.json").read_text())["dicom"]["why_not"] == "the scan is not DICOM"
