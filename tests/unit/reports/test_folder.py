"""A folder of reports: safe names, nothing overwritten, an index that leads everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.diagnosis.assessment import Assessment
from fetuin.reports.folder import Item, slug, unique, write_folder


@given(st.text())
def test_a_name_is_a_safe_file_name_whatever_the_record_is_called(words: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", slug(words))


def test_names_do_not_collide() -> None:
    taken: set[str] = set()
    assert [unique("A b", taken), unique("a-b", taken), unique("../a b", taken)] == ["a-b", "a-b-2", "a-b-3"]


def test_several_get_an_index_that_leads_to_each(assessment: Assessment, tmp_path: Path) -> None:
    items = [Item(assessment, "one", "here"), Item(assessment, "one", "<there>", "A title")]
    first, written = write_folder(items, tmp_path / "new" / "out", title="t", words="w")
    html = first.read_text("utf-8")
    assert first.name == "index.html"
    assert [w.page.name for w in written] == ["one.html", "one-2.html"]
    for target in re.findall(r'<td><a href="([^"]+)"', html):
        assert (first.parent / target).exists()
    assert "&lt;there&gt;" in html
    assert "A title" in html


def test_one_is_opened_directly_with_json_and_fhir_beside_it(assessment: Assessment, tmp_path: Path) -> None:
    first, _ = write_folder([Item(assessment, "index", "here")], tmp_path, title="t", words="w")
    assert first.name == "index-2.html"
    told = json.loads((tmp_path / "index-2.json").read_text("utf-8"))
    assert told["schema"] == "fetuin.assessment/1"
    assert json.loads((tmp_path / "index-2.fhir.json").read_text("utf-8"))["resourceType"] == "Bundle"


def test_nothing_is_left_half_written(assessment: Assessment, tmp_path: Path) -> None:
    write_folder([Item(assessment, "one", "")], tmp_path, title="t", words="w")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("name", ["", "///", ".."])
def test_odd_names(name: str) -> None:
    assert slug(name)
