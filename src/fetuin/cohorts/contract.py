"""What a cohort verb offers: how an input becomes chunks, and what one chunk becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fetuin.runs.folder import RunFolder


@dataclass(frozen=True)
class Verb:
    """`prepare(input, folder, parameters)` gives (parameters, chunks); `work` writes one Parquet file a chunk.

    `unit` is what a row of the output is: a person, a well, a series.
    """

    name: str
    unit: str
    prepare: Callable[[Path, RunFolder, dict[str, Any]], tuple[dict[str, Any], list[dict[str, Any]]]]
    work: Callable[[Mapping[str, Any], Mapping[str, Any], Path], None]
