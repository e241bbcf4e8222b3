"""Two trials simulated on common random numbers and set side by side: the steps of one, then those of the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fetuin.reports.envelope import plain
from fetuin.runs.worker import Work
from fetuin.service.body import Body
from fetuin.service.kinds import Kind
from fetuin.service.studies import table_of
from fetuin.service.work import trial_simulate as one


class Parameters(Body):
    """Two studies, how often, from which seed."""

    a: str | dict[str, Any] = Field(description="the name of a shipped study, or the table of a study file")
    b: str | dict[str, Any]
    n: int = Field(1000, ge=2, le=1_000_000, description="replicates of each")
    seed: int = Field(1, ge=0, le=2**53)


def _of(p: Mapping[str, Any], which: str) -> dict[str, Any]:
    return {"study": p[which], "n": p["n"], "seed": p["seed"]}


def count(p: Mapping[str, Any]) -> int:
    """Steps of both."""
    return one.count(_of(p, "a")) + one.count(_of(p, "b"))


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A step of the first or of the second."""
    first = one.count(_of(p, "a"))
    which, k = ("a", number) if number < first else ("b", number - first)
    return {"study": which} | one.chunk(_of(p, which), k)


def join(p: Mapping[str, Any], parts: list[Any]) -> dict[str, Any]:
    """The comparison, as `fetuin trial compare --json` tells it."""
    from fetuin.trials.comparison import body
    from fetuin.trials.run import run_trial

    both = [run_trial(table_of(p[k]), p["n"], p["seed"], out=one.home(_of(p, k))) for k in ("a", "b")]
    found: dict[str, Any] = plain(body(*both))
    return found


KIND = Kind("two trials on common random numbers, side by side", Parameters, Work(count, chunk, join))
