"""`fetuin trial simulate`: operating characteristics of a study, with Monte Carlo errors; a run that survives a kill."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fetuin.cli.output import console, emit, research_use, written

MOST_SHOWN = 4  # scenarios side by side


def simulate(
    study: str, *, n: int = 1000, seed: int = 1, out: Path | None = None, workers: int = 1, dask: str = "", json: bool = False,
) -> int:  # fmt: skip
    """Simulate a study N times: power, type I error, bias, coverage, size, duration, patient-months and cost.

    Parameters
    ----------
    study
        A study.toml, or the name of a shipped one.
    n
        Replicates of each scenario, with effect and without.
    seed
        The same seed gives the same digits for any number of workers.
    out
        A run folder: report.html, tables, ADaM data of one trial. Killed, it goes on with `fetuin resume`.
    workers
        Processes.
    dask
        Address of a Dask scheduler instead.
    json
        One JSON object on stdout.
    """
    from fetuin.trials.run import run_trial

    bar = Bar()
    again = ("trial", "simulate", _kept(study), "--n", str(n), "--seed", str(seed))
    found = run_trial(study, n, seed, out=out, workers=workers, dask=dask, arguments=again, watch=bar)
    bar.close()
    files = _write(found, out) if out is not None else []
    if json:
        emit("trial-simulate/1", found.to_dict() | {"files": [str(f) for f in files]})
    else:
        _print(found)
    for f in files:
        written(f)
    research_use()
    return 0


def _kept(study: str) -> str:
    """How a run names its study: the shipped name, or its copy in the run folder."""
    path = Path(study)
    return f"{{inputs}}/{path.name}" if path.is_file() else study


class Bar:
    """One line on stderr while a person watches: how far, and the power so far with its shrinking error."""

    def __init__(self) -> None:
        self.on = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int, power: tuple[float, float] | None) -> None:
        if self.on:
            tail = f", power so far {power[0]:.3f} +- {1.96 * power[1]:.3f}" if power else ""
            print(f"\r{what}: {done} of {total} chunks{tail}   ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self.on:
            print(file=sys.stderr)


def _write(found: Any, out: Path) -> list[Path]:
    from fetuin.reports.page import write_page
    from fetuin.reports.trial import trial_page
    from fetuin.runs import RunFolder
    from fetuin.trials.outputs import write_outputs

    folder = RunFolder.open(out)
    files = write_outputs(found, folder.outputs)
    folder.finish()  # the page below carries the hour it was made, so it is not among the outputs that a rerun compares
    files.append(write_page(out / "report.html", trial_page(found)))
    return files


def _print(found: Any) -> None:
    from rich.table import Table

    from fetuin.trials.operating_characteristics import said

    screen = console(stderr=False)
    shown = found.scenarios[:MOST_SHOWN]
    grid = Table(title=f"{found.study.title}: {found.n} trials, seed {found.seed}; value and Monte Carlo error")
    grid.add_column("characteristic", no_wrap=True)
    for s in shown:
        grid.add_column(s.name, justify="right")
    for name in dict.fromkeys(c.name for s in shown for c in s.characteristics):
        cells = [
            next(
                (f"{said(c.value, c.mcse)} {c.unit}".removesuffix(" 1") for c in s.characteristics if c.name == name),
                "-",
            )
            for s in shown
        ]
        grid.add_row(name, *cells)
    screen.print(grid)
    if len(shown) < len(found.scenarios):
        screen.print(f"{len(found.scenarios) - len(shown)} more scenarios: --json or --out shows them")
    for s in found.scenarios:
        if any(s.failures.values()):
            screen.print(
                f"{s.name}: fits that did not converge: " + ", ".join(f"{v} ({k})" for k, v in s.failures.items())
            )
    if found.endpoints is not None:
        from fetuin.cli.trial_design import show_endpoints

        show_endpoints(screen, found.endpoints.to_dict())
        return
    screen.print(f"[bold]{found.caution}[/]")
