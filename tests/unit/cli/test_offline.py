"""Verbs in a network namespace without a network ask for nobody. All of them: benchmarks/offline.py."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "offline.py"


@pytest.fixture
def script() -> Any:
    spec = importlib.util.spec_from_file_location("offline", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nobody_is_asked_for(script: Any, tmp_path: Path) -> None:
    rows = script.offline(["demo", "assess", "t50 simulate"], tmp_path / "table.csv")
    if rows is None:
        pytest.skip("a network namespace is not permitted here (unshare --map-root-user --net)")
    assert [(r["verb"], r["status"], r["asked"]) for r in rows] == [
        ("demo", "0", "0"),
        ("assess", "0", "0"),
        ("t50 simulate", "0", "0"),
    ]


@pytest.mark.parametrize(
    ("place", "lines"), [("192.0.2.1", 1), ("127.0.0.1", 0)]
)  # an address kept for documents (RFC 5737)
def test_the_watch_sees_who_is_asked_for(script: Any, tmp_path: Path, place: str, lines: int) -> None:
    (tmp_path / "sitecustomize.py").write_text(script.WATCH)
    asked = tmp_path / "asked"
    asked.write_text("")
    ask = f"import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(({place!r}, 9))"
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "ASKED": str(asked)}
    subprocess.run([sys.executable, "-c", ask], env=environment, check=True)
    assert len(asked.read_text().splitlines()) == lines
