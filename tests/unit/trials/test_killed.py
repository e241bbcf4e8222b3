"""A run killed with SIGKILL goes on where it stood and ends bit for bit as an unbroken one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np

RUN = "import sys; from fetuin.cli.main import main; sys.argv = ['fetuin', *sys.argv[1:]]; main()"


def start(folder, workers):
    words = ["trial", "simulate", "snf472_cac", "--n", "400", "--seed", "5", "--out", str(folder), "--workers", workers]
    argv = [sys.executable, "-c", RUN, *words]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def test_kill_9_and_resume(tmp_path):
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    process = start(broken, "1")
    until = time.monotonic() + 120
    while not list(broken.glob("chunks/0*.npz")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = {f.name: f.stat().st_mtime_ns for f in broken.glob("chunks/0*.npz")}
    assert done
    assert start(broken, "1").wait(180) == 0
    assert start(whole, "2").wait(180) == 0
    files = sorted(f.name for f in whole.glob("chunks/0*.npz"))
    assert files == sorted(f.name for f in broken.glob("chunks/0*.npz"))
    assert all((broken / "chunks" / n).stat().st_mtime_ns == t for n, t in done.items())
    for name in files:
        a, b = np.load(broken / "chunks" / name), np.load(whole / "chunks" / name)
        assert all(np.array_equal(a[k], b[k], equal_nan=True) for k in a.files)
    for name in ("operating_characteristics.csv", "replicates.csv", "adam/adcac.xpt", "adam/adsl.parquet"):
        assert (broken / "outputs" / name).read_bytes() == (whole / "outputs" / name).read_bytes(), name
