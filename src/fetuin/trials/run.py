"""Simulate a study: the bank once, then replicates in chunks that survive a kill, then the operating characteristics.

    result = run_trial("study.toml", n=10_000, seed=1)

Trial k of a seed is the same trial in every chunk, order and number of workers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError, LimitError, NumericalError, UsageError
from fetuin.runs import RunFolder, run_chunks
from fetuin.trials import bank as banks
from fetuin.trials.endpoint_comparison import Comparison
from fetuin.trials.mechanism import YEAR_DAYS, compare
from fetuin.trials.operating_characteristics import characteristics, share
from fetuin.trials.replicates import Rows, chunk_size, replicates, true_effect
from fetuin.trials.result import ScenarioResult, TrialResult
from fetuin.trials.scenarios import Scenario, scenarios
from fetuin.trials.size import randomised
from fetuin.trials.study import Study, read_study

MOST = 1_000_000  # replicates
UNITS = {"log": "log ratio", "sqrt": "root", "hazard": "log hazard ratio"}
Watch = Callable[[str, int, int, tuple[float, float] | None], None]


def run_trial(
    study: str | Path | Mapping[str, Any] | Study, n: int = 1000, seed: int = 1, *, out: Path | str | None = None, workers: int = 1,
    dask: str = "", arguments: tuple[str, ...] = (), watch: Watch | None = None,
) -> TrialResult:  # fmt: skip
    """Simulate `study` (path, shipped name, table or Study) `n` times. `out` is a run folder that can be resumed.

    `watch(what, done, total, power so far with its Monte Carlo error)` is called after each chunk.
    """
    if not 2 <= n <= MOST:
        raise UsageError(
            f"{n} replicates cannot be simulated.",
            where="n",
            why="each characteristic has a Monte Carlo error",
            fix=f"2 to {MOST}",
        )
    if seed < 0:
        raise UsageError(f"seed {seed} cannot be.", where="seed", why="seeds are not negative", fix="0 or more")
    planned = study if isinstance(study, Study) else read_study(study)
    listed = scenarios(planned)
    with ExitStack() as stack:
        path = (
            Path(out)
            if out is not None
            else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fetuin-trial-")))
        )
        folder = RunFolder.create(path, "trial simulate", arguments=arguments, inputs=_inputs(study),
                                  parameters={"table": dict(planned.table), "n": n, "seed": seed})  # fmt: skip
        made = _banks(folder, listed, workers, dask, watch)
        rows = _replicated(folder, listed, n, seed, made, workers, dask, watch)
        results = tuple(_scenario(s, *rows[k], made[k], seed) for k, s in enumerate(listed))
    return TrialResult(planned, seed, n, results, _three(results[0]))


def _three(first: ScenarioResult) -> Comparison | None:
    """T50, CAC and events for the mechanism of the bank, where it was followed for a year."""
    if first.people is None or "cac" not in first.people.curves or first.people.days[-1] < YEAR_DAYS:
        return None
    try:
        return compare(first.study, first.people)
    except InputError:  # it does nothing to T50 or to CAC: no size would do
        return None


def _inputs(study: Any) -> list[Path]:
    """The study file, where it is one."""
    return [Path(study)] if isinstance(study, str | Path) and Path(study).is_file() else []


def _banks(folder: RunFolder, listed: tuple[Scenario, ...], workers: int, dask: str, watch: Watch | None) -> list[str]:
    """The file of each scenario's bank ("" for the statistical generator); each distinct bank once."""
    files: list[str] = []
    for s in listed:
        if not s.study.patients.mechanistic:
            files.append("")
            continue
        what = banks.part(s.study)
        home = folder.path / "banks" / banks.name(what)
        if not (home / "bank.npz").exists():
            inner = RunFolder.create(home, "trial bank", parameters=what)
            for ran in run_chunks(inner, banks.work, banks.chunks(what), workers=workers, dask=dask):
                if watch:
                    watch("virtual patients", ran.done, ran.total, None)
            _complete(ran.failed, home)
            banks.keep(banks.join(list(ran.files)), home / "bank.npz")
        files.append(str(home / "bank.npz"))
    return files


