"""`fetuin version`: what is installed, and what it is for."""

from __future__ import annotations

from fetuin.cli.output import emit
from fetuin.notice import RESEARCH_USE, __version__


def command(*, json: bool = False) -> int:
    """Print the version of fetuin and its research-use line."""
    if json:
        emit("version/1", {"research_use": RESEARCH_USE})
    else:
        print(f"fetuin {__version__}. {RESEARCH_USE}")
    return 0
