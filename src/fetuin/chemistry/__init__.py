"""Blood as a solution: free ions, ion pairs, and what may precipitate."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "Speciation": "speciation",
    "speciate": "speciation",
    "blood": "straight_line",
    "blood_constants": "straight_line",
    "names": "constant_tables",
    "table": "constant_tables",
}

__all__ = list(_PLACES)


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        return getattr(import_module(f"fetuin.chemistry.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'fetuin.chemistry' has no attribute {name!r}")
