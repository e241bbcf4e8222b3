"""`fetuin trial analyse`: a trial's data by the analysis that its study file asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def analyse(
    data: Path,
    *,
    study: Annotated[str, Parameter(required=True)],
    seed: int = 1,
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Analyse the data of a trial as its study file asks.

    Parameters
    ----------
    data
        CSV, one row a person and visit: USUBJID, TRTP, AVISITN, AVAL (ADaM) or subject, arm, day, value.
    study
        The study.toml, or the name of a shipped one.
    seed
        Of the imputations, where values are missing at the last visit.
    out
        A folder for the page and the tables (CSV, RTF, HTML).
    json
        One JSON object on stdout.
    """
    from fetuin.trials.analyse import analyse as run

    found = run(data, study, seed=seed)
    files = _write(found, ensure_dir(out)) if out is not None else []
    if json:
        emit("trial-analyse/1", found.to_dict() | {"files": [str(f) for f in files]})
    else:
        _print(found)
    for f in files:
        written(f)
    research_use()
    return 0


def _write(found: Any, folder: Path) -> list[Path]:
    from fetuin.reports.page import write_page
    from fetuin.reports.trial_analysis import analysis_page
    from fetuin.trials.outputs import write_analysis

    return [*write_analysis(found, folder), write_page(folder / "analysis.html", analysis_page(found))]


def _print(found: Any) -> None:
    from rich.table import Table

    grid = Table(title=f"{found.study.title}: {found.study.compared} less {found.study.reference}")
    for name in ("analysis", "estimate", "SE", "df", "interval", "p"):
        grid.add_column(name)
    for c in (found.primary, *found.by_visit, *found.others):
        cells = (
            (f"{c.estimate:.4f}", f"{c.se:.4f}", f"{c.df:.1f}", f"{c.low:.4f} to {c.high:.4f}", f"{c.p:.4g}")
            if c.converged
            else ("did not converge", "-", "-", "-", "-")
        )
        grid.add_row(c.name + (" (primary)" if c is found.primary else ""), *cells)
    screen = console(stderr=False)
    screen.print(grid)
    if found.primary.back is not None:
        screen.print("{}: {:.4f} ({:.4f} to {:.4f})".format(found.study.estimand.summary, *found.primary.back))
    for f in found.flow:
        screen.print(f"{f['arm']}: {f['in_table']} people, {f['analysed']} analysed, {f['not_analysed']} not")
    if found.tipping_point is not None and found.rejected:
        t = found.tipping_point
        words = (
            "at no shift tried"
            if t["delta"] is None
            else f"if the treated who left did {t['delta']:.4g} worse than imputed"
        )
        screen.print(f"tipping point: the rejection is lost {words}")
    if found.censored:
        screen.print(f"{found.censored} values lie beyond the run of the plate and stand at its end")
    screen.print(f"[bold]{found.caution}[/]")
