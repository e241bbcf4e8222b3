"""A run folder: an RO-Crate that an independent reader opens; inputs and outputs by hash."""

import json
import os
import subprocess

import pytest

from fetuin.errors import InputError
from fetuin.runs import RunFolder, fingerprint
from fetuin.versions import versions


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "given.csv"
    given.write_text("a,b\n1,2\n")
    run = RunFolder.create(tmp_path / "run", "serum", arguments=["serum", "{inputs}/given.csv"], inputs=[given])
    (run.outputs / "answer.json").write_text("{}")
    run.finish()
    return run


def test_crate_is_read_by_rocrate(folder):
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(folder.path)
    assert {e.id for e in crate.data_entities} == {"inputs/given.csv", "outputs/answer.json"}
    (action,) = [e for e in crate.contextual_entities if e.type == "CreateAction"]
    assert action["instrument"].id == "#fetuin"
    told = [crate.get(f"#{part}")["version"] for part in ("fetuin", "knowledge", "models")]
    assert told == list(versions().values())


def test_hashes(folder):
    assert folder.output_hashes() == {"answer.json": fingerprint(folder.outputs / "answer.json")}
    assert folder.run["inputs"][0]["sha256"] == fingerprint(folder.path / "inputs" / "given.csv")


def test_every_event_has_its_time(folder):
    lines = [json.loads(x) for x in (folder.path / "log.jsonl").read_text().splitlines()]
    assert [x["event"] for x in lines] == ["begun", "finished"]
    assert all(x["time"] for x in lines)


def test_a_changed_input_is_another_run(folder, tmp_path):
    (tmp_path / "given.csv").write_text("a,b\n1,3\n")
    with pytest.raises(InputError, match="another run"):
        RunFolder.create(folder.path, "serum", arguments=folder.run["arguments"], inputs=[tmp_path / "given.csv"])


def test_no_run_folder(tmp_path):
    with pytest.raises(InputError, match="no run folder"):
        RunFolder.open(tmp_path)


def test_a_run_that_has_not_ended(tmp_path):
    run = RunFolder.create(tmp_path / "run", "serum")
    with pytest.raises(InputError, match="fetuin resume"):
        run.output_hashes()


def test_an_input_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="not there"):
        RunFolder.create(tmp_path / "run", "serum", inputs=[tmp_path / "none"])


def test_what_a_killed_process_left_is_no_output(folder, tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = folder.outputs / f".people.parquet.{dead.pid}.part"
    ours = folder.outputs / f".people.parquet.{os.getpid()}.part"
    for part in (left, ours):
        part.write_bytes(b"half")
    RunFolder.create(folder.path, "serum", arguments=folder.run["arguments"], inputs=[tmp_path / "given.csv"])
    assert not left.exists()
    assert ours.exists()
