"""Files of a trial: three forms with the same values, transport version 5 within its limits, the same bytes again."""

from __future__ import annotations

import json

import pandas as pd
import pyreadstat
import pytest
from tests.unit.trials.test_study import table

from fetuin.cli.main import main
from fetuin.trials import adam
from fetuin.trials.outputs import rtf, write_table
from fetuin.trials.study import read_study

EVENTS = {
    "rescue": {"rate": 0.2, "effect": 5},
    "discontinuation": {"rate": 0.2},
    "death": {"rate_per_100py": 50},
    "dropout": {"rate": 0.2},
}


@pytest.fixture(scope="module")
def frames():
    return adam.tables(read_study(table(**EVENTS)), None, 3)


@pytest.mark.parametrize("name", ["ADSL", "ADT50", "ADTTE"])
def test_csv_parquet_and_transport_hold_the_same(name, frames, tmp_path):
    import duckdb

    csv, parquet, xpt = write_table(name, frames[name], tmp_path, adam.LABELS)
    ours, other = pd.read_csv(csv, keep_default_na=False), duckdb.sql(f"select * from '{parquet}'").df()
    sas, meta = pyreadstat.read_xport(str(xpt))
    assert len(ours) == len(other) == len(sas) == len(frames[name])
    assert list(sas.columns) == list(ours.columns) == list(other.columns)
    assert meta.column_labels == [adam.LABELS[c] for c in sas.columns]
    assert meta.table_name == name
    assert sas.USUBJID.tolist() == ours.USUBJID.tolist()
    assert xpt.read_bytes()[:80].startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD")
    if "AVAL" in sas:
        pd.testing.assert_series_equal(
            sas.AVAL, frames[name].AVAL.reset_index(drop=True), check_dtype=False, rtol=1e-12
        )
    assert write_table(name, frames[name], tmp_path / "b", adam.LABELS)[2].read_bytes() == xpt.read_bytes()


def test_the_tables_tell_one_story(frames):
    sl, bds, tte = (frames[n] for n in ("ADSL", "ADT50", "ADTTE"))
    assert len(sl) == 59
    assert set(bds.USUBJID) <= set(sl.USUBJID)
    assert (sl.query("DTHFL == 'Y'").DCSREAS == "DEATH").all()
    died = set(tte.query("PARAMCD == 'DEATH' and CNSR == 0").USUBJID)
    assert died == set(sl.query("DTHFL == 'Y'").USUBJID)
    merged = bds.merge(sl[["USUBJID", "EOSDY"]], on="USUBJID")
    assert (merged.query("AVISITN > 0").ADY <= merged.query("AVISITN > 0").EOSDY + 8).all()
    change = bds.query("AVISITN > 0")
    pd.testing.assert_series_equal(change.CHG, change.AVAL - change.BASE, check_names=False)


def test_rtf_is_plain_ascii_and_balanced():
    text = rtf("A {title} ± ß", ("a", "b"), [("x\\y", "1 ± 2")], "note")
    assert text.isascii()
    bare = text.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert text.count("\\row") - text.count("\\trowd") == 0


def test_simulate_writes_a_run_that_a_rerun_reproduces(tmp_path, capsys):
    import tomllib  # the study goes in as a file and is kept with the run

    from fetuin.examples.studies import shipped

    study = tmp_path / "study.toml"
    study.write_text(shipped()["dialysate_magnesium"].replace("[44, 59]", "[44]"))
    assert tomllib.loads(study.read_text())
    assert (
        main(["trial", "simulate", str(study), "--n", "40", "--seed", "9", "--out", str(tmp_path / "run"), "--json"])
        == 0
    )
    body = json.loads(capsys.readouterr().out)
    assert body["schema"] == "fetuin.trial-simulate/1"
    names = {c["name"] for c in body["scenarios"][0]["characteristics"]}
    assert {
        "power",
        "type I error",
        "bias",
        "coverage",
        "expected size",
        "expected duration",
        "patient-months",
        "cost",
    } <= names
    assert all(c["mcse"] is not None for c in body["scenarios"][0]["characteristics"])
    assert "no trial has validated" in body["caution"]
    page = (tmp_path / "run" / "report.html").read_text()
    for words in ("Bounds", "Power", "Operating characteristics", "Flow", "Estimates", "ICH E9(R1)"):
        assert words in page
    assert main(["rerun", str(tmp_path / "run"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["same"] is True


@pytest.mark.parametrize(
    ("argv", "schema"),
    [
        (["design", "dialysate_magnesium"], "trial-design/1"),
        (["design", "--t50-difference", "73"], "trial-design/1"),
        (["compare", "dialysate_magnesium", "snf472_cac", "--n", "20"], "trial-compare/1"),
        (["replicate", "--n", "20"], "trial-replicate/1"),
    ],
)
def test_every_verb_prints_one_object_and_writes_a_page(argv, schema, tmp_path, capsys):
    assert main(["trial", *argv, "--json", "--out", str(tmp_path)]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["schema"] == f"fetuin.{schema}"
    assert any(f.endswith(".html") for f in body["files"])
    assert "Research use only" in (tmp_path / body["files"][-1]).read_text()


def test_a_refused_study_is_one_object_with_exit_code_3(tmp_path, capsys):
    study = tmp_path / "bad.toml"
    study.write_text('title = "x"\n[estimand]\npopulation = "p"\n')
    assert main(["trial", "simulate", str(study), "--json"]) == 3
    error = json.loads(capsys.readouterr().out)["error"]
    assert {"what", "where", "why", "fix"} <= set(error)
