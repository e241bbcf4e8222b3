"""TOML from outside: a limit on its size, and an error that says what is wrong and where."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from fetuin.errors import FormatError, InputError, LimitError

LARGEST = 1_048_576  # bytes


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file."""
    if not path.is_file():
        raise InputError(f"{path} does not exist.", where=str(path), fix="the path of a TOML file")
    if path.stat().st_size > LARGEST:
        raise LimitError(f"{path.name} is larger than {LARGEST} bytes.", where=str(path))
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path.name} is no TOML.", where=str(path), why=str(error)) from error
