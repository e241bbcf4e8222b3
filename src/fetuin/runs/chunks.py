"""Chunks of a run: each is a pure function of the parameters, its own description and its seed, and becomes one file.

What is there is never computed again, so a run that was killed goes on where it stood and ends bit-identical to an
unbroken one, with any number of workers. A chunk that fails is named, and the others go on.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import FetuinError, LimitError
from fetuin.runs.atomic import replacing
from fetuin.runs.executors import chosen
from fetuin.runs.folder import RunFolder

Work = Callable[[Mapping[str, Any], Mapping[str, Any], Path], None]


@dataclass(frozen=True)
class Ran:
    """How far a run is: the files of the finished chunks in order, and the failed ones with their reasons."""

    done: int
    total: int
    files: tuple[Path, ...] = ()
    failed: tuple[dict[str, Any], ...] = ()


def seeds(seed: int, chunk: int) -> np.random.Generator:
    """The random numbers of one chunk: the same for any number of workers and any order."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(chunk,))))


def run_chunks(
    folder: RunFolder, work: Work, chunks: Sequence[Mapping[str, Any]], *, suffix: str = ".npz", workers: int = 1,
    dask: str = "",
) -> Iterator[Ran]:  # fmt: skip
    """Do what is not yet there; after each chunk how far the run is, at the end all of it.

    `work(parameters, chunk, path)` is a function of a module (it travels to other processes) and writes one file.
    A full disk ends the run with the command that resumes it; any other failure of a chunk is recorded in
    `failed.json` with its description and tried again by the next resume.
    """
    files = [folder.path / "chunks" / f"{k:06d}{suffix}" for k in range(len(chunks))]
    todo = [(k, (work, folder.parameters, dict(c), f)) for k, (c, f) in enumerate(zip(chunks, files)) if not f.exists()]
    failed: dict[int, dict[str, Any]] = {}
    done = len(files) - len(todo)
    yield Ran(done, len(files))
    for key, error in chosen(workers, dask)(_one, todo):
        if error is None:
            done += 1
        else:
            failed[key] = _failure(folder, key, chunks[key], error)
        yield Ran(done, len(files), failed=tuple(failed.values()))
    kept = tuple(failed[k] for k in sorted(failed))
    with replacing(folder.path / "failed.json") as part:
        part.write_text(json.dumps(kept, indent=1), "utf-8")
    yield Ran(done, len(files), tuple(f for f in files if f.exists()), kept)


def _one(work: Work, parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    from threadpoolctl import threadpool_limits

    with replacing(path) as part, threadpool_limits(1):  # one BLAS thread: the same order of sums wherever it runs
        work(parameters, chunk, part)


def _failure(folder: RunFolder, key: int, chunk: Mapping[str, Any], error: BaseException) -> dict[str, Any]:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        folder.log("disk full", chunk=key)
        raise LimitError(f"the disk is full at chunk {key}.", where=str(folder.path), why="nothing finished is lost",
                         fix=f"make room, then: fetuin resume {folder.path}") from error  # fmt: skip
    told = error.to_dict() if isinstance(error, FetuinError) else {"what": f"{type(error).__name__}: {error}"[:300]}
    folder.log("chunk failed", chunk=key, error=told)
    return {"chunk": key, **{k: v for k, v in chunk.items() if isinstance(v, (str, int, float))}, "error": told}
