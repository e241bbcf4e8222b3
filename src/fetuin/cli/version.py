"""`fetuin version`: what is installed (code, knowledge, models: a version each), and what it is for."""

from __future__ import annotations

from fetuin.cli.output import emit
from fetuin.notice import RESEARCH_USE
from fetuin.versions import sentence


def command(*, json: bool = False) -> int:
    """Print the versions of code, knowledge and models, and the research-use line."""
    if json:
        emit("version/1", {"research_use": RESEARCH_USE})
    else:
        print(f"{sentence()}. {RESEARCH_USE}")
    return 0
