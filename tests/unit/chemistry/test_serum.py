"""The clinical front: the reference results, refusals by name, defaults that are told."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from fetuin.chemistry.saturation import effect_of_constants, saturating_phosphate
from fetuin.chemistry.serum import check, results
from fetuin.chemistry.speciation import speciate
from fetuin.errors import InputError, UnitError

HEALTHY = {"Ca_tot": 2.35, "P_i": 1.1, "albumin_gL": 43.0, "pH": 7.4, "HCO3": 24.0, "citrate": 0.12}


def test_every_result_column_of_the_reference(shared: Path) -> None:
    rows = list(csv.DictReader((shared / "reference/speciation/plasma_si.csv").open()))
    inputs = list(rows[0])[1:14]
    answers = results(check([{k: float(r[k]) for k in inputs} for r in rows], [r["case"] for r in rows])).rows()
    for want, got in zip(rows, answers, strict=True):
        assert got["case"] == want["case"]
        for column in list(want)[14:-1]:
            tolerance = 2e-4 if column.startswith("SI_") else 0.05 if column == "pCO2_mmHg" else 6e-5
            assert got[column] == pytest.approx(
                float(want[column]), rel=1e-4, abs=tolerance if column[:2] != "a_" else 0
            )


def test_every_species_of_the_reference(shared: Path) -> None:
    rows = list(csv.DictReader((shared / "reference/speciation/plasma_si.csv").open()))
    species = list(csv.DictReader((shared / "reference/speciation/plasma_species.csv").open()))
    s = speciate({k: [float(r[k]) for r in rows] for k in list(rows[0])[1:14]}).require()
    for column in list(species[0])[1:]:
        want = [float(r[column]) for r in species]
        assert s.species(column.removesuffix("_mM")) == pytest.approx(want, rel=1e-4), column


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"pH": 3.0}, "pH 3 cannot be blood"), ({"P_i": -1.0}, "P_i -1 mmol/L is negative"), ({"Ca_tot": 9.4}, "unit missing"),
        ({"albumin_gL": 4.3}, "unit missing"), ({"Na": float("nan")}, "Na is not a finite number"), ({"zinc": 1.0}, "zinc"),
    ],
)  # fmt: skip
def test_what_cannot_be_blood_is_refused_by_name(changed: dict[str, float], says: str) -> None:
    with pytest.raises(InputError, match=says):
        check([HEALTHY | changed])


def test_a_wrong_unit_is_a_unit_error_with_the_likely_unit() -> None:
    with pytest.raises(UnitError, match=r"9.4 mg/dL would be 2.35 mmol/L"):
        check([HEALTHY | {"Ca_tot": 9.4}])


def test_defaults_are_told_serum_by_serum() -> None:
    sera = check([HEALTHY, HEALTHY | {"Na": 130.0, "lactate": 2.0}])
    assert "Na" in sera.defaulted[0]
    assert "Na" not in sera.defaulted[1]


def test_the_interval_holds_the_value_and_widens_with_what_is_not_known() -> None:
    known = HEALTHY | {"Na": 140.0, "K": 4.2, "Mg_tot": 0.85, "SO4": 0.33, "lactate": 1.0, "globulin_gL": 28.0}
    bare = {"Ca_tot": 2.35, "P_i": 1.1}
    a, b = (results(check([r])).rows()[0] for r in (known, bare))
    assert a["ionised_Ca_low"] < a["ionised_Ca_mM"] < a["ionised_Ca_high"]
    assert a["ionised_Ca_high"] - a["ionised_Ca_low"] < b["ionised_Ca_high"] - b["ionised_Ca_low"]


def test_ionised_calcium_moves_as_it_should() -> None:
    def ionised(**changed: float) -> float:
        return results(check([HEALTHY | changed])).rows()[0]["ionised_Ca_mM"]

    base = ionised()
    assert ionised(pH=7.6) < base < ionised(pH=7.2)
    assert ionised(albumin_gL=25.0) > base
    assert ionised(citrate=1.0) < base
    assert ionised(P_i=3.0) < base
    assert ionised(HCO3=40.0) < base


def test_brushite_is_saturated_at_the_phosphate_that_is_named() -> None:
    sera = {k: np.array([v, v]) for k, v in HEALTHY.items()} | {
        "Na": np.array([140.0, 140.0]),
        "K": np.array([4.2, 4.2]),
    }
    for table in ("plasma37", "brushite_7_04"):
        phosphate = saturating_phosphate(sera, table)
        assert np.abs(speciate(sera | {"P_i": phosphate}, table).saturation_index("Brushite_DCPD")).max() < 1e-6


def test_the_choice_of_the_ocp_constant_is_worth_1_35() -> None:
    effect = effect_of_constants({**HEALTHY, "Na": 140.0})
    assert effect["ocp_49_30"]["SI_OCP"][0] - effect["plasma37"]["SI_OCP"][0] == pytest.approx(1.35, abs=1e-6)


def test_of_calcium_half_is_free_two_fifths_on_protein() -> None:
    row = results(check([HEALTHY])).rows()[0]
    assert 0.47 <= row["Ca_free_frac"] <= 0.50
    assert 0.37 <= row["Ca_protein_frac"] <= 0.41
    assert 0.10 <= row["Ca_complex_frac"] <= 0.14


def test_a_serum_without_magnesium_says_which_index_is_not_computed() -> None:
    row = results(check([HEALTHY | {"HEPES": 50.0, "Mg_tot": 0.0}])).rows()[0]
    assert row["SI_Mg_Whitlockite"] is None
    assert any("Mg_Whitlockite" in w for w in row["not_computed"])


def test_away_from_37_the_constants_that_stay_are_named() -> None:
    told = results(check([HEALTHY]), temperature_c=34.5)
    assert "OCP" in told.notices[0]
    with pytest.raises(InputError, match="outside the range"):
        results(check([HEALTHY]), temperature_c=60.0)
