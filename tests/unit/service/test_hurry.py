"""One lane: calls are done one after the other, and what waits too long is refused and never begun."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from fetuin.service.hurry import Lane, within
from fetuin.service.refusal import Refusal

T = TypeVar("T")


def finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work` in a loop of its own, whatever loop the thread of the tests has (a browser's stays open)."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def closing() -> Iterator[Lane]:
    lane = Lane()
    yield lane
    lane.close()
    assert not lane.crowded()


def test_calls_of_a_lane_never_overlap() -> None:
    at_work, most = 0, 0

    def call(k: int) -> int:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.005)
        at_work -= 1
        return k

    async def many() -> list[int]:
        with closing() as lane:
            return await asyncio.gather(*(within(10, call, k, lane=lane) for k in range(20)))

    assert finished(many()) == list(range(20))
    assert most == 1


def test_what_waits_too_long_is_refused_and_never_begun() -> None:
    begun: list[str] = []
    free = threading.Event()

    def slow() -> None:
        begun.append("slow")
        free.wait(10)

    async def two() -> None:
        with closing() as lane:
            first = asyncio.ensure_future(within(10, slow, lane=lane))
            await asyncio.sleep(0.05)
            with pytest.raises(Refusal, match="longer") as refused:
                await within(0.05, lambda: begun.append("late"), lane=lane)
            assert refused.value.status == 503
            free.set()
            await first

    finished(two())
    assert begun == ["slow"]
