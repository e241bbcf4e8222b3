"""A time limit for an answer: who takes longer is told to ask for a job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from fetuin.service.refusal import Refusal

T = TypeVar("T")


async def within(seconds: float, call: Callable[..., T], *arguments: Any, job: str = "POST /api/jobs") -> T:
    """`call(*arguments)` in a thread, or Refusal 503 after `seconds`. The thread ends its work and its answer is dropped."""
    task = asyncio.ensure_future(run_in_threadpool(call, *arguments))
    task.add_done_callback(lambda t: t.cancelled() or t.exception())  # an error that nobody waits for is no news
    try:
        return await asyncio.wait_for(asyncio.shield(task), seconds)
    except TimeoutError:
        raise Refusal(503, f"It takes longer than {seconds:g} s.", fix=f"ask for less, or for a job: {job}",
                      headers={"Retry-After": "10", "Link": '</api/jobs>; rel="alternate"'}) from None  # fmt: skip
