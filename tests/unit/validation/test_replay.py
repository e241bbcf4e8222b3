"""The vocabulary reads what a paper says, refuses what it does not know, and the shipped outcomes stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fetuin.cli.main import main
from fetuin.errors import FetuinError, InputError, UnitError
from fetuin.validation import amounts
from fetuin.validation.outcome import from_paths, read_outcome, shipped
from fetuin.validation.replay import replay
from fetuin.validation.vocabulary import person, scenario


def _ask(bad: dict) -> None:
    who = person(bad, "here")
    who.solved()
    scenario({"days": 1, "diet": bad.get("diet", {})}, who, "here")


BASE = {"source": "a paper", "scenario": {"days": 5}, "readout": [{"analyte": "calcium", "low": 2.0, "high": 3.0}]}
KNOWN_MISSES = {
    "o08_ergocalciferol",
    "o17_calcium_carbonate_balance",
    "p08_phosphate_rebound",
    "p10_intravenous_calcitriol",
}


@pytest.mark.parametrize(
    ("text", "mineral", "found"),
    [("24 mmol/d", "calcium", (False, 24.0)), ("+2 g/d", "phosphate", (True, 64.57)), ("1500 mg/d", "calcium", (False, 37.43)),
     ("1 mmol/h", "magnesium", (False, 24.0))],
)  # fmt: skip
def test_intakes(text: str, mineral: str, found: tuple) -> None:
    added, amount = amounts.intake(text, mineral, "test")
    assert (added, amount) == (found[0], pytest.approx(found[1], rel=1e-3))


def test_a_missing_unit_is_refused() -> None:
    for ask in (
        lambda: amounts.intake("24", "calcium", "t"),
        lambda: amounts.days("5", "t"),
        lambda: amounts.flow("36", "t"),
        lambda: amounts.days("5 fortnights", "t"),
    ):
        with pytest.raises(UnitError):
            ask()


@pytest.mark.parametrize(
    "bad",
    [{"gfr": "-5 mL/min"}, {"dialysis": {"sessions": 8}}, {"diet": {"phosphate": "900 mmol/d"}}, {"disorders": "gout"},
     {"colour": "red"}, {"regimen": {"haemodialysis": "1 mg"}}, {"parameters": {"kidney.x": 1.0}}],
)  # fmt: skip
def test_impossible_persons_are_refused_with_the_place(bad: dict) -> None:
    with pytest.raises(FetuinError) as found:
        _ask(bad)
    assert found.value.what


@pytest.mark.parametrize(
    "bad",
    [
        {"source": ""},
        {"readout": []},
        {"evidence": "Z"},
        {"wrong": 1},
        {"readout": [{"analyte": "calcium", "arm": "no", "low": 1}]},
    ],
)
def test_impossible_outcomes_are_refused(bad: dict) -> None:
    with pytest.raises(InputError):
        read_outcome({**BASE, **bad}, "x", "x.toml")


def test_what_cannot_run_is_reported_not_raised() -> None:
    o = read_outcome({**BASE, "scenario": {"days": 5, "regimen": {"moonlight": "1 g/d"}}}, "x", "x.toml")
    found = replay(o)
    assert not found.passed
    assert "moonlight" in found.to_dict()["reason"]


def test_arms_baseline_windows_and_ratios() -> None:
    o = read_outcome(
        {
            "source": "arithmetic",
            "scenario": {"days": "10 d"},
            "arms": {"usual": {}, "more": {"diet": {"phosphate": "+20 mmol/d"}}},
            "readout": [
                {"analyte": "phosphate", "arm": "usual", "as": "ratio", "expected": 1.0, "tolerance": 0.001},
                {"analyte": "phosphate", "arm": "more", "as": "percent", "against": "arm: usual", "direction": "rises"},
                {"analyte": "urine_phosphate", "arm": "more", "window": ["5 d", "10 d"], "statistic": "mean", "unit": "mg/d", "low": 800, "high": 1400},
                {"analyte": "phosphate_balance", "arm": "usual", "window": ["0 d", "10 d"], "expected": 0, "tolerance": 0.01},
                {"analyte": "pth", "arm": "more", "statistic": "time_of_max", "window": ["0 d", "10 d"], "unit": "h", "low": 1, "high": 240},
            ],
        },
        "x", "x.toml",
    )  # fmt: skip
    found = replay(o)
    assert found.passed, found.to_dict()


def test_shipped_outcomes() -> None:
    """All that can run pass, but for the named misses; a new miss fails here."""
    done = [replay(o) for o in shipped() if not o.not_yet]
    assert {r.outcome.name for r in done if not r.passed} <= KNOWN_MISSES, [r.to_dict()["reason"] for r in done]


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.toml").write_text(
        'source = "a paper"\n[scenario]\ndays = "1 a"\n[[readout]]\nanalyte = "calcium"\nexpected = 2.4\ntolerance = 0.1\n'
    )
    assert main(["validate", str(tmp_path), "--json", "--out", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)["outcomes"][0]
    assert {"name", "expected", "tolerance", "simulated", "pass", "source"} <= set(found)
    assert found["pass"] is True
    assert "Research use only" in (tmp_path / "validation.html").read_text()
    assert from_paths([tmp_path / "mine.toml"])[0].name == "mine"
    (tmp_path / "p.toml").write_text('gfr = "-5 mL/min"\n')
    assert main(["simulate", "--person", str(tmp_path / "p.toml"), "--json"]) == 3
    capsys.readouterr()
    assert main(["simulate", "--days", "30", "--json", "--out", str(tmp_path / "o")]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["final"]["calcium"] == pytest.approx(2.4, abs=0.01)
    assert {p.name for p in (tmp_path / "o").iterdir()} == {
        "trajectory.nc",
        "trajectory.csv",
        "trajectory.html",
        "trajectory.png",
    }


@pytest.mark.parametrize(
    ("readout", "expected"),
    [({"identity": "distensibility", "with": {"pwv": "10 m/s"}}, 1.2578e-3),
     ({"identity": "distensibility", "with": {"pwv": "1000 cm/s"}}, 1.2578e-3),
     ({"identity": "pwv_hazard", "with": {"per": 1.39, "change": "3 m/s"}}, 2.69),
     ({"identity": "cap_stress", "with": {"background": "0.3 MPa", "diameter": "10 um"}}, 600.0),
     ({"identity": "distensibility", "with": {"pwv": "6 m/s"}, "against": {"pwv": "12 m/s"}, "as": "ratio"}, 4.0),
     ({"identity": "pulse_pressure", "with": {"pwv": "12 m/s"}, "against": {"pwv": "7 m/s"}, "as": "slope"}, 5.3),
     ({"identity": "t50", "with": {}}, 322.0)],
)  # fmt: skip
def test_identities(readout: dict, expected: float) -> None:
    from fetuin.validation.identities import reading

    assert reading(readout, "here")[0] == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(
    ("readout", "says"),
    [({"identity": "distensibility", "with": {"pwv": "10"}}, "not in m/s"), ({"identity": "speed"}, "no identity"),
     ({"identity": "pwv_hazard", "with": {"per": 1.2}}, "needs change"),
     ({"identity": "distensibility", "with": {"pwv": "10 m/s", "age": 3}}, "no argument"),
     ({"identity": "t50", "as": "ratio"}, "against")],
)  # fmt: skip
def test_identities_refuse_what_they_do_not_know(readout: dict, says: str) -> None:
    from fetuin.validation.identities import reading

    with pytest.raises(FetuinError, match=says):
        reading(readout, "here")


def test_deposits_injuries_and_arteries_of_a_person() -> None:
    who = person(
        {
            "deposits": {"coronary": "437 AU", "leg_arteries": "1 g"},
            "injury": {"muscle": 3},
            "age": 64,
            "blood_pressure": "grade_1",
        },
        "here",
    )
    assert who.deposits["coronary"] == pytest.approx(1.0, rel=0.01)
    assert who.deposits["aorta"] == pytest.approx(9.954, rel=0.001)
    assert who.targets.injury_injured_tissue == 3.0
    assert who.parameters["artery.age"] == 64.0
    assert who.parameters["artery.pressure_class"] == 3.0
    for bad in (
        {"deposits": {"coronary": "437"}},
        {"deposits": {"liver": "1 g"}},
        {"injury": {"muscle": -1}},
        {"blood_pressure": "high"},
    ):
        with pytest.raises(FetuinError):
            person(bad, "here")


def _one(**readout: object) -> object:
    """One readout of a healthy person on a phosphate-rich diet for ten days."""
    d = {"source": "arithmetic", "scenario": {"days": 10, "diet": {"phosphate": "+20 mmol/d"}}, "readout": [readout]}
    return replay(read_outcome(d, "x", "x.toml"))


@pytest.mark.parametrize(
    "readout",
    [
        {"analyte": "Phosphorus", "as": "percent change", "direction": "increases"},
        {"analyte": "iCa", "expected": "1.2 mmol/L", "tolerance": "10 %"},
        {"analyte": "total calcium", "expected": "9.4 mg/dL", "tolerance": "6 %"},
        {"analyte": "PTH", "statistic": "peak", "window": ["0 d", "end"], "low": "40 pg/mL", "high": "80 pg/mL"},
        {"analyte": "CTX", "low": 0.1, "high": 1.0},
        {"analyte": "BSAP", "low": 7, "high": 20},
        {"analyte": "TmP/GFR", "low": 0.6, "high": 1.35, "unit": "mmol/L"},
        {"analyte": "calcium_clearance_ratio", "low": 0.002, "high": 0.03},
        {"analyte": "phosphate", "across": "p25", "low": 1.0},
        {"analyte": "pth", "as": "percent", "across": "fraction_above", "level": 5, "expected": 1, "tolerance": 0},
        {"analyte": "phosphate", "as": "change", "against": "at 5 d", "expected": 0, "tolerance": 0.1},
    ],
)
def test_a_paper_s_own_words_are_understood(readout: dict) -> None:
    found = _one(**readout)
    assert found.passed, found.to_dict()


@pytest.mark.parametrize(
    ("readout", "says"),
    [
        ({"analyte": "moonlight", "low": 1}, "cannot be read out"),
        ({"analyte": "calcium", "statistic": "vibe", "low": 1}, "one of value"),
        ({"analyte": "calcium", "direction": "rises"}, "a direction is of a change"),
        ({"analyte": "calcium", "expected": "2.4 mmol/L", "tolerance": "1 mg/dL"}, "the tolerance is in"),
        ({"analyte": "pth", "statistic": "first_crossing", "level": 900, "low": 0}, "never reached"),
        ({"analyte": "pth", "across": "fraction_below", "low": 0}, "needs a level"),
        ({"analyte": "pth", "at": "20 d", "low": 0}, "outside the scenario"),
    ],
)
def test_what_cannot_be_read_is_a_miss_with_its_reason(readout: dict, says: str) -> None:
    found = _one(**readout)
    assert not found.passed
    assert says in found.to_dict()["reason"]


def test_what_acts_at_once_does_not_move_its_own_baseline() -> None:
    """A kidney that keeps calcium from day 0 on: urine calcium falls against the day before, not against itself."""
    d = {
        "source": "arithmetic",
        "scenario": {"days": 1, "targets": {"calcium_reabsorption": 1.1}},
        "readout": [{"analyte": "urine_calcium", "at": "1 h", "as": "percent", "high": -20}],
    }
    assert replay(read_outcome(d, "x", "x.toml")).passed
