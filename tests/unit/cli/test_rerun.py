"""`fetuin rerun` and `fetuin resume`: what a run folder must hold for them."""

import pytest

from fetuin.cli.main import main
from fetuin.runs import RunFolder


def test_a_run_without_command(tmp_path, capsys):
    run = RunFolder.create(tmp_path / "run", "test")
    (run.outputs / "a.txt").write_text("1")
    run.finish()
    assert main(["rerun", str(run.path)]) == 3
    assert "which command" in capsys.readouterr().err


def test_an_input_that_changed(tmp_path, capsys):
    given = tmp_path / "x.csv"
    given.write_text("1")
    run = RunFolder.create(tmp_path / "run", "test", arguments=["serum", "{inputs}/x.csv"], inputs=[given])
    run.finish()
    (run.path / "inputs" / "x.csv").write_text("2")
    assert main(["rerun", str(run.path)]) == 3
    assert "not what it was" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["rerun", "resume"])
def test_no_run_folder(tmp_path, capsys, verb):
    assert main([verb, str(tmp_path)]) == 3
    assert "no run folder" in capsys.readouterr().err
