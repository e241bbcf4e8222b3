"""A case for teaching: the steps are those of the command, and each answer rests on no more than was revealed."""

from __future__ import annotations

import pytest

from fetuin.diagnosis.reveal import reveal
from fetuin.examples.shipped import Example, examples
from fetuin.records import Record, read_record
from fetuin.screens.case import played


def opened(e: Example) -> Record:
    with e.path() as path:
        return read_record(path)


@pytest.mark.parametrize("e", examples(), ids=lambda e: e.name)
def test_steps_are_those_of_the_command(e: Example) -> None:
    told = played(opened(e), e.setting, e)
    steps = list(reveal(opened(e), e.setting))
    assert [s["mechanisms"] for s in told["steps"]] == [s.mechanisms for s in steps]
    assert [s["facts"] for s in told["steps"]] == [s.facts for s in steps]
    assert told["published"] == e.mechanism
    for s in told["steps"]:
        assert s["offered"] == sorted(t["label"] for t in s["ranked"])
        assert s["leading"] in told["kinds"]
        assert e.name not in str(s)  # the name of a case tells its answer


def test_what_is_asked_before_a_step_does_not_know_the_step() -> None:
    e = next(x for x in examples() if x.name == "calciphylaxis-on-haemodialysis")
    record = opened(e)
    told = played(record, e.setting, e)["steps"]
    other = played(Record(id=record.id, sex=record.sex, age=record.age), e.setting, None)["steps"]
    assert told[0]["ranked"] == other[0]["ranked"]  # before the first step nothing is known of anybody
    assert told[1]["ranked"][:3] == told[0]["next"]
    assert "Phosphate" not in str(told[1]["why"])
    assert any("phosphate" in w["label"].lower() for w in told[2]["why"])
