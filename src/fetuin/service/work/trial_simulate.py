"""A trial simulated many times. Steps are those of the run folder: virtual patients first, then trials, then the summary.

The folder lies in the state folder under the hash of what is asked, so that a killed worker's finished steps stay; where it
is lost, a step makes again what it needs. Trial k of a seed is the same trial whatever was killed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from fetuin.errors import UsageError
from fetuin.reports.envelope import plain
from fetuin.runs.worker import Work
from fetuin.service.body import Body
from fetuin.service.kinds import Kind
from fetuin.service.settings import scratch
from fetuin.service.studies import table_of


class Parameters(Body):
    """A study, how often, from which seed."""

    study: str | dict[str, Any] = Field(description="the name of a shipped study, or the table of a study file")
    n: int = Field(1000, ge=2, le=1_000_000, description="replicates of each scenario, with effect and without")
    seed: int = Field(1, ge=0, le=2**53)


@dataclass(frozen=True)
class Step:
    """One chunk of a bank (`bank` is its parameters) or of trials."""

    chunk: dict[str, Any]
    bank: dict[str, Any] | None
    number: int


def _steps(p: Mapping[str, Any], home: Path) -> list[Step]:
    from fetuin.trials import bank as banks
    from fetuin.trials.replicates import chunk_size
    from fetuin.trials.scenarios import scenarios
    from fetuin.trials.study import read_study

    made: dict[str, Step] = {}
    trials: list[dict[str, Any]] = []
    for k, s in enumerate(scenarios(read_study(table_of(p["study"])))):
        file = ""
        if s.study.patients.mechanistic:
            what = banks.part(s.study)
            file = str(home / "banks" / banks.name(what) / "bank.npz")
            made |= {f"{file}/{j}": Step(c, what, j) for j, c in enumerate(banks.chunks(what))}
        size = chunk_size(s.study)
        trials += [{"scenario": k, "null": null, "start": a, "stop": min(a + size, p["n"]), "bank": file}
                   for null in (False, True) for a in range(0, p["n"], size)]  # fmt: skip
    return [*made.values(), *(Step(c, None, k) for k, c in enumerate(trials))]


def home(p: Mapping[str, Any]) -> Path:
    """Where the steps of these parameters are kept."""
    digest = hashlib.sha256(json.dumps({k: p[k] for k in ("study", "n", "seed")}, sort_keys=True).encode()).hexdigest()
    return scratch() / digest[:24]


def count(p: Mapping[str, Any]) -> int:
    """Steps; LimitError and InputError where the study is wrong."""
    total = len(_steps(p, Path("unused")))
    if total > 200_000:
        raise UsageError("That many trials are no job.", fix="ask for fewer, or run fetuin trial simulate on a cluster")
    return total


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Do one step; of trials, how many ended in success."""
    import numpy as np

    from fetuin.runs import RunFolder
    from fetuin.runs.atomic import replacing
    from fetuin.trials.run import work

    place = home(p)
    table = table_of(p["study"])
    folder = RunFolder.create(place, "trial simulate", parameters={"table": table, "n": p["n"], "seed": p["seed"]})
    step = _steps(p, place)[number]
    if step.bank is not None:
        _people(place, step.bank, step.number)
        return {"people": step.chunk["people"]}
    if step.chunk["bank"]:
        _whole_bank(place, p, step.chunk["bank"])
    path = place / "chunks" / f"{step.number:06d}.npz"
    if not path.exists():
        with replacing(path) as part:
            work(folder.parameters, step.chunk, part)
    won = np.load(path)["success"]
    about = {k: step.chunk[k] for k in ("scenario", "null")}
    return about | {"trials": len(won), "success": int(np.sum(won))}


def _people(home: Path, what: dict[str, Any], number: int) -> None:
    from fetuin.runs import RunFolder
    from fetuin.runs.atomic import replacing
    from fetuin.trials import bank as banks

    inner = RunFolder.create(home / "banks" / banks.name(what), "trial bank", parameters=what)
    path = inner.path / "chunks" / f"{number:06d}.npz"
    if not path.exists():
        with replacing(path) as part:
            banks.work(inner.parameters, banks.chunks(what)[number], part)


def _whole_bank(home: Path, p: Mapping[str, Any], file: str) -> None:
    """The joined bank, made of its chunks; missing ones are made first."""
    from fetuin.trials import bank as banks

    if Path(file).exists():
        return
    mine = [
        s
        for s in _steps(p, home)
        if s.bank is not None and str(home / "banks" / banks.name(s.bank) / "bank.npz") == file
    ]
    for s in mine:
        assert s.bank is not None
        _people(home, s.bank, s.number)
    banks.keep(banks.join([Path(file).parent / "chunks" / f"{s.number:06d}.npz" for s in mine]), Path(file))


def join(p: Mapping[str, Any], parts: list[Any]) -> dict[str, Any]:
    """The operating characteristics, as `fetuin trial simulate --json` tells them."""
    from fetuin.trials.run import run_trial

    found: dict[str, Any] = plain(run_trial(table_of(p["study"]), p["n"], p["seed"], out=home(p)).to_dict())
    return found


KIND = Kind("operating characteristics of a trial by simulation", Parameters, Work(count, chunk, join))
