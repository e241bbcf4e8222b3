"""Paths through the Imaging screen, on phantoms whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def score(page: Any, k: int = 0) -> str:
    text: str = page.locator(f"[data-score='{k}']").inner_text()
    return text


def test_the_block_scores_its_truth(opened: Any) -> None:
    page = opened("#/imaging?example=block")
    assert "Agatston 60" in score(page)
    assert "truth: Agatston 60" in score(page)


def test_three_planes_and_a_jump_to_a_lesion(opened: Any) -> None:
    page = opened("#/imaging?example=qrm")
    score(page)
    canvas = page.locator("canvas[data-planes='0']")
    page.wait_for_timeout(2500)
    before = canvas.screenshot()
    assert len(set(before)) > 100
    page.locator("[data-lesion='0-7']").click()
    page.wait_for_timeout(400)
    assert canvas.screenshot() != before
    assert "chosen-datum" in page.locator("tr", has_text="go to 7").get_attribute("class")


def test_the_policy_switch(opened: Any) -> None:
    page = opened("#/imaging?example=qrm")
    first = score(page)
    page.get_by_label("Policy").select_option("lesion_peak")
    assert score(page) != first
    assert page.locator("tbody tr").count() == 7


def test_overlay_and_window(opened: Any) -> None:
    page = opened("#/imaging?example=qrm")
    score(page)
    page.wait_for_timeout(2500)
    canvas = page.locator("canvas[data-planes='0']")
    before = canvas.screenshot()
    page.get_by_label("Window").select_option("calcium from 130 HU")
    page.get_by_label("Overlay").fill("0")
    page.wait_for_timeout(400)
    assert canvas.screenshot() != before


def test_two_scans_compared(opened: Any) -> None:
    page = opened("#/imaging?example=qrm&second=noise")
    change = page.locator("[data-change]").inner_text()
    assert "is what chance exceeds in 5 %" in change
    assert page.locator("canvas[data-planes]").count() == 2


def test_nifti_without_tube_voltage_is_refused_until_it_is_given(opened: Any, tmp_path: Path) -> None:
    from fetuin.imaging.phantom import write

    write("block", tmp_path)
    page = opened("#/imaging")
    page.locator(".drop input").set_input_files(str(tmp_path / "phantom.nii.gz"))
    assert "Not scored" in page.get_by_role("alert").inner_text()
    page.get_by_label("Tube voltage").fill("120")
    page.get_by_label("Tube voltage").press("Tab")
    assert "Agatston 60" in score(page)


def test_a_zip_of_dicom(opened: Any, tmp_path: Path) -> None:
    import shutil

    from fetuin.imaging.phantom import write

    write("block", tmp_path / "phantom")
    shutil.make_archive(str(tmp_path / "series"), "zip", tmp_path / "phantom" / "dicom")
    page = opened("#/imaging")
    page.locator(".drop input").set_input_files(str(tmp_path / "series.zip"))
    assert "Agatston 60" in score(page)


def test_a_file_that_is_no_scan(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "no.nii.gz"
    file.write_bytes(b"not an image")
    page = opened("#/imaging", expect_refusals=True)
    page.locator(".drop input").set_input_files(str(file))
    assert "mend" in page.get_by_role("alert").inner_text()


def test_bone_scan_with_its_map(opened: Any) -> None:
    page = opened("#/imaging?kind=scan&example=nm_planar")
    page.locator("[data-zmap]").wait_for()
    row = page.locator("tr", has_text="place").inner_text()
    assert float(row.split("\t")[3].split()[0]) > 2
    # the plaque stands out on the map, soft tissue does not
    red = page.evaluate("""() => { const c = document.querySelector('[data-zmap]').getContext('2d');
        return [[80, 40], [75, 100]].map(([r, k]) => c.getImageData(k, r, 1, 1).data[1]); }""")
    assert red[0] < 100 < red[1]


def test_bone_scan_at_a_low_gfr(opened: Any) -> None:
    page = opened("#/imaging?kind=scan&example=nm_planar&gfr=10&reference=0.25")
    row = page.locator("tbody tr", has_text="soft").last
    assert row.inner_text().split("\t")[4].strip()


def test_copied_code_scores_the_same(opened: Any) -> None:
    import subprocess
    import sys

    page = opened("#/imaging?example=block&policy=ge")
    score(page)
    page.get_by_role("button", name="Copy as Python").click()
    done = subprocess.run(
        [sys.executable, "-c", page.locator("pre").inner_text()], capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == "60.0"
