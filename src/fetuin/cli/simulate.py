"""`fetuin simulate`: one person, or a virtual population, through time."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from fetuin.cli.output import emit, ensure_dir, research_use, written

SHOWN = ("calcium", "calcium_ionised", "phosphate", "magnesium", "bicarbonate", "pth", "calcitriol", "fgf23", "egfr",
         "urine_calcium", "urine_phosphate", "si_ocp", "bmd_spine", "bmd_hip")  # fmt: skip
READ = ("t50", "coronary_agatston", "coronary_volume", "aorta_agatston", "valve_agatston", "deposits_mass", "pwv",
        "pulse_pressure", "systolic_pressure", "diastolic_pressure")  # fmt: skip
MOST_POINTS = 400
MANY = 200  # more people than this are streamed to disk


def command(
    record: Path | None = None, *, person: Path | None = None, scenario: Path | None = None, days: float | None = None,
    population: str | None = None, n: int = 1, seed: int = 1, out: Path | None = None, json: bool = False,
) -> int:  # fmt: skip
    """Simulate the mineral economy, deposits and arteries.

    Parameters
    ----------
    record:
        A patient record (any format that fetuin reads); its laboratory values set the person.
    person:
        A TOML file that describes a person: gfr, disorders, diet, dialysis, values.
    scenario:
        A TOML file of what happens from day 0: diet, gfr, infusion, clamp, regimen, dialysis.
    days:
        How long; overrides the scenario. 365 by default.
    population:
        A virtual population by name instead of one person.
    n:
        How many virtual persons.
    seed:
        Seed of the virtual population; the same seed gives the same people.
    out:
        A folder for NetCDF, CSV, the figure and the page.
    json:
        One JSON object on stdout.
    """
    from fetuin.errors import UsageError
    from fetuin.simulation.simulate import simulate_many

    if sum(x is not None for x in (record, person, population)) > 1:
        raise UsageError("give one of: a record, --person, --population.")
    if n < 1 or n > 100_000:
        raise UsageError(f"--n {n} people cannot be simulated.", fix="1 to 100 000")
    if population is not None and n > MANY:
        return _many(population, n, seed, *_scenario(scenario, None, days), out, json)
    people = _people(record, person, population, n, seed)
    plan, span = _scenario(scenario, people[0], days)
    found = simulate_many(people, plan, span, failures="raise" if len(people) == 1 else "collect")
    files = _write(found, ensure_dir(out)) if out is not None else []
    if json:
        emit("simulate/1", _body(found, files))
    else:
        _print(found)
    research_use()
    return 0


def _people(record: Path | None, person: Path | None, population: str | None, n: int, seed: int) -> list[Any]:
    from fetuin.simulation.person import Person

    if record is not None:
        from fetuin.records import read_record  # type: ignore[attr-defined]
        from fetuin.simulation.from_record import person_of

        return [person_of(read_record(record))]
    if person is not None:
        from fetuin.validation.toml import read_toml
        from fetuin.validation.vocabulary import person as read_person

        table = read_toml(person)
        return [read_person(table.get("person", table), person.name)]
    if population is not None:
        from fetuin.simulation.population import draw

        return draw(population, n, seed)
    return [Person()]


def _scenario(path: Path | None, who: Any, days: float | None) -> tuple[Any, float]:
    from fetuin.simulation.person import Person
    from fetuin.validation.shapes import table as as_table
    from fetuin.validation.vocabulary import scenario as read_scenario

    who = who or Person()
    table: dict[str, Any] = {}
    where = "scenario"
    if path is not None:
        from fetuin.validation.toml import read_toml

        table, where = read_toml(path), path.name
        table = dict(as_table(table.get("scenario", table), where))
    if days is not None:
        table.pop("duration", None)
        table["days"] = days
    elif "days" not in table and "duration" not in table:
        table["days"] = 365
    return read_scenario(table, who, where)


def _body(found: Any, files: list[str]) -> dict[str, Any]:
    import numpy as np

    step = max(1, len(found.times) // MOST_POINTS)
    keep = np.unique(np.append(np.arange(0, len(found.times), step), len(found.times) - 1))
    curves = {k: found.rows(k)[:, keep] for k in dict.fromkeys((*found.curves, *READ))}
    one = len(found.labels) == 1
    shown = {k: (c[0] if one else np.median(c, axis=0)) for k, c in curves.items()}
    body: dict[str, Any] = {
        "days": float(found.times[-1]), "n": len(found.labels), "times": found.times[keep], "curves": shown,
        "units": {k: found.unit(k) for k in curves}, "final": {k: float(c[-1]) for k, c in shown.items()}, "failures": list(found.failures),
        "files": files, "cautions": dict(found.provenance.get("cautions", {})),
    }  # fmt: skip
    if not one:
        body["p05"] = {k: np.percentile(curves[k], 5, axis=0) for k in (*SHOWN, *READ)}
        body["p95"] = {k: np.percentile(curves[k], 95, axis=0) for k in (*SHOWN, *READ)}
    return body


def _write(found: Any, folder: Path) -> list[str]:
    from fetuin.reports.page import write_page
    from fetuin.reports.trajectory import trajectory_page

    paths = [found.to_netcdf(folder / "trajectory.nc"), found.to_csv(folder / "trajectory.csv")]
    paths.append(write_page(folder / "trajectory.html", trajectory_page(found)))
    found.plot().savefig(folder / "trajectory.png", dpi=110)
    for path in (*paths, folder / "trajectory.png"):
        written(path)
    return [str(p) for p in (*paths, folder / "trajectory.png")]


def _print(found: Any) -> None:
    import numpy as np

    print(f"{found.title}: {found.times[-1]:g} d, {len(found.labels)} person(s)")
    print(f"{'':18}{'day 0':>10}{'end':>10}  unit")
    for k in (*SHOWN, *READ):
        rows = found.rows(k)
        print(f"{k:18}{np.median(rows[:, 0]):10.4g}{np.median(rows[:, -1]):10.4g}  {found.unit(k)}")
    for lost in found.failures:
        print(f"not simulated: {lost}")
    for name, said in found.provenance.get("cautions", {}).items():
        print(f"caution, {name}: {said}")


def _many(population: str, n: int, seed: int, plan: Any, span: float, out: Path | None, json: bool) -> int:
    from fetuin.simulation.streaming import stream

    folder = ensure_dir(out) if out is not None else None
    summary: dict[str, Any] = {}
    begun = time.monotonic()
    for summary in stream(population, n, seed, plan, span, folder):
        left = (time.monotonic() - begun) / summary["done"] * (n - summary["done"])
        print(f"\r{summary['done']} of {n} people, {left:.0f} s left  ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if json:
        emit("simulate/1", summary)
    else:
        print(f"{summary['n']} people, {span:g} d; {len(summary['failures'])} could not be simulated")
        print(f"{'':18}{'p05':>10}{'median':>10}{'p95':>10}")
        for k, v in summary["final"].items():
            print(f"{k:18}{v['p05']:10.4g}{v['median']:10.4g}{v['p95']:10.4g}")
    research_use()
    return 0
