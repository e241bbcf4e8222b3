"""Work of the tests, importable by other processes."""

import os
import signal
from pathlib import Path

import numpy as np

from fetuin.runs.chunks import seeds


def draw(parameters, chunk, path):
    if chunk["k"] == parameters.get("poison"):
        raise ValueError("poisoned")
    if chunk["k"] == parameters.get("killer"):
        os.kill(os.getpid(), signal.SIGKILL)
    once = Path(parameters.get("once", "/nonexistent/x"))
    if chunk["k"] == 1 and once.parent.exists() and not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    with path.open("wb") as stream:
        np.save(stream, seeds(parameters["seed"], chunk["k"]).standard_normal(1000))


def full(parameters, chunk, path):
    raise OSError(28, "No space left on device")
