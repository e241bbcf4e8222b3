"""`fetuin trial replicate`: published trials simulated from their published inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import console, emit, ensure_dir, progress, research_use, written


def replicate(
    facts: Path | None = None, *, n: int = 2000, seed: int = 1, out: Path | None = None, json: bool = False
) -> int:
    """Simulate published trials from their published inputs; effect and interval beside the published ones.

    Parameters
    ----------
    facts
        A JSON file of published trials: id, design, n, arms, effect. The shipped ones by default.
    n
        Simulated trials of each.
    seed
        The same seed gives the same digits.
    out
        A folder for the page.
    json
        One JSON object on stdout: {"trials": [{id, recipe, published, expected, simulated, power, agrees, why}]}.
    """
    from fetuin.errors import UsageError
    from fetuin.trials.replication import read_published, replicate_all, shipped

    if not 2 <= n <= 200_000 or seed < 0:
        raise UsageError(
            f"--n {n} --seed {seed} cannot be.",
            where="--n, --seed",
            why="simulated trials are counted",
            fix="--n 2000 --seed 1",
        )
    records = read_published(facts) if facts is not None else shipped()
    found = list(progress(replicate_all(records, n, seed), "published trials", len(records)))
    files = []
    if out is not None:
        from fetuin.reports.page import write_page
        from fetuin.reports.replication import gallery_page

        files = [write_page(ensure_dir(out) / "replication.html", gallery_page(found, seed))]
    if json:
        emit(
            "trial-replicate/1",
            {"trials": [r.to_dict() for r in found], "seed": seed, "files": [str(f) for f in files]},
        )
    else:
        _print(found)
    for f in files:
        written(f)
    research_use()
    return 0


def _print(found: list[Any]) -> None:
    from rich.table import Table

    from fetuin.trials.replication.words import said

    grid = Table(title="Published trials, replicated from their inputs")
    grid.add_column("trial", no_wrap=True)
    for name in ("published", "simulated", "power", "agrees"):
        grid.add_column(name)
    for r in found:
        verdict = {True: "[green]yes[/]", False: "[red]no[/]", None: "not comparable"}[r.agrees]
        grid.add_row(r.id, said(r.published), said(r.simulated), "-" if r.power is None else f"{r.power:.3f}", verdict)
    screen = console(stderr=False)
    screen.print(grid)
    for r in found:
        if r.agrees is not True:
            screen.print(f"  {r.id}: {r.why}")
