"""`fetuin case`: a case revealed step by step, for teaching."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import App

from fetuin.cli.output import console, emit, research_use

if TYPE_CHECKING:
    from fetuin.diagnosis.reveal import Step

command = App(name="case", help="Cases revealed step by step, for teaching.")
BAR = 24


@command.command(name="list")
def list_(*, json: bool = False) -> int:
    """The shipped cases.

    Parameters
    ----------
    json
        One JSON object on stdout.
    """
    from fetuin.examples import examples

    if json:
        emit("cases/1", {"cases": [{"name": e.name, "title": e.title, "setting": e.setting} for e in examples()]})
    else:
        for e in examples():
            console(stderr=False).print(f"{e.name:34} {e.title}")
    research_use()
    return 0


@command.command
def play(case: str, *, setting: str = "", all: bool = False, json: bool = False) -> int:
    """Reveal a case in four steps: who and where, the tissue, the blood, the history; guess before each.

    Parameters
    ----------
    case
        The name of a shipped case (`fetuin case list`), or a file that fetuin reads.
    setting
        Where the person comes from; the case's own by default.
    all
        Show every step at once, without asking.
    json
        Every step as one JSON object on stdout.
    """
    record, about, place = _case(case, setting)
    from fetuin.diagnosis.reveal import reveal

    steps = list(reveal(record, place))
    if json:
        emit("case/1", {"case": case, "setting": place, "teaches": about.get("teaches", ""),
                        "published": about.get("mechanism", ""), "source": about.get("source", ""),
                        "steps": [vars(s) | {"leading": s.leading} for s in steps]})  # fmt: skip
    else:
        _play(steps, about, asks=sys.stdin.isatty() and not all)
    research_use()
    return 0


def _case(case: str, setting: str) -> tuple[Any, dict[str, str], str]:
    """(record, what is published about it, setting)."""
    from fetuin.records import read_record  # type: ignore[attr-defined]

    if Path(case).is_file():
        return read_record(case), {}, setting or "general"
    from fetuin.examples import example

    found = example(case)
    with found.path() as path:
        record = read_record(path)
    return record, {k: getattr(found, k) for k in ("title", "teaches", "mechanism", "source")}, setting or found.setting


def _play(steps: list[Step], about: dict[str, str], asks: bool) -> None:
    screen = console(stderr=False)
    if about:
        screen.print(f"[bold]{about['title']}[/bold]\n")
    for k, step in enumerate(steps, 1):
        screen.print(f"[bold]{k}. {step.title}[/bold]  {step.question}")
        if asks:
            input("   Your guess, then Enter: ")
        for fact in step.facts or ("nothing is reported",):
            screen.print(f"   - {fact}", markup=False)
        for name, p in sorted(step.mechanisms.items(), key=lambda x: -x[1])[:4]:
            screen.print(f"   {name:14} {'█' * round(BAR * p):{BAR}} {p:4.0%}", markup=False)
        screen.print()
    if about:
        screen.print(f"Published as {about['mechanism']}. {about['teaches']}\n{about['source']}", markup=False)
