"""Each screen as a run folder: an RO-Crate that `fetuin rerun` reproduces to the bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fetuin.cli.main import main
from fetuin.errors import UsageError
from fetuin.screens.run_folder import write, zipped

REQUESTS = {
    "patient": {"example": "uraemic-tumoral-calcinosis", "hide": ["observation/0"]},
    "model": {"person": {"gfr": 30.0}, "arms": [{"sevelamer": 4.8}], "days": 28},
    "plate": {"example": "plate-of-96", "exclude": [{"well": "B03", "minute": 100.0, "who": "A", "why": "bubble", "at": "2026-01-01"}]},
    "imaging": {"example": "block"},
    "bone-scan": {"example": "nm_planar", "bone": "40-90,54-56", "soft": "60-90,95-105"},
    "trial": {"delta": 40.0, "sd": 90.0},
}  # fmt: skip


@pytest.mark.parametrize("screen", REQUESTS)
def test_a_screen_is_reproduced(screen: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "request.json").write_text(json.dumps(REQUESTS[screen]))
    folder = write(screen, inputs, tmp_path / "run")
    assert set(folder.output_hashes()) == {"answer.json"}
    assert main(["rerun", str(folder.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["same"]
    assert len(zipped(folder.path)) > 500


def test_an_unknown_screen(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no screen"):
        write("kitchen", tmp_path, tmp_path / "run")
