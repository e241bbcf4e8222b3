"""`fetuin cohort`: the same verbs over a cohort of any size; killed at any moment, `fetuin resume` goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cyclopts import App

from fetuin.cli.output import console, emit, research_use, watched, written

command = App(name="cohort", help="Assess, simulate or measure whole cohorts: table in, table out, one row each.")


@command.command
def assess(
    source: Path, *, out: Path, setting: str = "general", hide: str = "", workers: int = 2, dask: str = "",
    json: bool = False,
) -> int:  # fmt: skip
    """What is it, for every person: answer, probabilities, leading cause, the three loudest reasons.

    Parameters
    ----------
    source
        Tidy CSV or Parquet (a fact a row), FHIR NDJSON (bulk export), or OMOP CDM 5.4 (DuckDB, SQLite, Parquet folder).
    out
        The run folder: outputs/people.parquet, summary.json, report.html.
    setting
        Where the people come from: general, dialysis_unit, ...
    hide
        "tissue" leaves the state of the tissue out.
    workers
        Processes of this machine.
    dask
        The address of a Dask scheduler instead.
    json
        The summary as one JSON object on stdout.
    """
    from fetuin.errors import UsageError
    from fetuin.knowledge.setting import setting_named

    if hide not in ("", "tissue"):
        raise UsageError(f"--hide {hide} is not known.", fix="--hide tissue")
    parameters = {"setting": setting_named(setting).id, "hide_tissue": hide == "tissue"}
    flags = ["--setting", setting, *(["--hide", hide] if hide else [])]
    return _run("assess", source, out, parameters, flags, workers, dask, json)


@command.command
def simulate(
    source: Path, *, out: Path, days: float = 365.0, workers: int = 2, dask: str = "", json: bool = False
) -> int:
    """Simulate every person as the latest values set the body; the values at the end.

    Parameters
    ----------
    source
        As for `fetuin cohort assess`.
    out
        The run folder.
    days
        How long.
    workers
        Processes of this machine.
    dask
        The address of a Dask scheduler instead.
    json
        The summary as one JSON object on stdout.
    """
    from fetuin.errors import UsageError

    if not 0 < days <= 36525:
        raise UsageError(f"--days {days:g} cannot be simulated.", fix="more than 0 and at most 36525")
    return _run("simulate", source, out, {"days": days}, ["--days", f"{days:g}"], workers, dask, json)


@command.command
def t50(source: Path, *, out: Path, model: str = "5pl", workers: int = 2, dask: str = "", json: bool = False) -> int:
    """T50 of every well of a folder of plate files.

    Parameters
    ----------
    source
        A folder of plate files, or one file.
    out
        The run folder.
    model
        The curve: 4pl, 5pl, jmak, finke-watzky, double, or auto.
    workers
        Processes of this machine.
    dask
        The address of a Dask scheduler instead.
    json
        The summary as one JSON object on stdout.
    """
    return _run("t50", source, out, {"model": model}, ["--model", model], workers, dask, json)


@command.command
def ct(
    source: Path, *, out: Path, policy: str = "literature", workers: int = 2, dask: str = "", json: bool = False
) -> int:
    """CT calcium of every scan of a folder.

    Parameters
    ----------
    source
        A folder of DICOM folders, zips and NIfTI files; NAME_mask.nii.gz beside a scan bounds it.
    out
        The run folder.
    policy
        What counts as a spot: literature, ge, philips, canon, siemens, ...
    workers
        Processes of this machine.
    dask
        The address of a Dask scheduler instead.
    json
        The summary as one JSON object on stdout.
    """
    return _run("ct", source, out, {"policy": policy}, ["--policy", policy], workers, dask, json)


def _run(
    verb: str, source: Path, out: Path, parameters: dict[str, Any], flags: list[str], workers: int, dask: str, as_json: bool,
) -> int:  # fmt: skip
    import json

    from fetuin.cohorts.run import run
    from fetuin.reports.cohort import cohort_page
    from fetuin.reports.page import write_page

    arguments = ["cohort", verb, str(source.resolve()), *flags]
    last = watched(run(verb, source, out, parameters, arguments=arguments, workers=workers, dask=dask), verb)
    body = json.loads((out / "outputs" / "summary.json").read_text("utf-8"))
    page = write_page(out / "report.html", cohort_page(body, out.name))
    if as_json:
        emit("cohort/1", body | {"out": str(out)})
    else:
        screen = console(stderr=False)
        screen.print(f"{body['rows']} rows ({body['unit']}) in {out / 'outputs' / 'people.parquet'}")
        for name, counts in list(body["counts"].items())[:3]:
            screen.print(f"{name}: " + ", ".join(f"{k or '(none)'} {n}" for k, n in list(counts.items())[:9]))
        for lost in last.failed:
            screen.print(f"failed: {lost}; fetuin resume {out}")
    written(page)
    research_use()
    return 1 if last.failed else 0
