"""Paths through the Patient screen, with the shipped examples; what the page says is what `fetuin.assess` says."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import fetuin
from fetuin.examples import example, examples

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
EXAMPLE = "uraemic-tumoral-calcinosis"


def answer(page: Any) -> str:
    """The headline of the answer, once it is there."""
    text: str = page.locator(".fet-headline").inner_text()
    return text.lower()


@pytest.mark.parametrize("name", [e.name for e in examples()])
def test_an_example_opens_with_the_answer_of_the_engine(opened: Any, name: str) -> None:
    page = opened(f"#/patient?example={name}")
    with example(name).path() as path:
        record = fetuin.read_record(path)
    expected = fetuin.assess(record, setting=next(e.setting for e in examples() if e.name == name))
    said = answer(page)
    assert said == ("the data do not suffice" if expected.abstained else expected.answer)
    assert page.locator("button.fet-evidence").count() == len(expected.evidence)


def test_without_an_example_the_page_teaches(opened: Any) -> None:
    page = opened("#/patient")
    page.get_by_role("button", name="Kidneys that no longer clear phosphate").click()
    assert answer(page) == "metastatic"


def test_a_finding_leads_to_its_datum_and_source(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.locator("button.fet-evidence[data-finding=phosphate]").click()
    detail = page.locator(".fet-detail")
    assert "9.7 mg/dL" in detail.inner_text()
    assert "NHANES" in detail.inner_text()
    assert "Phosphate" in page.locator("tr.chosen-datum").inner_text()
    page.locator("[data-show=phosphate]").click()
    assert page.evaluate("document.activeElement.closest('tr').id") == "datum-observation/2"


def test_hiding_a_datum_moves_the_answer_and_taking_back_restores_it(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    before = page.locator(".fet-how-sure").inner_text()
    page.get_by_role("button", name="hide Parathyroid hormone, intact").click()
    page.locator(".moved").wait_for()
    assert page.locator("button.fet-evidence[data-finding=pth]").count() == 0
    assert page.locator(".fet-how-sure").inner_text() != before
    page.get_by_role("button", name="Take all changes back").click()
    page.locator("button.fet-evidence[data-finding=pth]").wait_for()
    assert page.locator(".fet-how-sure").inner_text() == before


def test_supposing_what_a_next_test_could_find(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.locator("[data-suppose='skin_necrosis:present']").click()
    page.locator(".moved").wait_for()
    assert (
        "assumed" in page.locator("body").inner_text()
        or page.locator("button.fet-evidence[data-finding=skin_necrosis]").count()
    )


def test_adding_a_finding_by_its_name(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.get_by_label("Finding", exact=True).fill("Painful, necrotic or ulcerated skin")
    page.get_by_role("button", name="Add the finding").click()
    page.locator("button.fet-evidence[data-finding=skin_necrosis]").wait_for()


def test_adding_a_value_in_the_unit_of_the_laboratory(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.get_by_label("Analyte").select_option("phosphate")
    page.get_by_label("Value").fill("3.0")
    page.get_by_label("Unit", exact=True).select_option("mg/dL")
    page.get_by_role("button", name="Add the value").click()
    page.locator(".moved").wait_for()
    page.locator("button.fet-evidence[data-finding=phosphate]").click()
    assert "3" in page.locator(".fet-detail").inner_text()
    assert "normal" in page.locator(".fet-detail h4").inner_text()


def test_leaving_out_the_state_of_the_tissue(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.get_by_label("leave out the state of the tissue").check()
    page.locator("button.fet-evidence[data-finding=tissue_state]").wait_for(state="detached")


def test_another_setting_moves_the_prior(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    first = page.locator(".fet-waterfall .fet-still .fet-odds").first
    before = first.inner_text()
    page.get_by_label("Seen in").select_option("dialysis_unit")
    page.wait_for_timeout(800)
    assert first.inner_text() != before


def test_a_bundle_of_ones_own_is_opened(opened: Any) -> None:
    page = opened("#/patient")
    with example("tumoral-calcinosis-fgf23").path() as path:
        page.locator(".drop input").set_input_files(str(path))
        assert answer(page) == "hereditary"


def test_a_csv_with_two_people(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("id,kind,name,value,unit,time\na,person,age,50,a,\na,,phosphate,9.7,mg/dL,2026-01-05\n"
                    "b,person,age,8,a,\nb,,calcium,1.6,mmol/L,2026-01-05\nb,,pth,6,ng/L,2026-01-05\n")  # fmt: skip
    page = opened("#/patient")
    page.locator(".drop input").set_input_files(str(file))
    page.get_by_label("Person").fill("2")
    page.get_by_label("Person").press("Enter")
    page.get_by_role("heading", name="8 years").wait_for()
    assert "Calcium, total" in page.locator("table").first.inner_text()


def test_a_file_that_is_no_record_is_refused_with_a_remedy(opened: Any, tmp_path: Path) -> None:
    file = tmp_path / "no.json"
    file.write_text('{"resourceType": "Nonsense"')
    page = opened("#/patient", expect_refusals=True)
    page.locator(".drop input").set_input_files(str(file))
    assert "mend" in page.get_by_role("alert").inner_text()


def test_the_course_of_values_and_the_switch_of_units(opened: Any) -> None:
    page = opened("#/patient?example=two-years-of-haemodialysis")
    page.locator(".fet-plot canvas").first.wait_for()
    assert page.locator("figure.fet-chart").count() == 5
    phosphate = page.locator("tr", has_text="Phosphate, inorganic")
    assert "mmol/L" in phosphate.inner_text()
    page.get_by_label("Units").select_option("conventional")
    assert "mg/dL" in phosphate.inner_text()
    label = page.locator("figure", has_text="Phosphate, inorganic").locator("[role=img]").get_attribute("aria-label")
    assert "mg/dL" in label


def test_a_link_holds_all_of_it(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.get_by_role("button", name="hide Albumin").click()
    page.locator(".moved").wait_for()
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    again = opened(link.partition("/#")[2].join(("#", "")))
    again.locator(".moved").wait_for()
    assert answer(again) == answer(page)
    assert "Albumin" in again.locator("tr.hidden-datum").inner_text()


def test_the_copied_python_gives_the_same_answer(opened: Any) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.get_by_role("button", name="hide Parathyroid hormone, intact").click()
    page.locator(".moved").wait_for()
    page.get_by_role("button", name="Copy as Python").click()
    done = subprocess.run(
        [sys.executable, "-c", page.locator("pre").inner_text()], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() in page.locator(".fet-answer").inner_text()


def test_a_run_folder_is_reproduced_to_the_bit(opened: Any, tmp_path: Path) -> None:
    page = opened(f"#/patient?example={EXAMPLE}")
    page.get_by_role("button", name="hide Albumin").click()
    page.locator(".moved").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download run folder").click()
    zipfile.ZipFile(waiting.value.path()).extractall(tmp_path)
    assert (tmp_path / "run" / "ro-crate-metadata.json").is_file()
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
