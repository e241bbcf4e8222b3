"""A time limit for an answer: who takes longer is told to ask for a job.

Short work of the processor alone goes into the service's one lane, a thread that takes one call after the other: Python
runs one thread at a time, and many that take turns do the same work in more time, each of them late. What is still in the
line when its time is over is never begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from fetuin.service.refusal import Refusal

T = TypeVar("T")


class Lane:
    """One thread, one call after the other, in the order in which they came."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, "lane")
        self.calls = 0  # begun or waiting; read and written by several threads, and no more than a hint

    def submit(self, call: Callable[..., T], *arguments: Any) -> Future[T]:
        """Put a call at the end of the line."""
        self.calls += 1
        future = self.thread.submit(call, *arguments)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: Future[Any]) -> None:
        self.calls -= 1

    def crowded(self) -> bool:
        """Whether more is coming soon."""
        return self.calls > 0

    def close(self) -> None:
        """End what has begun; what waits is not begun."""
        self.thread.shutdown(wait=True, cancel_futures=True)


async def within(
    seconds: float, call: Callable[..., T], *arguments: Any, job: str = "POST /api/jobs", lane: Lane | None = None
) -> T:
    """`call(*arguments)` in a thread, or Refusal 503 after `seconds`. The thread ends its work and its answer is dropped."""
    in_line: Future[T] | None = lane.submit(call, *arguments) if lane is not None else None
    task = (
        asyncio.ensure_future(run_in_threadpool(call, *arguments)) if in_line is None else asyncio.wrap_future(in_line)
    )
    task.add_done_callback(lambda t: t.cancelled() or t.exception())  # an error that nobody waits for is no news
    try:
        return await asyncio.wait_for(asyncio.shield(task), seconds)
    except TimeoutError:
        if in_line is not None:
            in_line.cancel()  # takes it out of the line; what has begun runs to its end
        raise Refusal(503, f"It takes longer than {seconds:g} s.", fix=f"ask for less, or for a job: {job}",
                      headers={"Retry-After": "10", "Link": '</api/jobs>; rel="alternate"'}) from None  # fmt: skip
