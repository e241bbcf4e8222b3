"""Who wants to know what a first run is waiting for: compiling takes seconds, and silence looks like a hang.

    with telling(print):
        integrate(...)

Without a listener nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[str], None]] = []


@contextmanager
def telling(listener: Callable[[str], None]) -> Iterator[None]:
    """Within the block, `listener` gets one sentence before each slow part of a first run."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(sentence: str) -> None:
    """Say what begins now."""
    for listener in list(_listeners):
        listener(sentence)
