"""A write, a sync or a rename that fails at its n-th call, for every n: what is there is whole, and a second run ends it."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from work import draw

from fetuin.runs import RunFolder, run_chunks

CHUNKS = [{"k": k} for k in range(3)]
STEPS = {
    "replace": (Path, "replace"),
    "fsync": (os, "fsync"),
    "write": (Path, "write_bytes"),
    "text": (Path, "write_text"),
}


def whole(path):
    folder = RunFolder.create(path, "test", parameters={"seed": 5})
    *_, last = run_chunks(folder, draw, CHUNKS, suffix=".npy")
    (folder.outputs / "all.bin").write_bytes(b"".join(f.read_bytes() for f in last.files))
    folder.finish()
    return last


@pytest.mark.parametrize("step", STEPS)
def test_every_call_may_fail_once(tmp_path, monkeypatch, step):
    expected = whole(tmp_path / "whole") and (tmp_path / "whole" / "outputs" / "all.bin").read_bytes()
    owner, name = STEPS[step]
    real, failed = getattr(owner, name), True
    n = 0
    while failed:
        n += 1
        calls, failed = 0, False

        def once(*args, n=n, **kwargs):
            nonlocal calls, failed
            calls += 1
            if calls == n:
                failed = True
                raise OSError(5, "Input/output error")
            return real(*args, **kwargs)

        out = tmp_path / f"{step}-{n}"
        monkeypatch.setattr(owner, name, once)
        try:
            whole(out)
        except OSError:
            pass  # told; an error is no result
        finally:
            monkeypatch.setattr(owner, name, real)
        for chunk in (out / "chunks").glob("*.npy") if (out / "chunks").exists() else ():
            assert chunk.read_bytes() == (tmp_path / "whole" / "chunks" / chunk.name).read_bytes()
        last = whole(out)
        assert not last.failed
        assert (out / "outputs" / "all.bin").read_bytes() == expected
        assert n < 60
    assert n > 1  # at least one call did fail
