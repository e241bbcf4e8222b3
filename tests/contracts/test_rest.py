"""REST for every verb: each command of the command line has a route, a kind of job, or a written reason why it has none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fetuin.cli.main import app
from fetuin.service.app import create
from fetuin.service.kinds import kinds
from fetuin.service.settings import Settings
from fetuin.service.verbs import VERBS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "service.md"
ROUTES = {
    "assess": "POST /api/assess", "case list": "GET /api/case/list", "case play": "POST /api/case/play", "ct": "POST /api/ct",
    "radiograph": "POST /api/radiograph", "scan": "POST /api/scan", "screen": "POST /api/screens/{screen}/run-folder",
    "serum": "POST /api/serum", "simulate": "POST /api/simulate", "t50": "POST /api/t50", "t50 predict": "POST /api/t50/predict",
    "t50 simulate": "GET /api/t50/example", "t50 layout": "POST /api/t50/layout", "t50 controls": "POST /api/control/chart", "trial design": "POST /api/trial/design",
    "resume": "POST /api/jobs/{job}/resume",
}  # fmt: skip
JOBS = {
    "cohort assess": "cohort", "cohort simulate": "cohort", "cohort t50": "cohort", "cohort ct": "cohort", "compare": "compare",
    "trial simulate": "trial-simulate", "trial compare": "trial-compare", "trial replicate": "trial-replicate", "validate": "validate",
}  # fmt: skip
REASONS = {
    "serve": "it is what answers",
    "demo": "it opens a report on the machine of the person who tries fetuin",
    "selftest": "it checks the installation of a machine; a service has /health/ready",
    "phantom": "it writes DICOM folders with their truth for a laboratory's own scanner software",
    "rerun": "it takes a run folder on the disk",
}


def commands(found: Any, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that does something, in words."""
    inner = [n for n in found if not n.startswith("-")]
    if words and (not inner or found.default_command is not None):
        yield " ".join(words)
    for name in inner:
        yield from commands(found[name], (*words, name))


CATALOGUE = list(commands(app()))


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    described = create(Settings(state=str(tmp_path_factory.mktemp("state")), warm=False)).openapi()["paths"]
    return {f"{method.upper()} {path}": told for path, by in described.items() for method, told in by.items()}


@pytest.mark.parametrize("command", CATALOGUE)
def test_every_command_has_a_route_a_job_or_a_reason(command: str, paths: dict[str, Any]) -> None:
    generic = {" ".join(v.words): f"{'POST' if v.files else 'GET'} /api{v.path}" for v in VERBS}
    known = [command in place for place in (ROUTES, JOBS, REASONS, generic)]
    assert sum(known) == 1, f"fetuin {command} has neither a route nor a job nor a reason, or several"
    if command in JOBS:
        assert JOBS[command] in kinds()
        assert f"`{JOBS[command]}`" in PAGE.read_text("utf-8")
    elif command not in REASONS:
        assert (ROUTES | generic)[command] in paths


def test_no_entry_is_of_a_command_that_is_gone() -> None:
    assert {*ROUTES, *JOBS, *REASONS} <= set(CATALOGUE)
    assert {" ".join(v.words) for v in VERBS} <= set(CATALOGUE)


@pytest.mark.parametrize("command", REASONS)
def test_a_reason_stands_in_the_reference(command: str) -> None:
    assert f"`{command}`" in PAGE.read_text("utf-8")
    assert len(REASONS[command].split()) >= 4


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: " ".join(v.words))
def test_options_of_a_route_are_those_of_the_command(verb: Any) -> None:
    found = app()
    for word in verb.words:
        found = found[word]
    taken = {n.lstrip("-") for a in found.assemble_argument_collection() for n in a.names}
    for name in verb.options:
        assert name.replace("_", "-") in taken | {n.replace("_", "-") for n in taken}, f"{verb.words} has no --{name}"
