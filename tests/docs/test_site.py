"""What makes the site: links are followed, pages are written from code and knowledge."""

import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(autouse=True)
def docs_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    from check_links import faults

    (tmp_path / "b.html").write_text("<h2 id=there>x</h2>")
    good = "<a href='b.html#there'></a><a href='#own' id=own></a><a href='https://doi.org/10.1000/1'></a><img src='b.html'>"
    (tmp_path / "a.html").write_text(good)
    assert list(faults(tmp_path)) == []
    (tmp_path / "a.html").write_text(
        good + "<a href='c.html'></a><a href='b.html#gone'></a><a href='https://nowhere'></a>"
    )
    (tmp_path / "a.html").rename(tmp_path / "d.html")
    found = list(faults(tmp_path))
    assert [f.rpartition(": ")[2] for f in found] == ["no such file", "no such anchor", "not a well-formed address"]


def test_equations_stand_with_their_numbers_and_sources() -> None:
    from reference_pages import equations

    page = equations()
    assert "### physiology.kidney" in page
    assert "| phosphate\\_splay | 0.45 | mmol/L | 0.1 to 0.55 | Vervloet 2011" in page
    assert "$$\n\\theta = \\frac" in page


def test_every_disorder_finding_analyte_and_source_has_its_line() -> None:
    import reference_pages as pages

    from fetuin.knowledge.analyte import analytes
    from fetuin.knowledge.disorder import disorders
    from fetuin.knowledge.finding import findings
    from fetuin.knowledge.source import references

    assert pages.disorders().count("\n## ") == len(disorders())
    assert pages.findings().count("\n| ") == len(findings()) + 2
    assert all(f"| {pages.said(key)} |" in pages.analytes() for key in analytes())
    assert pages.sources().count("\n| ") == len(references()) + 2


def test_the_front_door_is_whole() -> None:
    from reference_pages import python

    import fetuin

    assert all(f"## fetuin.{verb}" in python() for verb in fetuin._DOORS)


def test_markup_in_a_source_does_not_break_a_table() -> None:
    from reference_pages import said

    assert said("a | b_c `d_e` 1.50") == "a \\| b\\_c `d_e` 1.50"
