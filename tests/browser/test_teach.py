"""Paths through the teaching screen: guess, reveal, compare, to the end; by keyboard, at phone width, from a link, with a file."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from fetuin.examples.shipped import example, examples

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CASE = "calciphylaxis-on-haemodialysis"


def guess(page: Any, kind: str, test: str = "") -> None:
    page.get_by_role("radio", name=kind, exact=True).check()
    if test:
        page.get_by_label("What would you ask for next?").select_option(test)
    page.get_by_role("button", name="Show:").click()


def test_nothing_is_shown_before_a_guess_and_all_after_four(opened: Any) -> None:
    page = opened("#/teach")
    expect(page.locator(".cards button")).to_have_count(len(examples()))
    page.get_by_role("button", name=example(CASE).title).click()
    page.get_by_role("radio", name="calciphylaxis").wait_for()
    assert page.locator("section[id^=step-]").count() == 0
    for k in range(4):
        guess(page, "calciphylaxis", "Phosphate" if k == 0 else "")
        page.locator(f"#step-{k} progress").first.wait_for()
        assert page.locator("section[id^=step-]").count() == k + 1
    assert "You asked for phosphate" in page.locator("#step-0").inner_text()
    assert "You said calciphylaxis, and so does the engine" in page.locator("#step-3").inner_text()
    end = page.locator("section[aria-labelledby=end]").inner_text()
    assert "Published as calciphylaxis" in end
    assert "agreed on the kind at 4 of 4 steps" in end
    assert page.locator("form").count() == 0


def test_a_wrong_guess_is_answered_with_why(opened: Any) -> None:
    page = opened(f"#/teach?example={CASE}")
    guess(page, "hereditary")
    told = page.locator("#step-0")
    assert "You said hereditary (the engine gives it" in told.inner_text()
    told.locator("summary").click()
    assert "Site: thigh" in told.locator("details").inner_text()
    assert told.locator("details ol li").count() >= 1


def test_without_a_guess_nothing_is_revealed(opened: Any) -> None:
    page = opened(f"#/teach?example={CASE}")
    page.get_by_role("button", name="Show:").click()
    assert page.locator("section[id^=step-]").count() == 0
    guess(page, "I cannot say yet")
    assert "You could not say yet" in page.locator("#step-0").inner_text()


def test_by_keyboard_alone(opened: Any) -> None:
    page = opened(f"#/teach?example={CASE}")
    page.get_by_role("radio", name="dystrophic").wait_for()
    page.get_by_label("Case").focus()
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.textContent").startswith("Begin"):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "radio"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "metastatic"
    page.keyboard.press("Enter")
    page.locator("#step-0 progress").first.wait_for()
    assert page.evaluate("document.activeElement.id") == "title-0"  # a reader hears the step that was revealed
    assert "You said metastatic" in page.locator("#step-0").inner_text()


def test_a_link_holds_the_guesses(opened: Any) -> None:
    given = [{"kind": "dystrophic", "test": ""}, {"kind": "calciphylaxis", "test": "Phosphate"}]
    page = opened(f"#/teach?example={CASE}&guesses={quote(json.dumps(given))}")
    page.locator("#step-1 progress").first.wait_for()
    assert page.locator("section[id^=step-]").count() == 2
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".share [role=status]")).to_have_text("Copied as link.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Begin this case again").click()
    expect(page.locator("section[id^=step-]")).to_have_count(0)


def test_copied_python_and_command_run(opened: Any) -> None:
    page = opened(f"#/teach?example={CASE}")
    page.get_by_role("button", name="Copy as Python").click()
    code = page.locator("pre").inner_text()
    assert "from fetuin.screens.case import played" in code
    exec(code, {})
    page.get_by_role("button", name="Copy as CLI").click()
    expect(page.locator("pre")).to_have_text(f"fetuin case play {CASE}")


def test_a_record_of_ones_own(opened: Any, tmp_path: Any) -> None:
    page = opened("#/teach")
    with example(CASE).path() as path:
        page.locator(".drop input").set_input_files(
            {"name": "mine.json", "mimeType": "application/json", "buffer": path.read_bytes()}
        )
    for _ in range(4):
        guess(page, "calciphylaxis")
    end = page.locator("section[aria-labelledby=end]").inner_text()
    assert "Published as" not in end


def test_what_is_no_record_is_said(opened: Any) -> None:
    page = opened("#/teach", expect_refusals=True)
    page.locator(".drop input").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"[]"})
    page.get_by_role("alert").wait_for()


def test_at_phone_width(opened: Any) -> None:
    page = opened(f"#/teach?example={CASE}", viewport={"width": 390, "height": 844})
    for _ in range(4):
        guess(page, "calciphylaxis")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
