"""Hazards, requirements and tests hang together: nothing without a test, no test that is not there."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HAZARDS = tomllib.loads((ROOT / "docs/trace/hazards.toml").read_text("utf-8"))
REQUIREMENTS = tomllib.loads((ROOT / "docs/trace/requirements.toml").read_text("utf-8"))


@cache
def functions(path: Path) -> frozenset[str]:
    """Test functions of a file, those of classes too."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test"))


@pytest.mark.parametrize("name", sorted(REQUIREMENTS))
def test_a_requirement_has_tests_that_are_there(name):
    tests = REQUIREMENTS[name]["tests"]
    assert tests, f"{name} has no test"
    for test in tests:
        file, _, function = test.partition("::")
        assert (ROOT / file).is_file(), f"{name}: {file} is not there"
        assert functions(ROOT / file), f"{name}: {file} holds no test"
        assert not function or function in functions(ROOT / file), f"{name}: {test} is not there"


@pytest.mark.parametrize("name", sorted(HAZARDS))
def test_a_hazard_is_controlled(name):
    hazard = HAZARDS[name]
    assert set(hazard) == {"sequence", "harm", "severity", "probability", "controls"}
    assert hazard["controls"]
    assert set(hazard["controls"]) <= set(REQUIREMENTS)
    assert {hazard["severity"], hazard["probability"]} <= {1, 2, 3, 4, 5}


def test_no_requirement_without_a_hazard():
    assert set(REQUIREMENTS) == {c for h in HAZARDS.values() for c in h["controls"]}
