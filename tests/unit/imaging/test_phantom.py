"""Phantoms written as files and read back: the truth survives DICOM and NIfTI."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.imaging import phantom
from fetuin.imaging.dicom import _read as read_dicom
from fetuin.imaging.modalities import bone_scintigraphy as scan
from fetuin.imaging.modalities.ct import score
from fetuin.imaging.nifti import _read as read_nifti
from fetuin.imaging.phantoms import nm_planar, noise


def test_the_command_writes_a_series_that_scores_its_own_truth(tmp_path, capsys):
    from fetuin.cli import ct
    from fetuin.cli import phantom as command

    assert command.command("block", out=tmp_path, json=True) == 0
    truth = json.loads(capsys.readouterr().out)["truth"]
    assert ct.command(tmp_path / "dicom", json=True) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["agatston"] == pytest.approx(truth["agatston"], abs=1e-9) == 60
    assert body["volume_mm3"] == pytest.approx(truth["volume_mm3"], abs=1e-9)
    assert body["flags"] is not None
    assert json.loads((tmp_path / "truth.json").read_text())["research_use"]


@pytest.mark.parametrize("name", list(phantom.names()))
def test_every_phantom_survives_its_files(name, tmp_path):
    volume, truth = phantom.make(name)
    phantom.write(name, tmp_path)
    back = read_dicom(str(tmp_path / "dicom"), "")
    assert back.unit == volume.unit
    assert back.spacing == pytest.approx(volume.spacing)
    assert np.abs(back.values - volume.values).max() <= 0.5  # DICOM holds whole numbers
    exact = read_nifti(str(tmp_path / "phantom.nii.gz"), volume.unit)
    same = exact.values
    assert np.array_equal(same, volume.values)
    assert truth


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for d in ("a", "b"):
        (tmp_path / d).mkdir()
        phantom.write("noise", tmp_path / d, seed=3)
    a, b = (sorted((tmp_path / d / "dicom").iterdir()) for d in ("a", "b"))
    assert all(x.read_bytes() == y.read_bytes() for x, y in zip(a, b))
    assert not np.array_equal(phantom.make("noise", seed=3)[0].values, phantom.make("noise", seed=4)[0].values)


def test_qrm_series_scores_as_the_field_it_was_written_from(tmp_path):
    phantom.write("qrm", tmp_path)
    back = read_dicom(str(tmp_path / "dicom"), "")
    truth = phantom.make("qrm")[1]
    assert score(back, factor=truth["calibration"]).agatston == pytest.approx(470.50, rel=0.01)


def test_noise_has_the_declared_spread_and_neighbours_share_it():
    field = noise.correlated((4, 120, 120), 20.0, 0.9, 0.5, np.random.default_rng(0))
    assert field.std() == pytest.approx(20, rel=0.02)
    assert np.corrcoef(field[..., 1:].ravel(), field[..., :-1].ravel())[0, 1] > 0.3


def test_the_bone_scan_keeps_every_count_and_the_geometric_mean_its_truth():
    volume, truth = nm_planar.phantom(noise=False)
    front = volume.values[0].astype(float)
    assert front.sum() == pytest.approx(truth["expected_counts_front"], rel=1e-6) == pytest.approx(1.5e6, rel=1e-6)
    mean = scan.geometric_mean(*scan.conjugate([volume]))
    r, c = int(truth["plaque_row"]), int(truth["plaque_column"])
    assert mean[30:40, 64:68].mean() == pytest.approx(truth["soft_counts_a_pixel"], rel=0.01)
    assert mean[r, c] / truth["soft_counts_a_pixel"] == pytest.approx(
        truth["plaque_over_soft_geometric_mean"], rel=0.03
    )
    assert truth["decay_3h"] == pytest.approx(0.70738, abs=1e-5)


def test_an_unknown_name_lists_the_known_ones(tmp_path):
    with pytest.raises(InputError, match="block"):
        phantom.make("nonsense")


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="dicom3tools is not installed")
@pytest.mark.parametrize("name", ["block", "nm_planar", "nm_spect"])
def test_an_independent_reader_finds_no_error_in_a_phantom(name, tmp_path):
    phantom.write(name, tmp_path)
    file = sorted((tmp_path / "dicom").iterdir())[0]
    out = subprocess.run(["dciodvfy", str(file)], capture_output=True, text=True, check=False)
    assert "Error" not in out.stderr + out.stdout
