"""Paths through the Trial screen: a design, its grid, endpoints compared, a simulated trial watched to its end."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def size(page: Any) -> str:
    text: str = page.locator("[data-size] strong").inner_text()
    return text


def test_a_design_with_its_curves_and_looks(opened: Any) -> None:
    page = opened("#/trial")
    assert size(page) == "218 patients"
    assert page.locator("figure.fet-chart canvas").count() == 3
    assert page.get_by_role("region", name="table: looks").locator("tbody tr").count() == 3


def test_another_boundary_changes_the_size(opened: Any) -> None:
    page = opened("#/trial")
    before = size(page)
    page.get_by_label("Boundary").select_option("pocock")
    expect(page.locator("[data-size] strong")).not_to_have_text(before)


def test_more_looks(opened: Any) -> None:
    page = opened("#/trial?looks=5&sided=2")
    size(page)
    assert page.get_by_role("region", name="table: looks").locator("tbody tr").count() == 5


def test_the_grid_holds_alpha_where_nothing_works(opened: Any) -> None:
    page = opened("#/trial")
    size(page)
    rows = page.get_by_role("region", name="table: power by effect and standard deviation").locator("tbody tr")
    assert rows.count() == 4
    for k in range(4):
        assert rows.nth(k).locator("td").first.inner_text().startswith("0.025")


def test_an_impossible_design_is_refused(opened: Any) -> None:
    page = opened("#/trial", expect_refusals=True)
    size(page)
    page.get_by_role("spinbutton", name="Looks").fill("40")
    page.get_by_role("spinbutton", name="Looks").press("Tab")
    assert "mend" in page.get_by_role("alert").inner_text()


def test_t50_against_ct_and_events(opened: Any) -> None:
    page = opened("#/trial")
    rows = page.locator("[data-endpoints] tbody tr")
    rows.first.wait_for()
    assert [rows.nth(k).locator("td").first.inner_text() for k in range(3)] == ["T50", "CAC volume", "events"]
    before = rows.first.inner_text()
    page.get_by_label("T50, treated less control").fill("60")
    page.get_by_label("T50, treated less control").press("Tab")
    expect(rows.first).not_to_have_text(before)


def test_a_simulated_trial_is_watched_to_its_end(opened: Any) -> None:
    page = opened("#/trial?study=dialysate_magnesium&n=200&seed=3")
    page.get_by_role("button", name="Simulate", exact=True).click()
    page.locator("[data-job]").wait_for()
    page.locator("[data-characteristics]").wait_for(timeout=90_000)
    assert "power" in page.locator("[data-characteristics]").inner_text()
    assert "done" in page.locator("[data-job]").inner_text()


def test_the_copied_python_plans_the_same(opened: Any) -> None:
    page = opened("#/trial")
    size(page)
    page.get_by_role("button", name="Copy as Python").click()
    done = subprocess.run(
        [sys.executable, "-c", page.locator("pre").inner_text()], capture_output=True, text=True, check=True
    )
    assert "3.71030" in done.stdout
