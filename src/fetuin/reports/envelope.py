"""The JSON object that every door gives: its own keys, and what it is, by whom, and for what use."""

from __future__ import annotations

import math
from typing import Any

from fetuin.notice import USE_LIMITATION
from fetuin.versions import keys


def plain(value: Any) -> Any:
    """JSON has no NaN: a number that is not finite is null; numpy scalars and arrays become Python's."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def envelope(schema: str, body: dict[str, Any]) -> dict[str, Any]:
    """`schema` is a name and a version: `serum/1`. The versions are those of code, knowledge and models."""
    head = {"schema": f"fetuin.{schema}", **keys(), "use_limitation": USE_LIMITATION}
    return head | plain(body)
