"""`fetuin t50 controls`: Levey-Jennings charts of the control sera over runs, judged by Westgard's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import emit, ensure_dir, research_use, written
from fetuin.errors import NotEnoughDataError, UsageError


def controls(runs: Path, *, baseline: int = 20, out: Path | None = None, json: bool = False) -> int:
    """Judge control runs. Exit code 1 where the last run breaks a rule that rejects it.

    Parameters
    ----------
    runs
        CSV or XLSX in time order: a column `run`, then one column a control level (control_low, ...) in minutes;
        empty or "> 600" where a control has no T50.
    baseline
        The first runs from which mean and SD of ln T50 are taken (at least 10).
    out
        A folder for the page with the charts.
    """
    names, levels, values = _read(runs)
    body = judge(names, levels, values, baseline, runs.name)
    if out is not None:
        from fetuin.reports.control_chart import report
        from fetuin.reports.page import write_page

        written(write_page(ensure_dir(out) / "controls.html", report(body, baseline)))
    if json:
        emit("t50-controls/1", body)
    else:
        for v in body["violations"]:
            print(
                f"{v['run']}: {v['rule']} ({', '.join(v['levels'])}): {v['reason']}{' REJECT' if v['reject'] else ''}"
            )
        print(f"last run {names[-1]}: {'accepted' if body['last_accepted'] else 'rejected'}")
        research_use()
    return 0 if body["last_accepted"] else 1


def judge(names: list[str], levels: list[str], values: Any, baseline: int, where: str) -> dict[str, Any]:
    """Targets of the first `baseline` runs, z of all, rules broken after them; `values` (n_runs, n_levels) [min]."""
    import numpy as np

    from fetuin.assays.control_chart import levey_jennings, target

    if baseline < 1:
        raise UsageError(f"--baseline {baseline} cannot be.", why="expected at least 10 runs")
    if len(names) <= baseline:
        raise NotEnoughDataError(
            f"{len(names)} runs, of which the first {baseline} set the targets: none is left to judge.", where=where,
            fix="give more runs or a smaller --baseline (at least 10)",
        )  # fmt: skip
    targets = []
    for j, level in enumerate(levels):
        first = values[:baseline, j]
        targets.append(target(level, list(first[~np.isnan(first)])))
    chart = levey_jennings(targets, names, values)
    judged = set(names[baseline:])
    # a run whose controls gave nothing breaks no rule, and is not accepted either
    passed = [chart.accepted(r) and not bool(np.isnan(values[i]).all()) for i, r in enumerate(names)]
    body: dict[str, Any] = {
        "baseline": baseline,
        "targets": [{"level": t.level, "t50_min": t.t50_min, "sd_log": t.sd, "n": t.n} for t in targets],
        "runs": [{"run": r, "t50_min": dict(zip(levels, values[i])), "z": dict(zip(levels, chart.z[i])), "judged": r in judged,
                  "accepted": passed[i], "no_result": [k for k, v in zip(levels, values[i]) if np.isnan(v)]}
                 for i, r in enumerate(names)],
        "violations": [vars(v) for v in chart.violations if v.run in judged], "last_accepted": passed[-1],
    }  # fmt: skip
    return body


def _read(path: Path) -> tuple[list[str], list[str], Any]:
    """(run names, levels, T50 (n_runs, n_levels) with NaN where there is none)."""
    import numpy as np

    from fetuin.assays.formats import cells
    from fetuin.assays.formats.document import open_document

    sheet = open_document(path).sheets[0]
    if sheet.text(0, 0).lower() != "run":
        raise sheet.refuse(0, 0, "the heading 'run', then one column a control level")
    levels = [sheet.text(0, j) for j in range(1, sheet.width(0)) if sheet.text(0, j)]
    if not levels:
        raise sheet.refuse(0, 1, "a control level such as control_low")
    names, rows = [], []
    for i in range(1, len(sheet.rows)):
        if sheet.blank(i):
            continue
        name, line = sheet.text(i, 0), []
        if not name or name in names:
            raise sheet.refuse(i, 0, "the name of a run, each once")
        for j in range(1, len(levels) + 1):
            got = cells.reading(sheet.cell(i, j), sheet.comma)
            if got is None or got[0] <= 0:
                raise sheet.refuse(i, j, "a T50 in minutes above 0, '> 600', or an empty cell")
            line.append(got[0])
        names.append(name)
        rows.append(line)
    return names, levels, np.array(rows, dtype=float).reshape(len(names), len(levels))
