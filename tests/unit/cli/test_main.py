"""The command line as a whole: starts light, ends with the right code, speaks one object, never tells a secret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fetuin.cli.main import main
from fetuin.notice import RESEARCH_USE
from fetuin.versions import versions

HEAVY = ("numpy", "scipy", "numba", "sympy", "pandas", "matplotlib", "pydicom", "jinja2", "duckdb", "fhir", "pint")


def imported_by(*argv: str) -> set[str]:
    """The top-level packages in memory after `fetuin argv`."""
    code = (
        "import sys\nfrom fetuin.cli.main import main\n"
        f"main({list(argv)!r})\nprint('\\n'.join(sorted({{m.partition('.')[0] for m in sys.modules}})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("argv", [("--help",), ("--version",), ("assess", "--help")])
def test_help_imports_nothing_heavy(argv: tuple[str, ...]) -> None:
    assert not imported_by(*argv) & set(HEAVY)


def test_help_names_every_command_and_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("assess", "demo", "version"))
    assert "Research use only" in " ".join(shown.split())


@pytest.mark.parametrize("asked", ["version", "--version"])
def test_version_as_json_is_one_object(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    own = versions()
    assert (told["fetuin_version"], told["knowledge_version"], told["models_version"]) == tuple(own.values())
    assert told["schema"] == "fetuin.version/1"
    assert told["research_use"] == RESEARCH_USE


@pytest.mark.parametrize(
    "argv", [["nonsense"], ["assess", "--setting"], ["assess", "--hide", "everything", "x.json"], ["assess"]]
)
def test_a_wrong_command_line_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    shown = capsys.readouterr()
    assert shown.err.strip()
    assert not shown.out


@pytest.mark.parametrize("argv", [["assess", "x.json", "--out"], ["assess"], ["nonsense"]])
def test_with_json_a_mistake_too_is_one_object(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*argv, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"].startswith("FET-U")


def test_an_internal_fault_is_70_and_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import fetuin.cli.version as version

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("patient Jane Doe, born 1970-01-01")

    monkeypatch.setattr(version, "emit", fail)
    monkeypatch.delenv("FETUIN_DEBUG", raising=False)
    assert main(["version", "--json"]) == 70
    shown = capsys.readouterr()
    assert "Jane" not in shown.err + shown.out
    assert "RuntimeError" in shown.err


def test_completion_can_be_installed(tmp_path: Path) -> None:
    from fetuin.cli.main import app

    for shell in ("bash", "zsh", "fish"):
        assert "assess" in app().generate_completion(shell=shell)
