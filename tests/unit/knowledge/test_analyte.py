"""Analytes: found by code and by name, intervals by age and sex."""

import pytest

from fetuin.knowledge.analyte import analytes, by_loinc, by_name, check_digit, plain
from fetuin.knowledge.valueset import column, rows


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Calcium, total", "calcium"),
        ("calcium_ionized", "calcium_ionised"),
        ("25-OH-D", "calcidiol"),
        ("vitd125", "calcitriol"),
        ("iPTH", "pth"),
        ("BUN", "urea_nitrogen"),
    ],
)
def test_by_name(name, key):
    assert by_name()[plain(name)].key == key


def test_25_and_1_25_have_no_code_in_common():
    a = analytes()
    assert not {c.code for c in a["calcidiol"].loinc} & {c.code for c in a["calcitriol"].loinc}
    assert not set(a["calcidiol"].factors) & set(a["calcitriol"].factors)


def test_by_loinc():
    assert by_loinc()["49765-1"].key == "calcium"
    assert check_digit("17861-6")


def test_intervals_follow_age_and_sex():
    p = analytes()["phosphate"]
    assert p.interval(0.5).high > p.interval(8).high > p.interval(40).high
    hb = analytes()["haemoglobin"]
    assert hb.interval(40, "F").low < hb.interval(40, "M").low
    assert hb.interval(40, None) is None
    assert p.interval(None) == p.interval(40)


def test_value_sets_have_a_source_in_the_first_column():
    from fetuin.knowledge.source import check

    for name in ("medicines", "icd10cm", "hpo_chemistry", "rxnorm", "genes"):
        assert next(iter(rows(name)[0])) == "source"
        for r in rows(name):
            check(r["source"], name)
    assert column("icd10cm", "code", "label")["E83.52"] == "Hypercalcemia"
    assert all(r["analyte"] in analytes() for r in rows("hpo_chemistry"))
