"""Published trials simulated from their published inputs: one trial a chunk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fetuin.reports.envelope import plain
from fetuin.runs.worker import Work
from fetuin.service.body import Body
from fetuin.service.kinds import Kind


class Parameters(Body):
    """How many simulated trials of each, from which seed."""

    n: int = Field(2000, ge=2, le=200_000)
    seed: int = Field(1, ge=0, le=2**31)


def count(p: Mapping[str, Any]) -> int:
    """The shipped trials."""
    from fetuin.trials.replication import shipped

    return len(shipped())


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """One trial beside what was published of it."""
    from fetuin.trials.replication import replicate_all, shipped

    found: dict[str, Any] = plain(next(replicate_all([shipped()[number]], p["n"], p["seed"])).to_dict())
    return found


def join(p: Mapping[str, Any], parts: list[Any]) -> dict[str, Any]:
    """All of them, as `fetuin trial replicate --json` tells them."""
    return {"trials": parts, "seed": p["seed"]}


KIND = Kind("published trials simulated from their inputs", Parameters, Work(count, chunk, join))
