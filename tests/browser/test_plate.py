"""Paths through the Plate screen, by mouse and by keyboard; the record of changes verifies."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fetuin.assays.audit import read, verify

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SMALL = "#/plate?example=plate-of-96"


def wells(page: Any) -> Any:
    page.locator("button[data-well]").first.wait_for()
    return page.locator("button[data-well]")


def decide(page: Any, why: str) -> None:
    """Fill the question who and why."""
    page.get_by_label("Who").fill("A. Nalyst")
    page.locator("dialog input").nth(1).fill(why)
    page.get_by_role("button", name="Record it").click()


def facts(page: Any) -> str:
    text: str = page.locator(".fet-curve .fet-note").first.inner_text()
    return text


def test_heat_map_of_384_wells(opened: Any) -> None:
    page = opened("#/plate?example=plate-of-384")
    assert wells(page).count() == 384
    assert "384 wells reported" in page.locator("main").inner_text()


def test_384_curves_at_a_glance(opened: Any) -> None:
    page = opened("#/plate?example=plate-of-384&view=curves")
    wells(page)
    assert page.locator("button[data-well] path.fet-fit").count() == 384


def test_the_results_are_those_of_the_command_line(opened: Any) -> None:
    from fetuin.assays.t50 import measure
    from fetuin.screens.plate import _example

    page = opened(SMALL)
    plate, layout = _example("plate-of-96")
    expected = measure(plate, layout)["C05"]
    wells(page)
    page.locator("[data-well=C05]").click()
    assert expected.text in facts(page)


def test_arrows_move_between_wells(opened: Any) -> None:
    page = opened(SMALL)
    wells(page).first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert page.locator(".fet-curve h3").inner_text().startswith("C02")
    assert page.evaluate("document.activeElement.dataset.well") == "C02"


def test_accepting_by_keyboard_is_recorded(opened: Any) -> None:
    page = opened(SMALL)
    wells(page).first.focus()
    page.keyboard.press("a")
    decide(page, "clean curve")
    row = page.get_by_role("region", name="table: record of changes").locator("tbody tr")
    row.first.wait_for()
    assert "accept" in row.inner_text()
    assert "A. Nalyst" in row.inner_text()
    assert "1 accepted" in page.locator("main").inner_text()


def test_masking_reads_refits_and_taking_back_restores(opened: Any) -> None:
    page = opened(SMALL)
    wells(page)
    page.locator("[data-well=B03]").click()
    before = facts(page)
    page.locator(".fet-from").fill("150")
    page.locator(".fet-to").fill("260")
    page.get_by_role("button", name="mark", exact=True).click()
    page.locator("[data-well=B03]").focus()
    page.keyboard.press("x")
    decide(page, "plate was opened")
    page.get_by_role("region", name="table: record of changes").wait_for()
    changed = facts(page)
    assert changed != before
    page.locator("[data-well=B03]").focus()
    page.keyboard.press("u")
    decide(page, "it was not")
    page.locator("tbody tr", has_text="take back").wait_for()
    assert facts(page) == before


def test_a_well_left_out_has_no_result(opened: Any) -> None:
    page = opened(SMALL)
    wells(page).first.focus()
    page.keyboard.press("x")
    decide(page, "pipetting error")
    page.locator("tbody tr", has_text="leave out").wait_for()
    assert "excluded" in facts(page)


def test_a_comment(opened: Any) -> None:
    page = opened(SMALL)
    wells(page).first.focus()
    page.keyboard.press("c")
    decide(page, "looks haemolysed")
    page.locator("tbody tr", has_text="comment").wait_for()
    assert "looks haemolysed" in facts(page)


def test_nothing_happens_without_a_reason(opened: Any) -> None:
    page = opened(SMALL)
    wells(page).first.focus()
    page.keyboard.press("x")
    page.get_by_role("button", name="Record it").click()
    assert page.locator("dialog").is_visible()
    page.get_by_role("button", name="Cancel").click()
    assert "No change yet" in page.locator("main").inner_text()


def test_the_saved_record_verifies_and_a_changed_one_does_not(opened: Any, tmp_path: Path) -> None:
    page = opened(SMALL)
    wells(page).first.focus()
    for key, why in (("a", "good"), ("c", "second look")):
        page.keyboard.press(key)
        decide(page, why)
        page.locator("tbody tr", has_text=why).wait_for()
        wells(page).first.focus()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save the record").click()
    file = tmp_path / "audit.jsonl"
    waiting.value.save_as(file)
    assert verify(file).ok
    assert [e.why for e in read(file)] == ["good", "second look"]
    file.write_text(file.read_text().replace("second look", "no look"))
    assert not verify(file).ok


def test_a_file_and_a_layout_of_ones_own(opened: Any, tmp_path: Path) -> None:
    from fetuin.assays.layout import randomised
    from fetuin.assays.simulate_plate import simulate, write

    plate = write(simulate(5, "clean", wells=96, points=60), tmp_path)[0]
    layout = tmp_path / "layout.csv"
    layout.write_text(randomised([f"patient {k}" for k in range(20)], replicates=3, seed=1).csv())
    page = opened("#/plate")
    page.locator(".drop input").set_input_files(str(plate))
    assert wells(page).count() == 96
    with page.expect_response(lambda r: r.url.endswith("/screens/plate")):
        page.get_by_label("Layout").set_input_files(str(layout))
    page.locator("button[data-well][aria-label*='patient']").first.wait_for()


def test_a_file_that_no_reader_wrote(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear colleague,\nthank you for the plate.\n")
    page = opened("#/plate", expect_refusals=True)
    page.locator(".drop input").set_input_files(str(file))
    assert "No plate-reader format recognises the file" in page.get_by_role("alert").inner_text()


def test_control_charts(opened: Any, tmp_path: Path) -> None:
    page = opened("#/plate")
    page.get_by_role("button", name="Show an example").click()
    page.locator("figure canvas").first.wait_for()
    assert page.locator("figure").count() == 3
    assert "rejects the run" in page.locator("main").inner_text()
    file = tmp_path / "runs.csv"
    file.write_text("run,control_low\n" + "".join(f"r{k},{180 + k % 3}\n" for k in range(25)))
    page.locator("input[accept='.csv,.txt']").set_input_files(str(file))
    page.get_by_text("No rule is broken.").wait_for()


def test_a_run_folder_is_reproduced_to_the_bit(opened: Any, tmp_path: Path) -> None:
    from fetuin.assays.simulate_plate import simulate, write

    page = opened("#/plate")
    page.locator(".drop input").set_input_files(str(write(simulate(5, "clean", wells=96, points=60), tmp_path)[0]))
    wells(page).first.focus()
    page.keyboard.press("x")
    decide(page, "spilled")
    page.locator("tbody tr", has_text="leave out").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download run folder").click()
    zipfile.ZipFile(waiting.value.path()).extractall(tmp_path)
    command = [
        sys.executable,
        "-c",
        "from fetuin.cli.main import main; main()",
        "rerun",
        str(tmp_path / "run"),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["same"], done.stdout + done.stderr
