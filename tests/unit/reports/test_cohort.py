"""The page of a cohort: no word is cut, a cause has its name."""

import re

from fetuin.reports.cohort import LETTERS, bars, cohort_page

LONG = "Parathyroid hormone, read against calcium, vitamin D, age and kidney function: high for the calcium"
BODY = {
    "verb": "assess", "rows": 4, "unit": "person", "quantiles": {}, "failed_chunks": [],
    "counts": {"cause": {"acdc": 1}, "reason_1": {LONG: 3}, "reason_2": {LONG: 1, "": 2}},
}  # fmt: skip


def words(html: str) -> list[str]:
    return re.findall(r"<text[^>]*text-anchor=end>([^<]*)</text>", html)


def test_a_long_label_is_whole_on_lines_that_fit() -> None:
    lines = words(bars("t", {LONG: 3, "short": 1}, 4))
    assert " ".join(lines) == f"{LONG} short"
    assert max(map(len, lines)) <= LETTERS


def test_reasons_add_up_and_causes_are_named() -> None:
    html = cohort_page(BODY, "run")
    assert "4 (100.0%)" in html
    assert "CD73 deficiency" in " ".join(words(html))
