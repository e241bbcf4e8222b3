"""What a first caller would wait for, done at the start in a thread: the compiled body, the knowledge, the imports."""

from __future__ import annotations

import gc
import threading

READY = threading.Event()


def begin(wanted: bool = True) -> None:
    """Warm up in the background; `READY` is set when done, or at once where it is not wanted."""
    if not wanted:
        READY.set()
        return
    threading.Thread(target=_warm, daemon=True, name="warm").start()


def _warm() -> None:
    from fetuin.diagnosis import assess
    from fetuin.examples.shipped import examples
    from fetuin.records import read_record
    from fetuin.service.own_words import own
    from fetuin.simulation.simulate import simulate

    with examples()[0].path() as path:
        assess(read_record(path))
    simulate(days=1.0)
    own()
    _settle()
    READY.set()


def _settle() -> None:
    """What stands now stays: the collector of cycles need not look at a million objects of libraries in every round."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)  # a record of 50 kB makes some thousand objects, none of them in a cycle
