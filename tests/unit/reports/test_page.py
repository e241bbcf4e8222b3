"""The shell of every report: self-contained, safe, usable from a keyboard."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fetuin.notice import RESEARCH_USE
from fetuin.reports.page import CSS, Html, page, table, write_page
from fetuin.versions import sentence

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Balance(HTMLParser):
    """Fails where a tag is closed that was not the last one opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def test_a_page_is_well_formed_and_carries_the_research_use_line() -> None:
    html = page("A & B", [("One", "<p>1</p>"), ("Two", table(["a", "b"], [[1, 2]]))], subtitle="x < y")
    check = Balance()
    check.feed(html)
    assert not check.open
    assert html.count(RESEARCH_USE) == 2
    assert f"{sentence()}, made" in html
    assert "A &amp; B" in html
    assert "x &lt; y" in html


def test_nothing_is_fetched_from_outside() -> None:
    html = page("t", [("One", "<p>1</p>")])
    assert "default-src 'none'" in html
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", html)
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_scripts_are_allowed_only_where_the_report_brings_one() -> None:
    assert "script-src" not in page("t", [])
    assert "script-src" in page("t", [], script="1")


def test_keyboard_reaches_every_part() -> None:
    html = page("t", [("One", table(["a"], [[1]])), ("Two", "")])
    assert 'class=skip href="#main"' in html
    for target in re.findall(r'href="#(\w+)"', html):
        assert re.search(rf'id="?{target}"?[ >]', html)
    assert "tabindex=0 role=region" in html


def test_cells_are_escaped_unless_they_are_html() -> None:
    html = table(["<h>"], [["<b>x</b>", Html("<i>y</i>")]], numeric=(1,))
    assert "&lt;b&gt;" in html
    assert "<i>y</i>" in html
    assert "&lt;h&gt;" in html


def test_the_same_time_gives_the_same_bytes() -> None:
    when = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert page("t", [("a", "b")], made=when) == page("t", [("a", "b")], made=when)
    assert "made 2026-01-02 03:04 UTC" in page("t", [], made=when)


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_page(tmp_path / "r.html", "old")

    def fail(self: Path, other: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_page(target, "new")
    assert target.read_text() == "old"


def luminance(colour: str) -> float:
    parts = [
        int(c * 2 if len(colour) == 4 else c, 16) / 255
        for c in re.findall("." if len(colour) == 4 else "..", colour[1:])
    ]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    a, b = sorted((luminance(one), luminance(other)))
    return (b + 0.05) / (a + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_colours_meet_wcag_aa_on_page_and_card(scheme: int) -> None:
    root = re.findall(r":root\{([^}]*)\}", CSS)[scheme].replace("\n", "")
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})(?![0-9a-f])", root))
    for name in ("ink", "mute", "accent", "good", "bad", "c1", "c2", "c3", "c4", "c5", "c6"):
        for ground in ("bg", "card"):
            assert contrast(colours[name], colours[ground]) >= 4.5, f"{name} on {ground}"
