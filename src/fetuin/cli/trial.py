"""`fetuin trial`: design, analyse and replay trials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cyclopts import App

from fetuin.cli.output import console, emit, research_use
from fetuin.cli.trial_analyse import analyse
from fetuin.cli.trial_compare import compare
from fetuin.cli.trial_design import design
from fetuin.cli.trial_replicate import replicate
from fetuin.cli.trial_simulate import simulate

command = App(
    name="trial", help="Trials: design, simulate, analyse, compare; replay published trials and reference results."
)
for verb in (design, simulate, analyse, compare, replicate):
    command.command(verb)


@command.command
def conform(file: Path, *, json: bool = False, failures: bool = False) -> int:
    """Replay reference records (SAS, rpact, published designs) and compare number by number.

    Parameters
    ----------
    file
        JSON records: id, kind, input or model, expected or output, tol. Data sets are looked for beside it.
    json
        One JSON object on stdout.
    failures
        Print only the records that fail.
    """
    from fetuin.trials.conformance import conform as replay

    rows = replay(file)
    if json:
        emit("trial-conform/1", {"records": rows})
    else:
        _table([r for r in rows if not (failures and r["pass"])], rows)
    research_use()
    return 0 if all(r["pass"] for r in rows) else 1


def _table(shown: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    grid = Table(title=f"{sum(r['pass'] for r in rows)} of {len(rows)} records agree")
    for name in ("id", "kind", "pass", "why"):
        grid.add_column(name)
    for r in shown:
        grid.add_row(r["id"], r["kind"], "[green]yes[/]" if r["pass"] else "[red]no[/]", r["why"])
    console(stderr=False).print(grid)
