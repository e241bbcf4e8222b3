"""The reference page of therapies is what the catalogue says."""

from pathlib import Path

from fetuin.reports.therapies import catalogue, markdown

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_written_from_the_catalogue() -> None:
    page = (ROOT / "docs/reference/therapies.md").read_text("utf-8")
    assert page == markdown(), "write it again: fetuin therapies --markdown > docs/reference/therapies.md"


def test_a_therapy_shows_its_numbers_with_sources() -> None:
    (one,) = catalogue("Calcium Carbonate")
    assert one["name"] == "calcium_carbonate"
    assert all(n["source"] and n["unit"] for n in one["numbers"])
    assert {"calcium_intake", "phosphate_bound"} <= set(one["moves"])
