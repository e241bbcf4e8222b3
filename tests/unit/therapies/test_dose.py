"""Doses as they are written."""

import math

import pytest

from fetuin.errors import InputError, UnitError
from fetuin.simulation.regimen import therapy
from fetuin.therapies.dose import Dose, dose_of

READ = [
    ("sevelamer", "4.8 g/d", 4.8, 1.0),
    ("sevelamer", "800 mg three times a day", 0.8, 1 / 3),
    ("sevelamer", "6 tablets/d", 4.8, 1.0),
    ("cinacalcet", "30 mg/d", 30.0, 1.0),
    ("etelcalcetide", "5 mg three times a week", 5.0, 7 / 3),
    ("etelcalcetide", "5 mg/session", 5.0, 7 / 3),
    ("etelcalcetide", "5 mg", 5.0, 7 / 3),
    ("etelcalcetide", "5000 ug once", 5.0, math.inf),
    ("paricalcitol", "2 ug every 2 d", 2.0, 2.0),
    ("calcitriol", "0.25 ug daily", 0.25, 1.0),
    ("calcitriol", "2 ug iv 3x/wk", 2.0, 7 / 3),
    ("ergocalciferol", "50000 IU weekly", 50000.0, 7.0),
    ("ergocalciferol", "50 kIU/wk", 50000.0, 7.0),
    ("cholecalciferol", "25 ug/d", 1000.0, 1.0),
    ("parathyroidectomy", "0.9", 0.9, 1.0),
]


@pytest.mark.parametrize(("name", "text", "amount", "every"), READ)
def test_read(name: str, text: str, amount: float, every: float) -> None:
    dose = dose_of(therapy(name), text)
    assert dose.amount == pytest.approx(amount)
    assert dose.every == pytest.approx(every)


def test_calcium_of_the_salt_is_counted_as_the_salt() -> None:
    assert dose_of(therapy("calcium_carbonate"), "1.5 g/d Ca").rate == pytest.approx(3.746, rel=1e-3)
    assert dose_of(therapy("calcium_carbonate"), "1500 mg/d elemental").rate == pytest.approx(3.746, rel=1e-3)


def test_a_cycle_has_days_on_and_a_length() -> None:
    dose = dose_of(therapy("cinacalcet"), "30 mg/d for 2 wk every 12 wk")
    assert dose.cycle == (14.0, 84.0)
    acts = therapy("cinacalcet").given(dose, horizon=100.0)
    assert {round(a.start) for a in acts} >= {0, 14, 84}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("sevelamer", "4.8", "has no unit"),
        ("sevelamer", "4.8 g", "says no time"),
        ("sevelamer", "4.8 IU/d", "unit 'IU'"),
        ("sevelamer", "4.8 mmol/d", "unit 'mmol'"),
        ("sevelamer", "4.8 g/fortnight", "time 'fortnight'"),
        ("sevelamer", "4.8 g now and then", "how often"),
        ("sevelamer", "some", "no dose"),
        ("sevelamer", "-2 g/d", "no dose"),
        ("sevelamer", "2 g/d iv", "not given 'iv'"),
        ("sevelamer", "2 g once", "not once"),
        ("lanthanum", "1 g/d Ca", "counts 'Ca'"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_reason(name: str, text: str, said: str) -> None:
    with pytest.raises((InputError, UnitError)) as caught:
        dose_of(therapy(name), text, "here")
    assert said in str(caught.value)


def test_a_number_is_a_dose_in_the_therapys_unit() -> None:
    assert dose_of(therapy("sevelamer"), 4.8) == Dose(4.8, 1.0)
    assert dose_of(therapy("etelcalcetide"), 5.0) == Dose(5.0, 7 / 3)
