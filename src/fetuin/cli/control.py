"""`fetuin control`: how well a laboratory measures T50 over time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cyclopts import App

from fetuin.cli.output import emit, ensure_dir, research_use, written
from fetuin.errors import LimitError, UsageError

command = App(
    name="control", help="T50 over time: control charts, lots, replicates, two methods, one person from visit to visit."
)
MOST_PAIRS = 3000


def _answer(
    name: str,
    body: dict[str, Any],
    page: Callable[[dict[str, Any]], str],
    lines: list[str],
    out: Path | None,
    json: bool,
) -> None:
    """Write the page, then print one JSON object or the lines."""
    if out is not None:
        from fetuin.reports.page import write_page

        written(write_page(ensure_dir(out) / f"{name}.html", page(body)))
    if json:
        emit(f"control-{name}/1", body)
        return
    for line in lines:
        print(line)
    for row in body.get("left_out", []):
        print(f"left out: row {row['row']}: {row['reason']}")
    for note in body.get("notes", []):
        print(note)
    if body.get("columns_not_used"):
        print(f"columns not used: {', '.join(body['columns_not_used'])}")
    research_use()


@command.command
def chart(*inputs: Path, baseline: int = 20, out: Path | None = None, json: bool = False) -> int:
    """Levey-Jennings charts of the control sera on ln T50, judged by Westgard's rules. Exit 1 if the last run is rejected.

    Parameters
    ----------
    inputs
        One CSV or XLSX in time order (`run` and a column a control level, or `run`, `level`, `t50_min`, perhaps `lot`);
        or the folders or .json files that fetuin t50 --out wrote, in time order.
    baseline
        The first runs, from which mean and SD of ln T50 are taken (at least 10).
    out
        A folder for the page.
    """
    if not inputs:
        raise UsageError(
            "No runs were given.", fix="fetuin control chart runs.csv, or fetuin control chart RUN1 RUN2 ..."
        )
    from fetuin.cli.control_runs import gather
    from fetuin.cli.t50_controls import judge
    from fetuin.reports.control_chart import report

    runs = gather(inputs)
    body = judge(runs.names, runs.levels, runs.values, baseline, inputs[0].name)
    for row, lot in zip(body["runs"], runs.lots):
        row["lot"] = lot
    body["notes"] = runs.notes
    lines = [
        f"{v['run']}: {v['rule']} ({', '.join(v['levels'])}): {v['reason']}{' REJECT' if v['reject'] else ''}"
        for v in body["violations"]
    ]
    lines.append(f"last run {runs.names[-1]}: {'accepted' if body['last_accepted'] else 'rejected'}")
    _answer("chart", body, lambda b: report(b, baseline), lines, out, json)
    return 0 if body["last_accepted"] else 1


@command.command
def compare(file: Path, *, ratio: float = 1.0, out: Path | None = None, json: bool = False) -> int:
    """Two methods on the same sera: Passing-Bablok, Deming, Bland-Altman, each with 95 % intervals.

    Parameters
    ----------
    file
        CSV or XLSX: columns `sample`, `x_min` (the method in use) and `y_min` (the new one); one serum a row, minutes.
    ratio
        Error variance of y over that of x, for Deming.
    out
        A folder for the page with the pictures.
    """
    from fetuin.cli.control_bodies import comparison
    from fetuin.cli.control_tables import read_tidy
    from fetuin.reports.comparison import report

    tidy = read_tidy(file, ("sample",), ("x_min", "y_min"))
    if len(tidy.rows) > MOST_PAIRS:
        raise LimitError(
            f"There are {len(tidy.rows)} pairs.", where=file.name, why=f"at most {MOST_PAIRS} are compared"
        )
    body = comparison(tidy, ratio, file.name)
    _answer("compare", body, report, body["statements"], out, json)
    return 0


@command.command
def lots(file: Path, *, old: str = "", limit: float = 0.10, out: Path | None = None, json: bool = False) -> int:
    """New reagent lots against an old one on the same sera. Exit 1 if one is not shown to lie within the limit.

    Parameters
    ----------
    file
        CSV or XLSX: columns `sample`, `lot`, `t50_min`; several rows of a sample in a lot are its replicates.
    old
        The lot to compare with; the first in the file unless given.
    limit
        The ratio of T50 may differ by this part: 0.10 is 10 %.
    out
        A folder for the page.
    """
    from fetuin.cli.control_bodies import lot_shifts
    from fetuin.cli.control_tables import read_tidy
    from fetuin.reports.control import lots_report

    if not 0 < limit < 1:
        raise UsageError(f"--limit {limit:g} cannot be.", why="expected a part between 0 and 1: 0.10 is 10 %")
    body = lot_shifts(read_tidy(file, ("sample", "lot"), ("t50_min",)), old, limit, file.name)
    _answer("lots", body, lots_report, [s["statement"] for s in body["lots"]], out, json)
    return 0 if all(s["within"] for s in body["lots"]) else 1


@command.command
def replicates(file: Path, *, out: Path | None = None, json: bool = False) -> int:
    """CV components of controls or samples: within a plate, between plates, between lots, all together.

    Parameters
    ----------
    file
        CSV or XLSX: columns `sample`, `plate`, `t50_min` and perhaps `lot`; one well a row.
    out
        A folder for the page.
    """
    from fetuin.cli.control_bodies import cv_components
    from fetuin.cli.control_tables import read_tidy
    from fetuin.reports.control import replicates_report

    body = cv_components(read_tidy(file, ("sample", "plate", "lot"), ("t50_min",), optional=("lot",)), file.name)
    _answer("replicates", body, replicates_report, [s["statement"] for s in body["samples"]], out, json)
    return 0


@command.command(name="within-person")
def within(
    file: Path, *, analytic_cv: float | None = None, wells: int = 1, out: Path | None = None, json: bool = False
) -> int:
    """How much one person's T50 varies from visit to visit, and the change that is more than chance.

    Parameters
    ----------
    file
        CSV or XLSX: columns `person`, `visit`, `t50_min`; several rows of a visit are its wells.
    analytic_cv
        CV of one well as a part (0.05 is 5 %), where no visit has two wells.
    wells
        How many wells are averaged into a result whose change is to be judged.
    out
        A folder for the page.
    """
    from fetuin.cli.control_bodies import person_variation
    from fetuin.cli.control_tables import read_tidy
    from fetuin.reports.control import within_person_report

    body = person_variation(read_tidy(file, ("person", "visit"), ("t50_min",)), analytic_cv, wells)
    _answer("within-person", body, within_person_report, body["statements"], out, json)
    return 0
