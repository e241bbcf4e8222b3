"""How every command speaks: data to stdout, people's text to stderr, one JSON object of a named schema.

A command ends with `emit(...)` for `--json`, or prints rich text through `console`. Nothing else writes to stdout.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fetuin.notice import RESEARCH_USE
from fetuin.reports.envelope import envelope


def emit(schema: str, body: dict[str, Any]) -> None:
    """Print one JSON object on stdout. `schema` is a name and a version: `serum/1`."""
    json.dump(envelope(schema, body), sys.stdout, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("\n")


def console(*, stderr: bool = True) -> Any:
    """A rich console; on stderr unless the text is the command's answer."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def research_use() -> None:
    """The line that every command prints for people."""
    print(RESEARCH_USE, file=sys.stderr)


def progress(items: Iterable[Any], what: str, total: int | None = None) -> Iterator[Any]:
    """The items, with a bar on stderr while a person watches; silent otherwise."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import track

    yield from track(items, description=what, total=total, console=console())


def watched(steps: Iterable[Any], what: str) -> Any:
    """Go through the steps of a run (each with `done` and `total`) with a bar and time left while a person watches; the last."""
    found: Any = None
    if not sys.stderr.isatty():
        for step in steps:
            found = step
        return found
    from rich.progress import Progress

    with Progress(console=console()) as bar:
        task = bar.add_task(what, total=None)
        for step in steps:
            found = step
            bar.update(task, completed=step.done, total=step.total)
    return found


def written(path: Path) -> None:
    """Say where a file was written."""
    print(f"wrote {path}", file=sys.stderr)


def ensure_dir(path: Path) -> Path:
    """The folder, made if it was not there."""
    path.mkdir(parents=True, exist_ok=True)
    return path
