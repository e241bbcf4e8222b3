"""SAS PROC MIXED on structures beside those of the reference set: listings kept in openpharma/mmrm `design/` (Apache-2.0).

FEV1 ~ ARMCD on the open FEV1 data; each row is replayed as a record of the same format.
"""

from __future__ import annotations

import json
import shutil

import pytest

from fetuin.trials.conformance import conform

# covariance, ddfm, estimate, SE, df; source: design/KR and design/ddfm_covtype, kr_*.csv
KENWARD_ROGER = [
    ("ar1h", "kr", 3.72674356244499, 0.7590316099633, 188.225339095373),
    ("toep", "kr", 4.47051860580552, 0.87839805519623, 160.027408337368),
    ("adh", "kr", 3.72344028834729, 0.66172017349971, 162.393385281755),
    ("ante", "kr(linear)", 3.72344028834729, 0.66158550758897, 162.393385281755),
    ("sp(exp)(VISITN VISITN2)", "kr", 4.21488979997259, 0.90527620094771, 195.584197921463),
    ("spexp", "kr(linear)", 4.21488979997259, 0.90552903839818, 195.584197921463),
]
# covariance, weights, estimate, SE; source: design/Robust, empirical_*_lsmean.csv
SANDWICH = [
    ("spexp", None, 4.21488979997259, 0.80974821922674),
    ("toeph", "WEIGHT", 3.41120066426548, 0.77628714727105),
]
# effect, df type 2, F type 2, df type 3, F type 3; source: design/anova, test2_2.csv and test3_2.csv (AR(1))
TESTS = [
    ("ARMCD", 196.700026021882, 0.03093826913613, 197.423866403271, 0.04875135180324),
    ("SEX", 186.404412481085, 0.10489707559679, 186.119018537661, 0.09277653315012),
    ("SEX*ARMCD", 186.11901853766, 0.46643535342468, 186.11901853766, 0.46643535342468),
    ("FEV1_BL*ARMCD", 194.942672335072, 6.11482167585228, 194.942672335072, 6.11482167585228),
]


ANTE = ("adh", "ante")


def replayed(shared, folder, record):
    shutil.copy(shared / "reference/trials/fev_data.csv", folder)
    (folder / "r.json").write_text(json.dumps([{"id": "one", **record}]))
    (row,) = conform(folder / "r.json")
    return row


@pytest.mark.parametrize(("cov", "ddfm", "est", "se", "df"), KENWARD_ROGER)
def test_kenward_roger(shared, tmp_path, cov, ddfm, est, se, df):
    model = {"data": "fev_data", "formula": "FEV1 ~ ARMCD", "cov": cov, "ref": "PBO", "reml": True, "ddfm": ddfm}
    tol = {"est": 1e-4, "se": 1e-3, "df": 0.05}
    record = {"kind": "mmrm_kenward_roger", "model": model, "expected": {"est": est, "se": se, "df": df}, "tol": tol}
    row = replayed(shared, tmp_path, record)
    if cov in ANTE:  # a known miss: 0.065 degrees of freedom, within what SAS's stopping rule leaves open
        assert not row["pass"]
        assert row["why"] == "off: df; within what the reference itself leaves open"
    else:
        assert row["pass"], row
    assert abs(row["ours"]["df"] - df) < 0.07


@pytest.mark.parametrize(("cov", "weights", "est", "se"), SANDWICH)
def test_sandwich(shared, tmp_path, cov, weights, est, se):
    model = {"data": "fev_data", "formula": "FEV1 ~ ARMCD", "cov": cov, "weights": weights, "reml": True}
    tol = {"est": 1e-4, "se": 1e-3}
    record = {"kind": "mmrm_empirical_se", "model": model, "expected": {"est": est, "se": se}, "tol": tol}
    assert replayed(shared, tmp_path, record)["pass"]


@pytest.mark.parametrize("kind", [2, 3])
@pytest.mark.parametrize("formula", ["FEV1 ~ ARMCD*SEX + ARMCD*FEV1_BL", "FEV1 ~ ARMCD*SEX + ARMCD:FEV1_BL"])
def test_type_tests_of_slopes_without_their_mean(shared, tmp_path, kind, formula):
    """SAS writes `*` for an interaction alone: FEV1_BL*ARMCD without FEV1_BL has a slope for each arm, 2 degrees of freedom."""
    at = 2 * kind - 3
    expected = [{"effect": t[0], "dendf": t[at], "F": t[at + 1]} for t in TESTS]
    model = {"data": "fev_data", "formula": formula, "type": str(kind), "cov": "see design/anova/anova.sas"}
    record = {"kind": "mmrm_type_tests", "model": model, "expected": expected, "tol": {"F": 1e-4, "dendf": 0.05}}
    row = replayed(shared, tmp_path, record)
    assert row["pass"], row["why"]
