"""Studies that can be are read; designs that cannot be are refused with where, why and what to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fetuin.errors import FetuinError, InputError
from fetuin.examples.studies import shipped
from fetuin.trials.scenarios import scenarios
from fetuin.trials.study import read_study, read_table


def table(**changes: Any) -> dict[str, Any]:
    """The magnesium study with dotted words changed."""
    found = copy.deepcopy(read_table("dialysate_magnesium"))
    found.pop("grid")
    for name, value in changes.items():
        at: Any = found
        *path, last = name.split("__")
        for part in path:
            at = at[int(part)] if part.isdigit() else at.setdefault(part, {})
        at[last] = value
    return found


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_study_is_read_with_all_its_scenarios(name):
    study = read_study(name)
    assert len(scenarios(study)) >= 1
    assert study.compared != study.reference


REFUSED = [
    ("the power is below alpha", "design.power", {"design__power": 0.04}),
    ("spending is not monotone", "design.interim", {"design__interim": {"looks": [0.5, 1.0], "spent": [0.05, 0.04]}}),
    ("spending is not monotone", "design.interim", {"design__interim": {"looks": [0.5, 1.0], "boundary": "kim_demets", "parameter": -2.0}}),
    ("spending does not end", "design.interim", {"design__interim": {"looks": [0.5, 1.0], "spent": [0.01, 0.04]}}),
    ("outside the study", "visits.days", {"visits__days": [-7, 0, 21, 35]}),
    ("covariance is singular", "patients.correlation", {"patients__correlation": 1.0}),
    ("covariance is singular", "patients.correlation", {"patients__correlation": [[1, 0.9, 0.1, 0], [0.9, 1, 0.9, 0], [0.1, 0.9, 1, 0], [0, 0, 0, 1]]}),
    ("covariance is singular", "arms[1].sd", {"arms__1__sd": 0.0}),
    ("is empty", "arms[1].share", {"arms__1__share": 0}),
    ("is empty", "design.randomised", {"design__randomised": 3}),
    ("looks do not rise", "design.interim.looks", {"design__interim": {"looks": [0.7, 0.5, 1.0]}}),
    ("is not known", "endpoint.unit", {"endpoint__unit": "h"}),
    ("unknown word", "design", {"design__randomized": 40}),
    ("no therapy", "arms[1].regimen", {"arms__1__regimen": {"moonlight": 1.0}}),
    ("no number", "design.alpha", {"design__alpha": float("nan")}),
    ("no visit", "endpoint.follow_up", {"endpoint__follow_up": [14]}),
    ("needs a failure value", "endpoint.failure", {"estimand__intercurrent": {"rescue": "composite"}}),
    ("cannot be used for death", "estimand.intercurrent.death", {"estimand__intercurrent": {"death": "treatment policy"}}),
    ("differ at baseline", "arms.mean", {"endpoint__analysis": "ancova"}),
    ("futility bound needs a one-sided", "design.interim.futility", {"design__interim": {"looks": [0.5, 1.0], "futility": "hwang_shih_decani"}}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "where", "changes"), REFUSED, ids=[r[0] + " " + r[1] for r in REFUSED])
def test_what_cannot_be_is_refused_with_where_why_and_fix(what, where, changes):
    with pytest.raises(InputError) as caught:
        read_study(table(**changes))
    e = caught.value
    assert what in e.what
    assert where in e.where
    assert e.why
    assert e.fix


def test_a_scenario_that_cannot_be_is_named_before_anything_runs():
    found = table() | {"grid": {"design.power": [0.9, 0.01]}}
    with pytest.raises(FetuinError, match=r"design.power = 0.01"):
        scenarios(read_study(found))


def test_a_grid_is_every_combination():
    found = table() | {
        "grid": {"design.randomised": [40, 60], "arms.1.mean": [[247, 247, 260, 260], [247, 247, 302, 302]]}
    }
    listed = scenarios(read_study(found))
    assert [(s.study.plan.randomised, s.study.arms[1].mean[3]) for s in listed] == [
        (40, 260),
        (40, 302),
        (60, 260),
        (60, 302),
    ]
