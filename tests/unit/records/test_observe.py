"""One printed result: the traps of the laboratory, bounds, words, missing units."""

from decimal import Decimal

import pytest

from fetuin.knowledge.analyte import analytes
from fetuin.records.observe import Printed, censor_of, flag_of, number, observe, split
from fetuin.records.record import Observation, Refusal

A = analytes()


def one(key, value, unit, **more):
    found = observe(A[key], Printed(None if value is None else Decimal(value), unit, **more))
    assert len(found) == 1
    return found[0]


def test_the_unit_of_the_result_tells():
    assert one("calcium", "2.4", "mmol/L").value == 2.4
    assert one("calcium", "9.6", "mg/dL").value == pytest.approx(2.3953, abs=1e-4)


@pytest.mark.parametrize(("value", "unit"), [("4.8", "mg/dL"), ("1.2", "mmol/L")])
def test_ionised_calcium_under_the_code_of_total_is_refused(value, unit):
    r = one("calcium", value, unit)
    assert isinstance(r, Refusal)
    assert "ionised" in r.why
    assert "ionised" in r.fix


def test_a_low_total_calcium_that_the_source_settles_is_read():
    assert isinstance(one("calcium", "5.2", "mg/dL", low=8.5, high=10.5), Observation)
    assert isinstance(one("calcium", "5.2", "mg/dL", flag="L"), Observation)
    assert isinstance(one("calcium", "1.13", "mmol/L", curated=True), Observation)


def test_the_interval_of_ionised_calcium_settles_nothing_for_total():
    assert isinstance(one("calcium", "4.8", "mg/dL", low=4.6, high=5.3), Refusal)


def test_total_calcium_under_the_code_of_ionised_is_refused():
    assert isinstance(one("calcium_ionised", "9.4", "mg/dL"), Refusal)
    assert one("calcium_ionised", "4.8", "mg/dL").value == pytest.approx(1.1977, abs=1e-4)


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [
        ("albumin", "4.1", "g/L"),
        ("albumin", "41", "g/dL"),
        ("creatinine", "88", "mg/dL"),
        ("calcidiol", "30", "pg/mL"),
        ("calcitriol", "40", "ng/mL"),
    ],
)
def test_albumin_and_others_in_the_wrong_unit_are_refused_not_mended(key, value, unit):
    r = one(key, value, unit)
    assert isinstance(r, Refusal)
    assert value in r.what
    assert r.fix


def test_a_refused_number_keeps_the_word_the_source_gave():
    found = observe(A["pth"], Printed(Decimal(38), None, flag="L"))
    assert [type(x) for x in found] == [Refusal, Observation]
    assert found[1].value is None
    assert found[1].flag == "L"


def test_bounds_are_kept_and_may_lie_outside_the_window():
    o = one("pth", "0.1", "pg/mL", censor="<")
    assert (o.value, o.censor, o.printed) == (0.1, "<", "<0.1 pg/mL")
    assert one("calcidiol", "4000", "ng/mL", censor=">").censor == ">"


def test_words_alone():
    assert one("calcium", None, None, flag="H").flag == "H"
    assert isinstance(one("calcium", None, None), Refusal)


def test_intervals_are_converted():
    o = one("calcium", "9.6", "mg/dL", low=8.5, high=Decimal("10.5"))
    assert (o.low, o.high) == (pytest.approx(2.1209, abs=1e-4), pytest.approx(2.6199, abs=1e-4))


def test_digits_are_kept_as_printed():
    assert one("albumin", "4.10", "g/dL").printed == "4.10 g/dL"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("<2.5 pg/mL", ("<", Decimal("2.5"), "pg/mL")),
        (">= 150 ng/mL", (">", Decimal(150), "ng/mL")),
        ("7.4", (None, Decimal("7.4"), "")),
        ("1e3 U/L", (None, Decimal("1e3"), "U/L")),
        ("high", None),
        ("1.2.3", (None, Decimal("1.2"), ".3")),
        ("x" * 500, None),
        ("", None),
    ],
)
def test_split(text, want):
    assert split(text) == want


@pytest.mark.parametrize("x", [True, None, [], {}, "nan", "inf", "1e999", float("nan"), "abc"])
def test_what_is_no_number(x):
    assert number(x) is None


def test_words_and_signs():
    assert [flag_of(w) for w in ("High", "suppressed", "normal", "odd", None, 3)] == ["H", "L", "N", None, None, None]
    assert [censor_of(s) for s in ("<=", "≥", "ad", None)] == ["<", ">", None, None]
