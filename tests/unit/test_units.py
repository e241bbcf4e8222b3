"""Units: exact factors, the traps of the laboratory, and no guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fetuin.errors import UnitError
from fetuin.knowledge.analyte import analytes
from fetuin.units import accepted, factor, from_canonical, spelled, to_canonical

A = analytes()


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "canonical"),
    [
        ("calcium", "10", "mg/dL", 2.49513448775),
        ("calcium", "5", "meq/L", 2.5),
        ("calcium_ionised", "4.8", "mg/dL", 1.19766455412),
        ("phosphate", "3.0974", "mg/dL", 1.0),
        ("magnesium", "2.4305", "mg/dL", 1.0),
        ("albumin", "2.6", "g/dL", 26.0),
        ("albumin", "26", "g/L", 26.0),
        ("pth", "10", "pmol/L", 94.3),
        ("pth", "65", "pg/mL", 65.0),
        ("calcidiol", "30", "ng/mL", 74.8801916933),
        ("calcitriol", "41.664", "pg/mL", 100.0),
        ("alp", "2", "ukat/L", 120.0),
        ("creatinine", "1.1312", "mg/dL", 100.0),
        ("urine_calcium_24h", "400.78", "mg/(24.h)", 10.0),
        ("urine_calcium_24h", "400.78", "mg/24h", 10.0),
        ("cxp", "55", "mg2/dL2", 4.43056747034),
        ("egfr", "60", "mL/min/1.73m2", 60.0),
        ("pyrophosphate", "1500", "nmol/L", 1.5),
        ("fetuin_a", "60", "mg/dL", 0.6),
        ("ph", "7.4", None, 7.4),
    ],
)
def test_known_conversions(analyte, value, unit, canonical):
    assert to_canonical(Decimal(value), unit, A[analyte]) == pytest.approx(canonical, rel=1e-11)


@pytest.mark.parametrize("unit", ["mg/dl", "MG/DL", " mg / dL ", "mg/100mL", "mg%"])
def test_spellings_of_one_unit(unit):
    assert accepted(unit, A["calcium"]) == "mg/dL"


@pytest.mark.parametrize("unit", ["µmol/L", "μmol/L", "umol/l", "mcmol/L"])
def test_the_micro_signs_are_one(unit):
    assert accepted(unit, A["creatinine"]) == "umol/L"


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("calcium", None),
        ("calcium", ""),
        ("calcium", "g"),
        ("calcidiol", "pg/mL"),
        ("calcitriol", "ng/mL"),
        ("bone_alp", "ug/L"),
        ("pth", "U/L"),
    ],
)
def test_a_unit_that_is_missing_or_foreign_is_refused_by_name(analyte, unit):
    with pytest.raises(UnitError) as e:
        to_canonical(4.8, unit, A[analyte], where="line 7")
    assert A[analyte].name in e.value.what
    assert e.value.where == "line 7"
    assert all(u in e.value.fix for u in A[analyte].factors)


def test_a_long_unit_is_not_shown():
    with pytest.raises(UnitError) as e:
        to_canonical(1.0, "Jane Doe, born 1947-08-13", A["calcium"])
    assert "Jane" not in e.value.message()


def test_not_finite_is_refused():
    with pytest.raises(UnitError):
        to_canonical(float("inf"), "mmol/L", A["calcium"])


def test_mass_needs_a_molar_mass_to_become_amount():
    with pytest.raises(UnitError, match="cannot become"):
        factor("mg/dL", "mmol/L")


PAIRS = [(k, u) for k, a in A.items() for u in a.factors]


@given(st.sampled_from(PAIRS), st.floats(1e-3, 1e6))
def test_there_and_back(pair, value):
    a = A[pair[0]]
    assert from_canonical(to_canonical(value, pair[1], a), pair[1], a) == pytest.approx(value, rel=1e-11)


@given(st.text(max_size=30))
def test_any_text_is_an_accepted_unit_or_none(text):
    for key in ("calcium", "egfr", "ph"):
        found = accepted(text, A[key])
        assert found is None or found in A[key].factors
    assert spelled(spelled(text)) == spelled(text) or not text.isascii()


@pytest.mark.parametrize(
    "code",
    ["0g", "g/0L", "0.0mol", "111111U111111111111111/min", "m" * 101, "9" * 5000 + "g", ".".join(["kmol9"] * 12)],
)
def test_a_code_that_is_no_unit_of_a_laboratory_costs_nothing_and_is_refused(code):
    with pytest.raises(UnitError):
        factor(code, "mmol/L", 40.078, 2)
    with pytest.raises(UnitError):
        factor("mmol/L", code)
