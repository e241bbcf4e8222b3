"""A cohort in columns equals `assess` person by person: published cases, synthetic hospital records, and traps."""

from dataclasses import replace

import duckdb
import numpy as np
import pytest

from fetuin.cohorts.run import run
from fetuin.diagnosis import assess
from fetuin.diagnosis.differential import differential
from fetuin.diagnosis.evidence import readings
from fetuin.diagnosis.model import ANSWERS
from fetuin.records import read_records
from fetuin.records.formats.tidy_csv import COLUMNS, read, write

TRAPS = """
a,person,sex,F,,,,,
a,person,age,45,,,,,
a,observation,calcium,4.9,mg/dL,2024-01-01,,,
a,observation,phosphate,<0.2,mg/dL,2024-01-01,,,
a,observation,pth,9,pmol/L,,,,
a,observation,pth,500,pg/mL,2020,,,
b,observation,calcium,2.9,,,H,,
b,observation,calcium_ionised,1.2,mmol/L,2024-02,,,
b,observation,calcium,11.9,mg/dL,2024-02,,,
b,observation,creatinine,>900,umol/L,,,,
b,condition,no haemodialysis,,,,,,
c,observation,creatinine,70,umol/L,,,,
c,person,age,9,a,,,,
c,observation,phosphate,high,,,,,
c,observation,unobtainium,3,mmol/L,,,,
c,condition,chronic kidney disease,,,,,,
d,observation,egfr,45,mL/min/{1.73_m2},,,,
d,condition,chronic kidney disease stage 3,,,,,,
d,observation,calcium_adjusted,2.75,mmol/L,,,,
d,observation,calcium,2.2,mmol/L,,,2.1,2.6
e,condition,end-stage renal disease on haemodialysis,,,,,,
e,observation,calcium_adjusted,2.75,mmol/L,,,,
e,observation,calcium,2.2,mmol/L,,,,
e,observation,pth,1200,pg/mL,,,10,60
e,tissue,vessels,,,,,,
f,observation,calcium,900,mmol/L,,,,
f,observation,calcidiol,12,ng/mL,,,,
"""


@pytest.fixture(scope="module")
def people(shared):
    found = list(read_records(shared / "data/cases/dev.jsonl"))
    for bundle in sorted((shared / "data/synthea_r4").glob("*.json"))[:4]:
        found += read_records(bundle)
    text = [write(replace(r, id=f"p{k:03d}")) for k, r in enumerate(found)]
    header = text[0].splitlines()[0]
    empty = dict.fromkeys(COLUMNS, "")
    names = ("id", "kind", "name", "value", "unit", "time", "flag", "low", "high")
    traps = [
        ",".join((empty | dict(zip(names, line.split(",")))).values()) for line in TRAPS.strip().splitlines()
    ]  # the file's own columns, in their order
    return "\n".join([header, *(x for t in text for x in t.splitlines()[1:]), *traps]) + "\n"


@pytest.fixture(scope="module")
def answered(people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    (folder / "people.csv").write_text(people)
    parameters = {"setting": "general", "hide_tissue": False, "facts_a_part": 400}
    *_, last = run("assess", folder / "people.csv", folder / "out", parameters)
    assert not last.failed
    assert last.total > 1
    return duckdb.sql(f"SELECT * FROM '{folder / 'out' / 'outputs' / 'people.parquet'}'").df().set_index("id")


def test_every_probability_and_answer(people, answered):
    records = {r.id: r for r in read(people.encode(), "people.csv")}
    assert set(records) == set(answered.index)
    for name, record in records.items():
        one, row = differential(readings(record), "general").answers(), answered.loc[name]
        assert [row[f"p_{a}"] for a in ANSWERS] == pytest.approx([one[a] for a in ANSWERS], abs=1e-4), name
        assert one[row["most_probable"]] == pytest.approx(max(one.values()), abs=1e-4)
        full = assess(record)
        assert row["answer"] == full.answer, name
        top = {c.name: c.value for c in full.causes}
        assert top[row["cause"]] == pytest.approx(max(top.values()), abs=1e-4)


def test_what_is_not_read_is_counted(people, answered):
    for record in read(people.encode(), "people.csv"):
        assert answered.loc[record.id]["refused"] == len(record.refusals), record.id
    assert answered["refused"].sum() >= 4


def test_reasons_are_the_loudest_readings(people, answered):
    """The first reason is the reading with the largest ratio for the leading mechanism."""
    from fetuin.diagnosis.weights import ratios

    for record in list(read(people.encode(), "people.csv"))[:40]:
        found, row = readings(record), answered.loc[record.id]
        if found:
            loud = max(abs(x[row["leading"]]) for x in ratios(found, "general"))
            assert abs(row["weight_1"]) == pytest.approx(loud, abs=1e-3), record.id
            assert np.isnan(row["weight_2"]) == (len(found) < 2)
