"""A person calibrated to a year of monthly values, and an ensemble of 200 run forward for five years, timed.

    python benchmarks/speed/individual.py        writes benchmarks/results/individual.csv

The person is a virtual haemodialysis patient with calcium, phosphate, PTH and bicarbonate every four weeks and
25-hydroxyvitamin D twice. Beside it the same task with SciPy: LSODA with the compiled right-hand side and Jacobian for
every person-year that the calibration ran, one person at a time (timed on eight weeks of one person and scaled: the
whole would take most of an hour). CPU seconds of the process, so that a busy machine does not count.
"""

from __future__ import annotations

import csv
import datetime
import os
import runpy
import time
from datetime import UTC, timedelta
from pathlib import Path

import numpy as np

from fetuin.notice import __version__
from fetuin.records.record import Procedure, Record
from fetuin.simulation import Scenario
from fetuin.simulation.individual import Individual, individual, predictive_check
from fetuin.simulation.observation import observe
from fetuin.simulation.population import draw
from fetuin.simulation.simulate import plan, simulate_many

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "individual.csv"
SEED, MONTHS, YEARS, SHORT = 5, 13, 5.0, 56.0
Row = dict[str, object]


def record() -> Record:
    """A year of monthly values of a virtual patient."""
    who = draw("haemodialysis", 1, SEED)[0]
    days = [28.0 * k for k in range(MONTHS)]
    t = simulate_many([who], Scenario(), days[-1] + 7.0, times=np.unique([*days, days[-1] + 7.0]))
    begin = datetime.datetime(2024, 1, 1, tzinfo=UTC)
    seen = observe(t, ("calcium", "phosphate", "pth", "bicarbonate"), days, SEED, start=begin)
    seen += observe(t, ("calcidiol",), days[::6], SEED + 1, start=begin)
    return Record(
        id="virtual", observations=seen, procedures=(Procedure("haemodialysis", time=begin - timedelta(days=1)),)
    )


def scipy_seconds_per_year(who: Individual) -> float:
    """CPU seconds of LSODA for a year of one member of the ensemble."""
    engine = runpy.run_path(str(ROOT / "benchmarks" / "speed" / "engine.py"))
    from fetuin.physiology.model import body_model

    model, person = body_model(), who.members[0]
    parameters = person.solved()
    schedule = plan(person, parameters, Scenario(), SHORT)
    engine["MODELS"][id(model)] = model
    engine["one_lane"](id(model))
    begin = time.process_time()
    engine["lsoda"](
        model, schedule, {n: float(parameters[n]) for n in model.parameter_names}, np.arange(7.0, SHORT + 1, 7.0)
    )
    return (time.process_time() - begin) * 365.25 / SHORT


def main() -> None:
    """Measure and keep."""
    given, rows = record(), []
    individual(given, members=2)  # compiled before anything is timed

    def note(what: str, cpu: float, wall: float, figure: str) -> None:
        rows.append(
            {"task": what, "cpu_s": f"{cpu:.3g}", "wall_s": f"{wall:.3g}" if wall > 0 else "", "figure": figure}
        )
        print(*rows[-1].values(), sep=" | ", flush=True)

    cpu, wall = time.process_time(), time.monotonic()
    who = individual(given, seed=1)
    note("calibration to a year of monthly values, ensemble of 200", time.process_time() - cpu, time.monotonic() - wall,
         f"{len(who.fitted)} values, inside 90 %: {np.mean([f.inside for f in who.fitted]):.2f}, effective members {who.effective:.0f}")  # fmt: skip
    cpu, wall = time.process_time(), time.monotonic()
    days = 7.0 * round(YEARS * 365.25 / 7.0)
    t = who.forward(Scenario(), days, times=np.arange(0.0, days + 1.0, 28.0))
    note(
        "200 members forward, five years",
        time.process_time() - cpu,
        time.monotonic() - wall,
        f"{len(t.labels)} arrived",
    )
    held = predictive_check(who.course)
    note(
        "predictive check",
        0.0,
        0.0,
        f"{np.mean([f.inside for f in held]):.2f} of {len(held)} values held back inside 90 %",
    )
    each = scipy_seconds_per_year(who)
    runs = (who.mode.rounds + 1) * (len(who.names) + 1) + 4 * who.mode.rounds + len(who.members)
    years = runs * (who.course.days + 182.0) / 365.25
    note(
        "SciPy LSODA, the same calibration (scaled)",
        each * years,
        0.0,
        f"{years:.0f} person-years, {each:.3g} s each",
    )
    note(
        "SciPy LSODA, the same five years of 200 (scaled)",
        each * 200 * YEARS,
        0.0,
        f"{200 * YEARS:.0f} person-years",
    )
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["date", "version", "processors", *rows[0]])
        writer.writeheader()
        head = {"date": datetime.date.today().isoformat(), "version": __version__, "processors": os.cpu_count()}
        writer.writerows({**head, **row} for row in rows)


if __name__ == "__main__":
    main()
