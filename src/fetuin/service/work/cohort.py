"""A whole cohort: `fetuin cohort assess | simulate | t50 | ct` over what was sent to `/api/inputs`.

The work lies in a run folder under the hash of what is asked: a worker that is killed goes on at the chunk it was at. The
table of people is at `/api/jobs/{job}/people`. Folder and table are removed with the job.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from fetuin.runs.worker import Work
from fetuin.service import inputs
from fetuin.service.body import Body
from fetuin.service.kinds import Kind
from fetuin.service.settings import scratch

OF_VERB = {"assess": ("setting", "hide_tissue"), "simulate": ("days",), "t50": ("model",), "ct": ("policy",)}


class Parameters(Body):
    """Which verb, over what, how."""

    verb: Literal["assess", "simulate", "t50", "ct"]
    input: str = Field(pattern="^[0-9a-f]{32}$", description="the answer of POST /api/inputs")
    setting: str = Field("general", max_length=60, description="assess")
    hide_tissue: bool = Field(False, description="assess")
    days: float = Field(365.0, gt=0, le=36525, description="simulate")
    model: str = Field("5pl", max_length=20, pattern="^[a-z0-9-]*$", description="t50: the curve")
    policy: str = Field("literature", max_length=40, pattern="^[a-z0-9_-]*$", description="ct: what counts as a spot")


def _parameters(p: Mapping[str, Any]) -> dict[str, Any]:
    return {k: p[k] for k in OF_VERB[p["verb"]]}


def home(p: Mapping[str, Any]) -> Path:
    """The run folder of these parameters."""
    told = json.dumps([p["verb"], p["input"], _parameters(p)], sort_keys=True)
    return scratch() / f"cohort-{hashlib.sha256(told.encode()).hexdigest()[:24]}"


def people(p: Mapping[str, Any]) -> Path:
    """The table of people, where the run is done."""
    return home(p) / "outputs" / "people.parquet"


def count(p: Mapping[str, Any]) -> int:
    """One: its own chunks lie in the run folder. What is not there is told at once."""
    from fetuin.knowledge.setting import setting_named

    setting_named(p["setting"])
    inputs.source(p["input"])
    return 1


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The whole run, or what a kill left of it; the summary."""
    from fetuin.cohorts.run import run

    failed: tuple[Any, ...] = ()
    for last in run(p["verb"], inputs.source(p["input"]), home(p), _parameters(p), workers=1):
        failed = last.failed
    body: dict[str, Any] = json.loads((home(p) / "outputs" / "summary.json").read_text("utf-8"))
    return body | {"failed": [str(f) for f in failed]}


def forget(p: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> None:
    """Remove the run folder, unless another job asked for the same run and has its table there."""
    if home(p) not in map(home, others):
        shutil.rmtree(home(p), ignore_errors=True)


KIND = Kind(
    "a cohort assessed, simulated or measured", Parameters, Work(count, chunk, lambda p, parts: parts[0]), forget
)
