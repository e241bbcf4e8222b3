"""Data sets that a record names, from the folder of its file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fetuin.errors import InputError, MissingExtraError


@cache
def table(folder: Path, name: str) -> Any:
    """NAME or NAME.csv in `folder` as a data frame."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtraError("pandas", "trial") from None
    path = folder / (name if name.endswith(".csv") else f"{name}.csv")
    if path.resolve().parent != folder.resolve() or not path.is_file():
        raise InputError(
            "no such data set", where=path.name, why="it is not beside the records", fix="put it into the same folder"
        )
    return pd.read_csv(path)
