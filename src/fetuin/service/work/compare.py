"""Arms of treatment for the person of a record, each with the same members of an ensemble: `fetuin compare` as a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fetuin.reports.envelope import plain
from fetuin.runs.worker import Work
from fetuin.service.body import Body
from fetuin.service.kinds import Kind
from fetuin.service.records import Given, one


class Parameters(Body):
    """Whose record, which arms, how long. The record is kept with the job until the job is removed."""

    record: Given
    arms: list[str] = Field(
        min_length=1, max_length=6, description='each in words: "sevelamer 4.8 g/d; cinacalcet 30 mg/d"'
    )
    years: float = Field(5.0, gt=0, le=30)
    n: int = Field(200, ge=2, le=2000, description="members of the ensemble")
    seed: int = Field(1, ge=0, le=2**31)


def count(p: Mapping[str, Any]) -> int:
    """One; a record or an arm that cannot be read is told at once."""
    from fetuin.simulation.regimen_text import arm

    one(Given(**p["record"]))
    for text in p["arms"]:
        arm(text)
    return 1


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The comparison, as `fetuin compare --json` tells it."""
    from fetuin.simulation.arms import compare

    done = compare(one(Given(**p["record"])), p["arms"], p["years"], members=p["n"], seed=p["seed"])
    found: dict[str, Any] = plain(done.to_dict())
    return found


KIND = Kind("arms of treatment for one person, side by side", Parameters, Work(count, chunk, lambda p, parts: parts[0]))
