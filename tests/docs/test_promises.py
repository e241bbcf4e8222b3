"""What the pages promise exists: links inside the repository, commands, make targets, citation version, exit codes."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path

import pytest

import fetuin.cli
import fetuin.errors
from fetuin.catalog import names
from fetuin.notice import RESEARCH_USE, __version__

ROOT = Path(__file__).resolve().parents[2]
PAGES = [p for p in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if not {"_build", "generated"} & set(p.parts)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8")):
        written_by_the_build = "generated/" in target
        assert written_by_the_build or (page.parent / target).exists(), f"{page.name} -> {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(r"`((?:[a-z_0-9]+/)+[A-Za-z_0-9.]+\.(?:py|csv|toml|md|bib))(?:::\w+)?`", page.read_text("utf-8"))
    roots = (ROOT, ROOT / "src", ROOT / "src/fetuin", ROOT / "benchmarks", page.parent)
    for name in named:
        ours = name.partition("/")[0] not in ("run", "report", "analysis", "outputs", "inputs", "chunks")
        assert not ours or any((r / name).exists() for r in roots), f"{page.name}: {name} is not there"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_that_a_page_names_exist(page: Path) -> None:
    known = {n.rstrip("_").replace("_", "-") for n in names(fetuin.cli)}
    text = page.read_text("utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    said = re.findall(r"^(?:\$ )?fetuin ([a-z][a-z0-9-]*)", "\n".join(blocks), re.MULTILINE)
    for command in [*said, *re.findall(r"`fetuin ([a-z][a-z0-9-]*)", text)]:
        assert command in known, f"{page.name}: fetuin {command}"


def shell_lines(page: Path) -> list[str]:
    """Every line that calls fetuin in a block for the shell, without prompt, comment, redirection and what a pipe follows."""
    blocks = re.findall(r"```(?:console|sh|bash)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    joined = "\n".join(blocks).replace("\\\n", " ")
    lines = [re.sub(r"^\$ ", "", line.strip()) for line in joined.splitlines()]
    return [re.split(r"\s+(?:#|\||>|2>|&&|&$)", line)[0] for line in lines if line.startswith("fetuin ")]


LINES = [(p.name, line) for p in PAGES for line in shell_lines(p)]


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{p}: {line}" for p, line in LINES])
def test_a_line_for_the_shell_is_understood(page: str, line: str) -> None:
    from fetuin.cli.main import app

    tokens = shlex.split(line)[1:]
    command, bound, _ = app(tokens[0]).parse_args(tokens, exit_on_error=False, print_error=False)
    assert callable(command)
    assert bound is not None


def test_make_targets_that_the_readme_names_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    assert {"demo", "test"} <= named <= targets


def test_the_first_two_commands_of_the_readme() -> None:
    commands = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    lines = [line.split("#")[0].strip() for line in commands[0].strip().splitlines()]
    assert lines == ["make demo", "make test"]


def test_the_readme_claims_no_diagnosis() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert "Research use only" in text
    assert "not placed on the market as a medical device" in text
    assert "does not diagnose a patient by itself" in RESEARCH_USE


def test_citation_has_the_version_of_the_package() -> None:
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs/reference/exit-codes.md").read_text("utf-8")
    documented = {int(n) for n in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    classes = [c for _, c in inspect.getmembers(fetuin.errors, inspect.isclass) if issubclass(c, Exception)]
    assert {c.exit_code for c in classes} | {0, 1, 130} == documented


def test_the_nomenclature_has_the_units_of_the_analytes() -> None:
    from fetuin.knowledge.analyte import analytes

    table = (ROOT / "docs/nomenclature.md").read_text("utf-8")
    expected = {
        "calcium": "mmol/L", "phosphate": "mmol/L", "albumin": "g/L", "creatinine": "umol/L", "pth": "ng/L",
        "calcidiol": "nmol/L", "calcitriol": "pmol/L", "alp": "U/L", "egfr": "mL/min/{1.73_m2}",
    }  # fmt: skip
    for key, unit in expected.items():
        assert analytes()[key].canonical == unit
        assert unit in table


def test_every_law_that_can_be_asked_is_documented():
    from pathlib import Path

    from fetuin.validation.identities import identities

    text = (Path(__file__).parents[2] / "docs/reference/outcome-vocabulary.md").read_text()
    for name, law in identities().items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert all(f"`{argument}`" in row for argument in law.arguments), name
