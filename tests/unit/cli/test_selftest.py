"""`fetuin selftest` passes here and says what it checked; a check that fails is told and ends with 1."""

import json

from fetuin.cli import selftest
from fetuin.cli.main import main


def test_everything_passes(capsys):
    assert main(["selftest", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert {c["state"] for c in body["checks"]} == {"ok"}
    assert len(body["checks"]) == len(selftest.CHECKS) == 7


def test_a_failure_is_told(capsys, monkeypatch):
    def broken() -> str:
        raise AssertionError("out by one")

    monkeypatch.setattr(selftest, "CHECKS", {"broken": broken})
    assert main(["selftest"]) == 1
    assert "out by one" in capsys.readouterr().out


def test_a_missing_extra_is_left_out_by_name(capsys, monkeypatch):
    def missing() -> str:
        raise ImportError("No module named 'numba'")

    monkeypatch.setattr(selftest, "CHECKS", {"missing": missing})
    assert main(["selftest"]) == 0
    assert "left out" in capsys.readouterr().out


def test_a_service_that_is_not_there(capsys):
    assert main(["selftest", "--url", "http://127.0.0.1:9", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["checks"][-1]["state"] == "failed"
