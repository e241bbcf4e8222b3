"""Every file in knowledge/analytes: code, unit and source exist; intervals do not overlap; factors are those of UCUM."""

import itertools
import json

import pytest

from fetuin.knowledge.analyte import analytes, by_loinc, check_digit
from fetuin.knowledge.source import check
from fetuin.units import accepted, to_canonical

ALL = analytes()


@pytest.mark.parametrize("key", ALL)
def test_the_file_holds_together(key):
    a = ALL[key]
    assert a.factors[a.canonical] == 1.0
    assert all(f > 0 for f in a.factors.values())
    assert a.plausible[0] < a.plausible[1]
    check(a.plausible_source, key)
    for i in a.intervals:
        check(i.source, key)
        assert i.low is not None or i.high is not None
        assert i.low is None or i.high is None or i.low < i.high
        assert all(a.plausible[0] <= x <= a.plausible[1] for x in (i.low, i.high) if x is not None)
    if a.molar_mass:
        check(a.molar_mass_source, key)


@pytest.mark.parametrize("key", ALL)
def test_every_loinc_code_has_its_check_digit(key):
    assert all(check_digit(c.code) for c in ALL[key].loinc)
    assert all(c.status in ("verified", "digit") for c in ALL[key].loinc)


def test_no_code_stands_in_two_files():
    codes = [c.code for a in ALL.values() for c in a.loinc]
    assert len(codes) == len(set(codes)) == len(by_loinc())


@pytest.mark.parametrize("key", ALL)
def test_intervals_of_one_sex_do_not_overlap(key):
    for i, j in itertools.combinations(ALL[key].intervals, 2):
        if i.sex == j.sex or "any" in (i.sex, j.sex):
            assert i.age_to <= j.age_from or j.age_to <= i.age_from


@pytest.mark.parametrize("wrong", ["2731-4", "14866-0", "6874-8", "17861-7", "abc", "1-", "12-34"])
def test_codes_recalled_wrongly_fail_the_check_digit(wrong):
    assert not check_digit(wrong)


@pytest.fixture(scope="module")
def registry():
    pytest.importorskip("pint")
    return pytest.importorskip("ucumvert").PintUcumRegistry()


# a ratio of masses of two analytes is dimensionless to a reader of units: its factor needs both molar masses
@pytest.mark.parametrize("key", [k for k in ALL if k != "urine_calcium_creatinine"])
def test_factors_agree_with_an_independent_reader_of_ucum(key, registry):
    pint = pytest.importorskip("pint")
    a = ALL[key]
    for unit, ours in a.factors.items():
        if any(s in unit + a.canonical for s in ("[", "{", "eq", "%", "U", "kat")):
            continue  # units that are arbitrary in UCUM, or that pint spells in another way
        try:
            theirs = registry.from_ucum(unit).to(registry.from_ucum(a.canonical).units).magnitude
        except pint.DimensionalityError:
            continue  # mass to amount: checked against the sourced factors below
        assert ours == pytest.approx(float(theirs), rel=1e-9)


KEYS = {
    "calcium_total": "calcium",
    "calcium_corrected": "calcium_adjusted",
    "calcium_ionized": "calcium_ionised",
    "vitd25": "calcidiol",
    "vitd125": "calcitriol",
}


def test_every_analyte_code_and_factor_of_the_sourced_table_is_here(shared):
    table = json.loads((shared / "data/cases/codes.json").read_text())["labs"]
    for row in table:
        a = ALL[KEYS.get(row["key"], row["key"])]
        assert row["loinc"] is None or by_loinc()[row["loinc"]] is a
        primary = accepted(row["ucum"], a)
        assert primary, row
        for alt in row.get("alt", ()):
            if "loinc" in alt and "NOT this" not in alt.get("note", "") and alt["loinc"] != "17838-4":
                assert by_loinc()[alt["loinc"]] is a, alt
            if (
                "to_primary" in alt
                and "ucum" in alt
                and not (a.key == "calcium_ionised" and alt["to_primary"] != 0.24951)
            ):
                ours = to_canonical(1, alt["ucum"], a) / to_canonical(1, row["ucum"], a)
                assert ours == pytest.approx(alt["to_primary"], rel=2e-4), (a.key, alt)


def test_reference_intervals_are_those_of_the_sourced_quantities(shared):
    rows = (json.loads(line) for line in (shared / "data/cases/quantities.jsonl").open())
    q = {r["id"]: r["value"] for r in rows}
    for key, qid, unit in (
        ("calcium", "Q090", "mg/dL"),
        ("phosphate", "Q089", "mg/dL"),
        ("pth", "Q088", "pg/mL"),
        ("creatinine", "Q087", "mg/dL"),
        ("alp", "Q086", "U/L"),
        ("albumin", "Q083", "g/L"),
        ("calcidiol", "Q081", "nmol/L"),
    ):
        i = ALL[key].interval(50, "F")
        assert i is not None
        assert i.source.startswith(f"nhanes, {qid}")
        assert i.low == pytest.approx(to_canonical(q[qid]["p2_5"], unit, ALL[key]), rel=2e-3)
        assert i.high == pytest.approx(to_canonical(q[qid]["p97_5"], unit, ALL[key]), rel=2e-3)
