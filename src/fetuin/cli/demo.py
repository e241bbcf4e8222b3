"""`fetuin demo`: the main job on the shipped examples, real published cases, with a report to look at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fetuin.cli.output import console, emit, progress, research_use

WORDS = (
    "Real published cases, shipped as FHIR bundles with their source. They are published because they are odd: "
    "they say nothing about how common a cause is. The engine's likelihoods were reviewed by people who knew these "
    "cases, so a right answer here is an illustration, not a proof."
)


def _assessed() -> Iterator[Any]:
    import fetuin
    from fetuin.examples import examples
    from fetuin.reports.folder import Item

    for example in progress(examples(), "assessing"):
        with example.path() as path:
            assessment = fetuin.assess(fetuin.read_record(path), setting=example.setting)
        yield Item(assessment, example.name, example.source, example.title)


def command(*, out: Path = Path("demo-report"), json: bool = False) -> int:
    """Assess the shipped examples and write a report.

    Parameters
    ----------
    out
        Folder for the report: an index, and one page, one JSON and one FHIR bundle for each example.
    json
        Print one JSON object (schema fetuin.demo/1) on stdout.
    """
    from fetuin.reports.folder import write_folder

    first, made = write_folder(_assessed(), out, title="fetuin: the shipped examples", words=WORDS)
    if json:
        pages = [{"example": w.page.stem, "answer": w.assessment.answer, "page": str(w.page)} for w in made]
        emit("demo/1", {"report": str(first), "examples": pages})
    else:
        _show(made)
    print(f"report: {first.resolve()}", file=sys.stderr)
    research_use()
    return 0


def _show(made: list[Any]) -> None:
    from rich.table import Table

    from fetuin.reports.assessment import summary_row

    shown = Table(box=None)
    shown.add_column("example", no_wrap=True)
    for name in ("answer", "how sure", "ask next"):
        shown.add_column(name)
    for w in made:
        shown.add_row(w.page.stem, *summary_row(w.assessment)[1:])
    console(stderr=False).print(shown)
