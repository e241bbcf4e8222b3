"""`fetuin case`: a case grows step by step; the last step is the whole assessment."""

import json

import pytest

from fetuin.cli.main import main
from fetuin.diagnosis import assess
from fetuin.examples import examples
from fetuin.records import read_record


def played(capsys, *words):
    assert main(["case", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.name)
def test_the_last_step_is_the_assessment(capsys, example):
    body = played(capsys, "play", example.name)
    assert [s["title"] for s in body["steps"]][1:3] == ["The tissue", "The blood"]
    with example.path() as path:
        whole = {p.name: p.value for p in assess(read_record(path), setting=example.setting).mechanisms}
    for s in body["steps"]:
        assert sum(s["mechanisms"].values()) == pytest.approx(1)
    last = body["steps"][-1]["mechanisms"]
    total = sum(whole[m] for m in last)
    assert last == pytest.approx({m: whole[m] / total for m in last}, abs=1e-6)


def test_nothing_is_told_before_its_step(capsys):
    first = played(capsys, "play", "leaked-calcium-infusion")["steps"][0]
    assert not any("calcium gluconate" in f for f in first["facts"])
    assert len({m for m in first["mechanisms"] if first["mechanisms"][m] > 0.02}) > 1  # still open


def test_for_people(capsys):
    assert main(["case", "play", "muscle-after-a-strain", "--all"]) == 0
    out = capsys.readouterr().out
    assert out.index("Who, and where") < out.index("The blood") < out.index("Published as dystrophic")
    assert main(["case", "list"]) == 0
    assert "muscle-after-a-strain" in capsys.readouterr().out


def test_an_unknown_case_names_the_known(capsys):
    assert main(["case", "play", "none"]) == 2
    assert "muscle-after-a-strain" in capsys.readouterr().err
