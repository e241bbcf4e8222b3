"""`fetuin trial compare`: two studies simulated on common random numbers, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def compare(
    a: str, b: str, *, n: int = 1000, seed: int = 1, workers: int = 1, out: Path | None = None, json: bool = False,
) -> int:  # fmt: skip
    """Simulate two studies and set their operating characteristics side by side.

    Parameters
    ----------
    a
        A study.toml, or the name of a shipped one; of a grid its first scenario.
    b
        Another.
    n
        Replicates of each.
    seed
        The same for both: common random numbers.
    workers
        Processes.
    out
        A folder for the page and the two run folders.
    json
        One JSON object on stdout.
    """
    from fetuin.cli.trial_simulate import Bar
    from fetuin.trials.comparison import body
    from fetuin.trials.run import run_trial

    bar = Bar()
    found = [
        run_trial(s, n, seed, workers=workers, out=out / k if out is not None else None, watch=bar)
        for k, s in (("a", a), ("b", b))
    ]
    bar.close()
    told = body(*found)
    files = []
    if out is not None:
        from fetuin.reports.page import write_page
        from fetuin.reports.trial_comparison import comparison_page

        files = [write_page(ensure_dir(out) / "comparison.html", comparison_page(*found))]
    if json:
        emit("trial-compare/1", told | {"files": [str(f) for f in files]})
    else:
        _print(told)
    for f in files:
        written(f)
    research_use()
    return 0


def _print(told: dict[str, Any]) -> None:
    from rich.table import Table

    from fetuin.trials.operating_characteristics import said

    grid = Table(
        title=f"A: {told['a']['title']}\nB: {told['b']['title']}\n{told['n']} trials each, seed {told['seed']}"
    )
    for name in ("characteristic", "A", "B", "B less A", "unit"):
        grid.add_column(name)
    for r in told["characteristics"]:
        cells = [said(r[k], r[f"{k}_mcse"]) for k in ("a", "b", "difference")]
        grid.add_row(r["name"], *cells, r["unit"])
    console(stderr=False).print(grid)
    console(stderr=False).print(f"[bold]{told['caution']}[/]")
