"""`fetuin compare`: what would help this person, at what price: arms of treatment side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def command(
    record: Path,
    *,
    arm: Annotated[list[str] | None, Parameter(name="--arm", negative=())] = None,
    years: float = 5.0,
    n: int = 200,
    seed: int = 1,
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Compare arms of treatment for the person of a record, each with the same members of an ensemble.

    Going on as now is always the first arm. An arm is written in words, parts joined by semicolons: a therapy with its
    dose and unit, `stop THERAPY`, `diet phosphate 800 mg/d`, `dialysate calcium 1.5 mmol/L`, `dialysis hours 5 h`.

    Parameters
    ----------
    record:
        A patient record in any format that fetuin reads; its values at their dates, medicines and dialysis are used.
    arm:
        An arm, as "sevelamer 4.8 g/d; cinacalcet 30 mg/d"; repeat for more arms.
    years:
        How long, from the last day of the record on.
    n:
        Members of the ensemble.
    seed:
        Seed of the ensemble; the same seed gives the same members.
    out:
        A folder for the page.
    json:
        One JSON object on stdout (schema fetuin.compare/1).
    """
    from fetuin.errors import UsageError
    from fetuin.simulation.arms import compare
    from fetuin.simulation.regimen_text import EXAMPLE
    from fetuin.simulation.regimen_text import arm as read_arm

    if not arm:
        raise UsageError("no arm was given.", where="fetuin compare", fix=f"--arm {EXAMPLE}")
    if not 2 <= n <= 2000:
        raise UsageError(f"--n {n} members are not possible.", fix="2 to 2000; 200 are usual")
    for text in arm:
        read_arm(text)  # refused before anything is computed
    from fetuin.records import read_record

    console().print(f"calibrating to {record.name}, then {len(arm) + 1} arms of {n} members over {years:g} years")
    found = compare(read_record(record), arm, years, members=n, seed=seed)
    files = [_write(found, out)] if out is not None else []
    if json:
        emit("compare/1", found.to_dict() | {"files": files})
    else:
        _print(found)
    research_use()
    return 0


def _write(found: Any, out: Path) -> str:
    from fetuin.reports.arms import arms_page
    from fetuin.reports.page import write_page

    path = write_page(ensure_dir(out) / "compare.html", arms_page(found))
    written(path)
    return str(path)


def _print(found: Any) -> None:
    from rich.table import Table

    answer = console(stderr=False)
    names = [a.name for a in found.arms]
    table = Table(
        title=f"{found.who.label}: {found.years:g} years, {len(found.who.members)} members, median (5 to 95 %)"
    )
    table.add_column("")
    for name in names:
        table.add_column(name)
    for line in found.lines:
        cells = [found.table[n][line.name].value for n in names]
        table.add_row(f"{line.words}, {line.unit}", *(f"{c.middle:.3g} ({c.low:.3g} to {c.high:.3g})" for c in cells))
    answer.print(table)
    for lever in found.levers:
        answer.print(f"{lever.words}: {lever.effect.middle:+.3g} on {found.goal}; does most in {100 * lever.most:.0f} % of members",
                     markup=False)  # fmt: skip
    for text in found.limits:
        answer.print(text, markup=False)