@lru_cache(maxsize=8)
def _bank(path: str) -> banks.Bank | None:
    return banks.join([Path(path)]) if path else None


@lru_cache(maxsize=64)
def _study(text: str, scenario: int) -> Study:
    import json

    return scenarios(read_study(json.loads(text)))[scenario].study


def work(parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    """One chunk of trials of one scenario, with effect or without: their rows."""
    import json

    study = _study(json.dumps(parameters["table"]), chunk["scenario"])
    rows = replicates(
        study, _bank(chunk["bank"]), parameters["seed"], range(chunk["start"], chunk["stop"]), chunk["null"]
    )
    with path.open("wb") as stream:
        np.savez(stream, **rows)  # type: ignore[arg-type]


def _replicated(
    folder: RunFolder,
    listed: tuple[Scenario, ...],
    n: int,
    seed: int,
    made: list[str],
    workers: int,
    dask: str,
    watch: Watch | None,
) -> list[tuple[Rows, Rows]]:
    chunks = []
    for k, s in enumerate(listed):
        size = chunk_size(s.study)
        for null in (False, True):
            chunks += [
                {"scenario": k, "null": null, "start": a, "stop": min(a + size, n), "bank": made[k]}
                for a in range(0, n, size)
            ]
    seen: dict[int, np.ndarray] = {}
    for ran in run_chunks(folder, work, chunks, workers=workers, dask=dask):
        if watch:
            watch("trials", ran.done, ran.total, _so_far(folder, chunks, seen))
    _complete(ran.failed, folder.path)
    parts = [np.load(f) for f in ran.files]
    found = []
    for k in range(len(listed)):
        pair = []
        for null in (False, True):
            mine = [p for p, c in zip(parts, chunks) if c["scenario"] == k and c["null"] == null]
            pair.append({name: np.concatenate([p[name] for p in mine]) for name in mine[0].files})
        found.append((pair[0], pair[1]))
    return found


def _so_far(folder: RunFolder, chunks: list[dict[str, Any]], seen: dict[int, np.ndarray]) -> tuple[float, float] | None:
    """Power of the first scenario over the chunks that are done, with its Monte Carlo error."""
    for k, c in enumerate(chunks):
        file = folder.path / "chunks" / f"{k:06d}.npz"
        if c["scenario"] == 0 and not c["null"] and k not in seen and file.exists():
            seen[k] = np.load(file)["success"]
    return share(np.concatenate(list(seen.values()))) if seen else None


def _complete(failed: tuple[dict[str, Any], ...], where: Path) -> None:
    if not failed:
        return
    error = failed[0]["error"]
    if str(error.get("code", "")).startswith("FET-L"):
        raise LimitError(
            error["what"], where=error.get("where", ""), why=error.get("why", ""), fix=error.get("fix", "")
        )
    raise NumericalError(f"{len(failed)} chunks failed: {error.get('what', '')}", where=str(error.get("where", where)),
                         why=str(error.get("why", "see failed.json in the run folder")), fix=str(error.get("fix", "fetuin resume FOLDER")))  # fmt: skip


def _scenario(s: Scenario, rows: Rows, null: Rows, bank: str, seed: int) -> ScenarioResult:
    study, people = s.study, _bank(bank)
    truth = true_effect(study, people, seed)
    unit = UNITS.get(study.estimand.scale, study.endpoint.kind.unit)
    found = characteristics(rows, null, truth, sided=study.plan.sided, unit=unit, currency=study.plan.cost.currency)
    about = {"people": people.people, "lost": people.lost, **banks.part(study)} if people else {}
    return ScenarioResult(s.name, s.changes, study, randomised(study), truth, found, rows, null, about, people)
