"""Published outcomes replayed against the body: one outcome a chunk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fetuin.errors import UsageError
from fetuin.reports.envelope import plain
from fetuin.runs.worker import Work
from fetuin.service.body import Body
from fetuin.service.kinds import Kind


class Parameters(Body):
    """Which of the shipped outcomes."""

    name: str = Field("", max_length=100, description="only outcomes whose name contains this")


def _listed(p: Mapping[str, Any]) -> list[Any]:
    from fetuin.validation.outcome import shipped

    found = [o for o in shipped() if p["name"] in o.name]
    if not found:
        raise UsageError("No shipped outcome has such a name.", where="parameters.name", fix="leave it empty for all")
    return found


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """One outcome as `fetuin validate --json` tells it."""
    from fetuin.validation.replay import replay

    found: dict[str, Any] = plain(replay(_listed(p)[number]).to_dict())
    return found


def join(p: Mapping[str, Any], parts: list[Any]) -> dict[str, Any]:
    """All of them, and how many are reproduced."""
    return {"outcomes": parts, "passed": sum(bool(r["pass"]) for r in parts), "n": len(parts)}


KIND = Kind("published outcomes replayed", Parameters, Work(lambda p: len(_listed(p)), chunk, join))
