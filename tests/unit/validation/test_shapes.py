"""A word of a scenario, a person or an outcome that holds another kind of thing is refused in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fetuin.cli.simulate import _scenario
from fetuin.errors import FetuinError, InputError
from fetuin.simulation.person import Person
from fetuin.validation.outcome import read_outcome
from fetuin.validation.vocabulary import person, scenario

OUTCOME = {"source": "s", "readout": {"analyte": "calcium", "expected": 1}}
INFUSION = {"of": "calcium", "amount": "10 mmol"}


@pytest.mark.parametrize(
    "word",
    [{"gfr": [["0 d", 60]]}, {"gfr": "60"}, {"gfr": {"at": "0 d"}}, {"regimen": 3}, {"infusion": ["calcium"]}, {"diet": "much"},
     {"clamp": 1}, {"targets": [2]}, {"injury": ["muscle"]}, {"disorders": 7}, {"disorders": [["xlh"]]}, {"dialysis": 4},
     {"dialysis": {"hours": 10**400}}, {"infusion": INFUSION | {"duration": "0 h"}}, {"infusion": INFUSION}],
)  # fmt: skip
def test_scenario(word: dict[str, Any]) -> None:
    with pytest.raises(FetuinError) as caught:
        scenario({"days": 5, **word}, Person(), "file.toml")
    assert next(iter(word)) in caught.value.where or caught.value.where == "file.toml"
    assert caught.value.fix


@pytest.mark.parametrize("days", [True, 10**400, [5], float("nan")])
def test_days(days: Any) -> None:
    with pytest.raises(InputError):
        scenario({"days": days}, Person(), "file.toml")


@pytest.mark.parametrize("word", ["parameters", "values", "targets", "deposits", "diet", "regimen", "injury"])
def test_person(word: str) -> None:
    for held in (5, "text", [1]):
        with pytest.raises(InputError, match="is no table") as caught:
            person({word: held}, "file.toml")
        assert caught.value.where == f"file.toml.{word}"


def test_parameters_are_numbers() -> None:
    with pytest.raises(InputError, match="is no number"):
        person({"parameters": {"healthy.calcium": "log"}}, "file.toml")


@pytest.mark.parametrize("whole", [None, 5, "text", [1]])
def test_no_table_at_all(whole: Any) -> None:
    if whole is not None:
        for read in (lambda: person(whole), lambda: scenario(whole, Person())):
            with pytest.raises(InputError, match="is no table"):
                read()
    with pytest.raises(InputError):
        scenario(whole, Person())


@pytest.mark.parametrize("word", [{"readout": 5}, {"readout": [1]}, {"arms": {"a": 1}}, {"arms": 3}, {"scenario": "x"}, {"subject": 1},
                                  {"peer": []}, {"readout": {"arm": ["all"]}}])  # fmt: skip
def test_outcome(word: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        read_outcome({**OUTCOME, **word}, "o", "o.toml")
    assert caught.value.where.startswith("o.toml")


def test_a_scenario_file_whose_scenario_is_a_number(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text("scenario = 5\n")
    with pytest.raises(InputError, match="is no table"):
        _scenario(file, Person(), None)
