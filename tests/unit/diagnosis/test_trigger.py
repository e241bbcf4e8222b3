"""The short cut never changes what is found: a pattern that matches is never skipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.diagnosis.recognition import _patterns, hits
from fetuin.diagnosis.trigger import Trigger, hint
from fetuin.knowledge.finding import findings
from fetuin.records import read_records


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"\bskin\b", "skin"), (r"\bperi-?articular\b", "articular"), (r"\bsub-?cut(?:is|aneous)\b", "sub"),
     (r"\b(?:low|high) PTH\b", "pth"), (r"a|bcd", ""), (r"\bwarts?\b", "wart"), (r"colou?r", "colo"), (r"[abc]{3}", ""),
     (r"abc{0,2}", ""), (r"abcd+", "abcd")],
)  # fmt: skip
def test_a_hint_is_a_run_that_every_match_holds(pattern: str, expected: str) -> None:
    assert hint(pattern) == expected


def test_nothing_that_matches_is_skipped(shared: Path) -> None:
    files = ("dev.jsonl", "phenopackets.jsonl")
    phrases = {t for f in files for r in read_records(shared / "data/cases" / f) for t, _, _ in r.texts()}
    labels = {f.label for f in findings().values()}
    assert len(phrases) > 300
    for phrase in phrases | labels:
        for _, _, trigger in _patterns():
            if trigger.pattern.search(phrase):
                assert trigger.may_match(phrase.casefold()), (trigger.source, phrase)


@given(st.data())
def test_every_word_that_a_pattern_can_make_is_tried(data: st.DataObject) -> None:
    _, _, trigger = data.draw(st.sampled_from(_patterns()))
    word = data.draw(st.from_regex(re.compile(trigger.source, re.I)))
    assert trigger.may_match(word.casefold())


def test_most_patterns_have_a_hint() -> None:
    with_hint = sum(bool(t.hints) for _, _, t in _patterns())
    assert with_hint > 0.6 * len(_patterns())
    assert Trigger((r"\bskin\b", r"x|y")).hints == ()


def test_an_iliac_crest_is_not_crest_syndrome() -> None:
    found = {f for f, _, _ in hits("buttock, thigh and iliac-crest skin")}
    assert "systemic_sclerosis" not in found
    assert {f for f, _, _ in hits("CREST")} == {"systemic_sclerosis"}
