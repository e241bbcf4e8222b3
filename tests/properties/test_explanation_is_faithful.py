"""An explanation says what the engine did: shares add up, what is called missing would change what it is said to change."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from fetuin.diagnosis import Assessment, assess
from fetuin.diagnosis.differential import differential
from fetuin.diagnosis.evidence import Reading, readings
from fetuin.diagnosis.shares import shares
from fetuin.diagnosis.words import leading, start
from fetuin.knowledge.finding import findings
from fetuin.records import Record, read_records

Cases = list[tuple[Record, Assessment]]


@pytest.fixture(scope="module")
def cases(shared: Path) -> Cases:
    found = list(read_records(shared / "data/cases/dev.jsonl"))
    return [(r, assess(r)) for r in found[::2]]


def lead(a: Assessment) -> str:
    first = leading(a)
    assert first is not None
    return first.name


def test_prior_and_shares_add_up_to_the_answer(cases: Cases) -> None:
    for _, a in cases:
        prior = differential(()).answers()[lead(a)]
        assert start(a) == pytest.approx(prior, rel=1e-6, abs=1e-9)


def test_a_share_has_the_weight_of_a_finding_that_stands_alone(cases: Cases) -> None:
    """Where a record has one finding only, its share is its whole effect."""
    for record, a in cases[:20]:
        for r in readings(record)[:3]:
            before, after = differential(()).answers(), differential((r,)).answers()
            change = logit(after[lead(a)]) - logit(before[lead(a)])
            assert shares((r,), "general", lead(a))[1] == pytest.approx([change], abs=1e-9)


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def test_without_its_loudest_support_the_answer_is_less_sure(cases: Cases) -> None:
    """In nine of ten: where two findings say the same, either can go without loss, and their share says what both carried."""
    falls = []
    for record, a in cases:
        found = readings(record)
        loud = next((e for e in a.evidence if e.share > 0.3), None)
        if loud is None:
            continue
        rest = tuple(r for r in found if (r.finding, r.state) != (loud.finding, loud.state))
        falls.append(differential(rest).answers()[lead(a)] <= differential(found).answers()[lead(a)])
    assert len(falls) > 30
    assert sum(falls) >= 0.9 * len(falls)


def test_without_all_its_support_the_answer_falls_to_the_prior_or_below(cases: Cases) -> None:
    for record, a in cases:
        support = {(e.finding, e.state) for e in a.evidence if e.share > 0}
        rest = tuple(r for r in readings(record) if (r.finding, r.state) not in support)
        assert differential(rest).answers()[lead(a)] <= start(a) + 0.02, a.record_id


def test_what_is_missing_would_change_what_it_is_said_to_change(cases: Cases) -> None:
    """To three points of a hundred: the outlook on tests leaves out pairs of causes that hardly count."""
    checked = 0
    for record, a in cases:
        found = readings(record)
        for m in a.missing:
            assert m.finding not in {r.finding for r in found}
            for state, said in m.effect.items():
                states = findings()[m.finding].states
                if state not in states:
                    continue
                weights = tuple(float(s == state) or 1e-12 for s in states)
                after = differential((*found, Reading(m.finding, weights, state, "asked"))).answers()
                assert after[lead(a)] == pytest.approx(said, abs=0.03), (a.record_id, m.finding, state)
                checked += 1
    assert checked > 200


def test_every_finding_shown_was_read_and_every_reading_is_shown(cases: Cases) -> None:
    for record, a in cases:
        assert sorted(e.finding for e in a.evidence) == sorted(r.finding for r in readings(record))
