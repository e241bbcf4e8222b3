"""The Model screen without a browser: accuracy of the quick curves, neutral sliders, balance of the flows."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.errors import InputError
from fetuin.screens import model
from fetuin.simulation import Person, simulate
from fetuin.therapies.dialysis_prescription import Prescription

DIALYSIS = {"gfr": 8.0, "dialysis": True}


def test_quick_curves_lie_within_what_the_screen_says() -> None:
    found = model.run({"person": DIALYSIS, "arms": [{}], "days": 84})
    exact = simulate(Person(gfr=8, dialysis=Prescription()), days=84.0, times=found["times"], rtol=1e-6)
    for n in ("calcium", "phosphate", "pth", "fgf23", "t50"):
        assert np.max(np.abs(found["arms"][0]["curves"][n] / exact[n] - 1)) < 5e-4, n


def test_a_slider_at_its_neutral_place_changes_nothing() -> None:
    neutral = {c["key"]: c["neutral"] for c in model.choices()["controls"] if c["group"] != "person"}
    found = model.run({"person": DIALYSIS, "arms": [neutral], "days": 28})
    for n, curve in found["ghost"]["curves"].items():
        assert np.array_equal(curve, found["arms"][0]["curves"][n]), n


def test_what_flows_adds_up() -> None:
    flows = model.run({"person": {"gfr": 90.0}, "arms": [{}], "days": 180})["arms"][0]["flows"]
    calcium = flows["calcium"]
    assert calcium["absorbed"] == pytest.approx(calcium["urine"] + calcium["bone"], abs=0.05)
    assert flows["phosphate"]["absorbed"] == pytest.approx(flows["phosphate"]["urine"], abs=0.5)


def test_deposits_are_the_calcium_of_both_phases() -> None:
    found = model.run({"person": DIALYSIS, "arms": [{}], "days": 28})
    assert {n for n, _ in model.choices()["deposits"]} <= set(found["arms"][0]["final"])
    assert found["arms"][0]["final"]["deposit_coronary_media"] > 0


def test_the_band_holds_the_middle_of_similar_persons() -> None:
    body = model.spread({"person": {"gfr": 60.0}, "arms": [{}], "days": 28})
    assert body["n"] == 16
    for band in body["arms"][0].values():
        assert np.all(np.asarray(band["low"]) <= np.asarray(band["high"]))


@pytest.mark.parametrize("arm", [{"diet_phosphate": 500.0}, {"nonsense": 1.0}, {"sevelamer": -1.0}])
def test_an_impossible_slider_is_refused(arm: dict[str, float]) -> None:
    with pytest.raises(InputError):
        model.run({"person": {"gfr": 30.0}, "arms": [arm]})
