"""kill -9 of the worker, the server and both in the middle of jobs. The campaign of 50 is `benchmarks/service_kill.py`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "service_kill.py"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the workers are found through /proc")
def test_nothing_acknowledged_is_lost_and_no_bit_differs() -> None:
    spec = importlib.util.spec_from_file_location("service_kill", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found = script.campaign(3)
    assert found["kills"] == 3
    assert (found["worker"], found["server"], found["both"]) == (1, 1, 1)
    assert found["jobs"] >= 3
    assert (found["lost"], found["different"], found["unrecorded"]) == (0, 0, 0)
    assert found["chain"]
    assert found["sound"]
