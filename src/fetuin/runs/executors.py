"""Where chunks are computed: in this process, in processes of this machine, or on an existing Dask cluster.

Each is a function `(call, tasks) -> iterator of (key, error)`: `call(*task)` was done for `key`, or failed with `error`.
A worker that dies takes nothing with it: the tasks in flight are tried again, each alone, so that the one that kills is found.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from fetuin.errors import InputError, MissingExtraError, UsageError

Task = tuple[int, tuple[Any, ...]]  # key, arguments of the call
Done = Iterator[tuple[int, BaseException | None]]
TRIES = 2  # of a task whose worker died, alone


def serial(call: Callable[..., None], tasks: Sequence[Task]) -> Done:
    """One after the other, here."""
    for key, args in tasks:
        yield key, _caught(call, args)


def processes(call: Callable[..., None], tasks: Sequence[Task], workers: int) -> Done:
    """On `workers` processes; a few tasks are in flight at a time."""
    waiting = list(reversed(tasks))
    while waiting:
        suspects: list[Task] = []
        with _pool(workers) as pool:
            flying: dict[Future[None], Task] = {}
            while waiting or flying:
                while waiting and len(flying) < 2 * workers:
                    task = waiting.pop()
                    try:
                        flying[pool.submit(call, *task[1])] = task
                    except BrokenProcessPool:
                        suspects.append(task)
                        break
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    task = flying.pop(future)
                    error = future.exception()
                    if isinstance(error, BrokenProcessPool):
                        suspects.append(task)
                    else:
                        yield task[0], error
                if suspects:
                    suspects += flying.values()
                    break
        for task in suspects:
            yield task[0], _alone(call, task)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _alone(call: Callable[..., None], task: Task) -> BaseException | None:
    error: BaseException | None = None
    for _ in range(TRIES):
        with _pool(1) as pool:
            error = pool.submit(call, *task[1]).exception()
        if not isinstance(error, BrokenProcessPool):
            return error
    return RuntimeError(f"its worker died {TRIES + 1} times (killed, or out of memory)")


def dask(call: Callable[..., None], tasks: Sequence[Task], address: str) -> Done:
    """On an existing Dask cluster; workers must see the run folder (a shared file system)."""
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise MissingExtraError("dask.distributed", "dask") from error
    try:
        client = Client(address, timeout=20, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {address}.", where="--dask", why=str(error),
                         fix="give its address, such as tcp://127.0.0.1:8786") from error  # fmt: skip
    with client, client.as_current():
        keys = {client.submit(call, *args, pure=False, retries=TRIES): key for key, args in tasks}
        for future in as_completed(list(keys)):
            yield keys[future], future.exception()


def chosen(workers: int = 1, address: str = "") -> Callable[[Callable[..., None], Sequence[Task]], Done]:
    """The executor for `--workers N` or `--dask ADDRESS`."""
    if not 1 <= workers <= 512:
        raise UsageError(f"--workers {workers} cannot be.", fix="1 to 512")
    if address:
        return lambda call, tasks: dask(call, tasks, address)
    return serial if workers == 1 else lambda call, tasks: processes(call, tasks, workers)


def _caught(call: Callable[..., None], args: tuple[Any, ...]) -> BaseException | None:
    try:
        call(*args)
    except Exception as error:
        return error
    return None
