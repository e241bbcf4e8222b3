"""The study that a caller means: a shipped name or a table. Never a path: what lies on this machine is not the caller's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from fetuin.errors import InputError
from fetuin.examples.studies import shipped


def table_of(study: str | Mapping[str, Any]) -> dict[str, Any]:
    """The table of a study."""
    if not isinstance(study, str):
        return dict(study)
    text = shipped().get(study)
    if text is None:
        raise InputError(
            "There is no shipped study of that name.",
            where="study",
            fix=f"one of: {', '.join(shipped())}; or send a table",
        )
    return tomllib.loads(text)
