"""Derived values against worked figures, and where they are not offered."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fetuin.knowledge.source import check
from fetuin.quantities import table
from fetuin.records import derive
from fetuin.records.derived import Adjustment, CkdEpi2021, PthLimit, adjusted_calcium, egfr, on_dialysis, pth_limit
from fetuin.records.record import Condition, Observation, Procedure, Record


def obs(analyte, value, unit="", **more):
    return Observation(analyte, value, unit, **more)


BASE = Record(
    "x",
    "F",
    50.0,
    observations=(
        obs("creatinine", 88.4),
        obs("calcium", 2.2),
        obs("phosphate", 2.0),
        obs("albumin", 26.0),
        obs("calcidiol", 75.0),
    ),
)


def by_name(record):
    return {(d.analyte, d.unit): d for d in derive(record)}


@pytest.mark.parametrize(
    (
        "mg_dl",
        "age",
        "sex",
        "want",
    ),  # the equation worked by hand: 142 min(S/k,1)^a max(S/k,1)^-1.2 0.9938^age (1.012 F)
    [(1.0, 50, "F", 68.6), (1.0, 50, "M", 91.7), (0.5, 30, "F", 129.3), (4.0, 70, "M", 15.3)],
)
def test_ckd_epi_2021(mg_dl, age, sex, want):
    assert egfr(mg_dl / 0.011312, age, sex) == pytest.approx(want, abs=0.1)


def test_adjusted_calcium_is_payne_in_si():
    assert adjusted_calcium(2.2, 26.0) * 4.0078 == pytest.approx(2.2 * 4.0078 + 0.8 * (4.0 - 2.6))


def test_pth_limit_is_the_published_rule():
    assert pth_limit(10 / 4.0078, 30 / 0.40064, 60) == pytest.approx(119.73 - 60.7 - 15.6 + 15.6)


def test_product_in_both_units():
    d = by_name(BASE)
    assert d["cxp", "mmol2/L2"].value == pytest.approx(4.4)
    assert d["cxp", "mg2/dL2"].value == pytest.approx(4.4 * 4.0078 * 3.0974)


def test_every_derived_value_names_its_rule_source_and_inputs():
    for d in derive(BASE):
        assert d.rule
        assert d.used
        check(d.source)


def test_numbers_have_sources():
    for parameters in (CkdEpi2021, Adjustment, PthLimit):
        for q in table(parameters):
            check(q.source)


def test_ionised_is_preferred():
    with_ionised = replace(BASE, observations=(*BASE.observations, obs("calcium_ionised", 1.2)))
    assert "preferred" in by_name(with_ionised)["calcium_adjusted", "mmol/L"].note


@pytest.mark.parametrize(
    "fact",
    [{"procedures": (Procedure("haemodialysis 3 y"),)}, {"conditions": (Condition("kidney", ("icd", "Z99.2")),)}],
)
def test_nothing_is_adjusted_in_ckd_5d(fact):
    record = replace(BASE, **fact)
    d = by_name(record)
    assert on_dialysis(record)
    assert d["calcium_adjusted", "mmol/L"].value is None
    assert d["pth_limit", "ng/L"].value is None
    assert "5D" in d["calcium_adjusted", "mmol/L"].note


@pytest.mark.parametrize("fact", [Condition("no dialysis"), Condition("dialysis", presence="absent")])
def test_denied_dialysis_is_not_dialysis(fact):
    assert not on_dialysis(replace(BASE, conditions=(fact,)))


def test_egfr_says_why_not():
    assert by_name(replace(BASE, sex=None))["egfr", "mL/min/{1.73_m2}"].note == "sex is not known"
    assert "adults" in by_name(replace(BASE, age=9.0))["egfr", "mL/min/{1.73_m2}"].note
    assert by_name(replace(BASE, age=None))["egfr", "mL/min/{1.73_m2}"].value is None


def test_results_of_different_weeks_are_not_multiplied():
    old, new = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)
    record = replace(BASE, observations=(obs("calcium", 2.2, time=old), obs("phosphate", 2.0, time=new)))
    assert all(d.value is None for d in derive(record))


def test_bounds_enter_no_rule():
    assert derive(replace(BASE, observations=(obs("creatinine", 20.0, censor="<"),))) == ()
