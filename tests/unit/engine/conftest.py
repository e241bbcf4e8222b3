"""The models of `tests/models.py` for the tests of the engine."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

MODELS = Path(__file__).resolve().parents[2] / "models.py"


@pytest.fixture(scope="session")
def models() -> dict[str, Any]:
    """MINERAL (24 stiff states) and case_schedule(case, days)."""
    return runpy.run_path(str(MODELS))


def interpret(routine: Any, **arrays: Any) -> None:
    """Run a routine on plain Python floats: the slow twin of every emitted form."""
    from fetuin.engine.graph import FOLD

    more = {**FOLD, "abs": abs, "max": max}
    values: list[float] = []
    for operation, *rest in routine.code:
        if operation == "const":
            values.append(rest[0])
        elif operation == "load":
            values.append(float(arrays[rest[0]][rest[1]]))
        elif operation == "store":
            arrays[rest[0]][rest[1]] = values[rest[2]]
            values.append(0.0)
        else:
            values.append(more[operation](*(values[k] for k in rest)))


@pytest.fixture(scope="session")
def run() -> Any:
    """`run(routine, y=..., c=...)` interprets a routine."""
    return interpret
