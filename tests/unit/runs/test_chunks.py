"""Chunks: any number of workers, a kill, a poisoned chunk, a worker that dies, a full disk."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from work import draw, full

from fetuin.errors import InputError, LimitError, UsageError
from fetuin.runs import RunFolder, run_chunks
from fetuin.runs.chunks import Ran

CHUNKS = [{"k": k} for k in range(6)]


def run(path, workers=1, work=draw, **parameters) -> tuple[Ran, list[bytes]]:
    folder = RunFolder.create(path, "test", parameters={"seed": 7, **parameters})
    *_, last = run_chunks(folder, work, CHUNKS, suffix=".npy", workers=workers)
    return last, [f.read_bytes() for f in last.files]


def test_workers_do_not_change_a_bit(tmp_path):
    assert run(tmp_path / "a")[1] == run(tmp_path / "b", workers=2)[1]


def test_a_broken_run_goes_on_bit_identical(tmp_path):
    whole = run(tmp_path / "a")[1]
    folder = RunFolder.create(tmp_path / "b", "test", parameters={"seed": 7})
    for at in run_chunks(folder, draw, CHUNKS, suffix=".npy"):
        if at.done == 3:
            break  # a kill
    assert len(list((tmp_path / "b" / "chunks").glob("*.npy"))) == 3
    before = (tmp_path / "b" / "chunks" / "000000.npy").stat().st_mtime_ns
    assert run(tmp_path / "b")[1] == whole
    assert (tmp_path / "b" / "chunks" / "000000.npy").stat().st_mtime_ns == before


@pytest.mark.parametrize("workers", [1, 2])
def test_a_poisoned_chunk_is_named_and_the_others_go_on(tmp_path, workers):
    last, files = run(tmp_path / "a", workers, poison=2)
    assert [f["chunk"] for f in last.failed] == [2]
    assert "poisoned" in last.failed[0]["error"]["what"]
    assert len(files) == 5
    assert json.loads((tmp_path / "a" / "failed.json").read_text())[0]["k"] == 2


def test_a_worker_that_is_killed_loses_nothing(tmp_path):
    whole = run(tmp_path / "a")[1]
    last, files = run(tmp_path / "b", 2, once=str(tmp_path / "once"))
    assert (tmp_path / "once").exists()
    assert files == whole
    assert not last.failed


def test_a_chunk_that_kills_its_worker_each_time_is_found(tmp_path):
    last, files = run(tmp_path / "a", 2, killer=4)
    assert [f["chunk"] for f in last.failed] == [4]
    assert len(files) == 5


def test_a_full_disk_says_how_to_go_on(tmp_path):
    with pytest.raises(LimitError, match="fetuin resume"):
        run(tmp_path / "a", work=full)


def test_impossible_workers(tmp_path):
    with pytest.raises(UsageError, match="--workers 0"):
        run(tmp_path / "a", workers=0)


def test_another_run_is_refused(tmp_path):
    run(tmp_path / "a")
    with pytest.raises(InputError, match="another run"):
        RunFolder.create(tmp_path / "a", "test", parameters={"seed": 8})
