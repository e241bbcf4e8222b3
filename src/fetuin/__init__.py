"""fetuin: pathologic calcification, from a record or a plate or a scan to an explained, quantified answer.

The front door. Verbs are imported when first used, so that `import fetuin` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fetuin.notice import RESEARCH_USE, __version__

_DOORS = {
    "read_record": "fetuin.records",
    "assess": "fetuin.diagnosis",
    "simulate": "fetuin.simulation",
    "compare": "fetuin.simulation.arms",
    "measure_plate": "fetuin.assays",
    "measure_scan": "fetuin.imaging",
    "run_trial": "fetuin.trials",
}

__all__ = ["RESEARCH_USE", "__version__", *_DOORS]


def __getattr__(name: str) -> Any:
    if name in _DOORS:
        return getattr(import_module(_DOORS[name]), name)
    raise AttributeError(f"module 'fetuin' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
