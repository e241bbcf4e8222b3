"""The report says everything the explanation contract asks for, and nothing that a hostile record slips in."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from fetuin.diagnosis.assessment import Assessment
from fetuin.notice import RESEARCH_USE, USE_LIMITATION
from fetuin.reports.assessment import report, summary_row

from .test_page import Balance


def test_every_part_of_the_explanation_contract_is_on_the_page(assessment: Assessment) -> None:
    html = report(assessment, source="a published case")
    for e in assessment.evidence:
        assert e.label in html
        assert e.datum in html
    assert all(c in html for c in assessment.citations.values())
    assert all(m.label in html for m in assessment.missing)
    assert all(t.reason in html for t in assessment.next_tests)
    assert assessment.flip in html
    assert assessment.limits[0] in html
    assert assessment.flags[0]["text"] in html
    assert "elicited" in html
    assert "the unit is missing" in html
    assert "a published case" in html
    assert RESEARCH_USE in html
    assert USE_LIMITATION in html


def test_the_page_is_well_formed_and_safe(assessment: Assessment) -> None:
    html = report(assessment)
    assert "<script" not in html
    check = Balance()
    check.feed(html)
    assert not check.open
    assert not re.search(r"https?://", html)


def test_for_and_against_are_said_in_words_not_only_in_colour(assessment: Assessment) -> None:
    html = report(assessment)
    assert "for: odds × 8.2" in html
    assert "against: odds ÷ 1.5" in html


def test_the_waterfall_runs_from_the_prior_to_the_answer(assessment: Assessment) -> None:
    """Prior log odds plus the shares are the final log odds: 93 % and 5.4 in all leave 5.7 % before any finding."""
    html = report(assessment)
    fall = html[html.index("Before any finding") : html.index("How the probability of metastatic came about")]
    assert "6 %" in fall
    assert "93 %" in fall
    ends = [(float(x), float(x) + float(w)) for x, w in re.findall(r'<rect x="([\d.]+)" y="4" width="([\d.]+)"', fall)]
    forwards = ends[:4]
    assert all(a[1] == pytest.approx(b[0], abs=0.05) for a, b in itertools.pairwise(forwards))
    assert ends[4][1] == pytest.approx(ends[3][1], abs=0.05)


def test_abstaining_is_a_first_class_answer(assessment: Assessment) -> None:
    shy = replace(assessment, abstained=True, answer="insufficient data", reason="The top mechanism is below 60 %.")
    html = report(shy)
    assert "No firm answer" in html
    assert "The top mechanism is below 60 %." in html
    assert summary_row(shy)[1:3] == ("insufficient data", "The top mechanism is below 60 %.")


def test_an_assessment_of_nothing_still_makes_a_page(assessment: Assessment) -> None:
    empty = replace(
        assessment,
        evidence=(),
        missing=(),
        next_tests=(),
        flags=(),
        derived=(),
        causes=(),
        tissue=(),
        record=None,
        flip="",
    )
    html = report(empty)
    assert "Nothing was reported. Nothing was assumed." in html
    assert "only the prior of the setting does" in html
