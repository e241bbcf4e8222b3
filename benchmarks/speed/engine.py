"""CPU time of the engine per patient-year on one core, beside libroadrunner and SciPy LSODA on the same equations.

    python benchmarks/speed/engine.py            writes benchmarks/results/engine.csv

Two models: MINERAL of tests/models.py (24 states) and the body. Three cases: A no events; B haemodialysis thrice a week;
C = B with three meals a day, binder with each and a daily dose. Relative tolerance 1e-6, absolute 1e-8 x scale.
Process CPU time, the smallest of several runs; the error is the largest relative error of a state (floor 1e-3 of its
scale) at weekly samples against the engine at 1e-11. libroadrunner reads the exported SBML; it writes every shared
value out at each use, so it cannot load the body (5 million terms): there the cell is empty, and COPASI (LSODA) stands in. LSODA is `odeint` with
the compiled right-hand side and Jacobian of the same program, restarted at events as it must be.
"""

from __future__ import annotations

import csv
import datetime
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, c_void_p
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fetuin.engine import Added, Bolus, Held, Model, Schedule, make_schedule
from fetuin.engine.compiled import compiled_model
from fetuin.engine.emit import lanes
from fetuin.engine.emit.sbml import document, identifier
from fetuin.engine.jit import Loaded, assemble, processor
from fetuin.engine.solve import integrate, integrate_many
from fetuin.notice import __version__

if TYPE_CHECKING:
    from pair import Pair

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "engine.csv"
RTOL, YEAR, PEOPLE = 1e-6, 364.0, 64
Rows = list[dict[str, object]]
MODELS: dict[int, Model] = {}


def best(run: Callable[[], object], repeats: int) -> float:
    """Smallest process CPU time [s]."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    return min(times)


def mineral() -> tuple[Model, Callable[[str, float], Schedule], dict[str, float], np.ndarray]:
    """The model of the tests, its schedules, what makes a dialysis patient, and the spread of people."""
    found = runpy.run_path(str(ROOT / "tests" / "models.py"))
    model: Model = found["MINERAL"]
    people = np.tile(np.array([float(v) for v in model.parameters.values()]), (PEOPLE, 1))
    people[:, model.parameter_names.index("gfr")] = np.linspace(2, 8, PEOPLE)
    return model, found["case_schedule"], {"gfr": 3.0}, people


def body() -> tuple[Model, Callable[[str, float], Schedule], dict[str, float], np.ndarray]:
    """The body of a dialysis patient, the same for everybody but for small differences."""
    from fetuin.physiology.model import body_model
    from fetuin.simulation.person import Person

    model = body_model()
    values = Person(gfr=8.0).solved()
    people = np.tile(np.array([values[n] for n in model.parameter_names]), (PEOPLE, 1))
    people[:, model.parameter_names.index("plasma.albumin")] *= np.linspace(0.9, 1.1, PEOPLE)
    return model, body_schedule, {n: float(values[n]) for n in model.parameter_names}, people


def body_schedule(case: str, days: float) -> Schedule:
    """A: a steady renal diet. B: dialysis. C: meals, binder with each, a daily dose of calcitriol."""
    gfr = {"targets.gfr": 0.08}
    if case == "A":
        return Schedule.rest(days, gfr)
    bath = {"kd_calcium": 172.8, "kd_magnesium": 158.4, "kd_phosphate": 230.4, "kd_bicarbonate": 187.2,
            "calcium": 1.25, "magnesium": 0.5, "bicarbonate": 32.0}  # fmt: skip
    events = [Held(f"dialysis.{n}", v, d + 0.33, 4 / 24, 7) for d in (0, 2, 4) for n, v in bath.items()]
    if case == "B":
        return make_schedule(days, events, gfr)
    diet = {"diet.calcium": 24.0, "diet.phosphate": 38.0, "diet.magnesium": 14.0}
    hours = (8 / 24, 13 / 24, 19 / 24)
    events += [Added(n, v * 8, h, 1 / 24, 1) for n, v in diet.items() for h in hours]
    events += [Bolus("binder", 1.0, h, 1) for h in hours]
    events += [Added("targets.calcitriol_dose", 24.0, 20 / 24, 1 / 24, 1)]
    return make_schedule(days, events, {**gfr, **dict.fromkeys(diet, 0.0)})


def error(model: Model, found: np.ndarray, exact: np.ndarray) -> float:
    """Largest relative error of a state."""
    scale = np.abs(exact) + 1e-3 * np.array([model.scale(s) for s in model.state_names])
    return float(np.max(np.abs(found - exact) / scale))


@cache
def one_lane(model_key: int) -> Loaded:
    """Machine code of a model for one person, compiled before anything is timed."""
    return Loaded(assemble(lanes.module(compiled_model(MODELS[model_key], 1).program, 1)))


def lsoda(model: Model, schedule: Schedule, parameters: dict[str, float], times: np.ndarray) -> np.ndarray:
    """States at `times` by odeint, restarted at every event."""
    from scipy.integrate import odeint

    code, n = compiled_model(model, 1), len(model.states)
    program = code.program
    library = one_lane(id(model))
    p = np.array([{**model.parameters, **parameters}[k] for k in model.parameter_names], float)
    c, f, zero = np.zeros(code.constants), np.zeros(n), np.zeros(n)
    j, dense, seen = np.zeros(max(1, program.moving)), np.zeros((n, n)), np.zeros(n)
    pointers = [a.ctypes.data for a in (seen, c, zero, f, j)]
    rhs, slopes = (CFUNCTYPE(None, *[c_void_p] * 4)(library.address(r)) for r in ("rhs", "slopes"))
    table = [(i, k, *program.where(i, k)) for i, k in program.entries]
    moving = tuple(np.array(x, int) for x in zip(*((i, k, w) for i, k, kind, w in table if kind == 0), strict=True))
    still = [(i, k, kind, w) for i, k, kind, w in table if kind > 0]

    def derivative(y: np.ndarray, _: float) -> np.ndarray:
        seen[:] = y
        rhs(*pointers[:4])
        return f

    def jacobian(y: np.ndarray, _: float) -> np.ndarray:
        seen[:] = y
        slopes(pointers[0], pointers[1], pointers[3], pointers[4])
        dense[moving[0], moving[1]] = j[moving[2]]
        return dense

    y, out, t = np.array(list(model.states.values()), float), [], 0.0
    atol = 1e-2 * RTOL * np.array([model.scale(s) for s in model.state_names])
    library.call("fixed", p, c)
    for durations, inputs, boluses, repeats in schedule.arrays(model):
        for _ in range(repeats):
            for duration, u, bolus in zip(durations, inputs, boluses, strict=True):
                library.call("segment", p, u, c)
                for i, k, kind, w in still:
                    dense[i, k] = c[int(w)] if kind == 1 else w
                inside = times[(times > t + 1e-9) & (times <= t + duration + 1e-9)] - t
                grid = np.unique(np.minimum(np.concatenate([[0.0], inside, [duration]]), duration))
                path = odeint(derivative, y + bolus, grid, Dfun=jacobian, rtol=RTOL, atol=atol, mxstep=100000)
                out += [path[np.argmin(np.abs(grid - w))] for w in inside]
                y, t = path[-1], t + duration
    return np.array(out)


def roadrunner_run(model: Model, schedule: Schedule, parameters: dict[str, float], times: np.ndarray) -> Callable:
    """A function that runs libroadrunner from the start and returns the states at `times`."""
    import roadrunner

    runner = roadrunner.RoadRunner(document(model, schedule, parameters, outputs=False))
    runner.integrator.relative_tolerance = RTOL
    runner.integrator.absolute_tolerance = 1e-2 * RTOL
    runner.timeCourseSelections = list(model.state_names)

    def run() -> np.ndarray:
        runner.resetAll()
        return np.array(runner.simulate(times=[0.0, *times]))[1:]

    return run


def copasi_run(
    model: Model, schedule: Schedule, parameters: dict[str, float], times: np.ndarray
) -> Callable[[], np.ndarray]:
    """COPASI on the exported SBML; it alone of the SBML simulators tried loads the whole body."""
    import basico

    loaded = basico.load_model_from_string(document(model, schedule, parameters, outputs=False))
    table = basico.get_parameters(model=loaded)
    by_id = {row.sbml_id: n for n, row in table.iterrows()}
    columns = [f"Values[{by_id[identifier(s)]}]" for s in model.state_names]
    end, steps = float(times[-1]) - 1e-6, len(times)

    def run() -> np.ndarray:
        found = basico.run_time_course(0.0, end, steps, r_tol=RTOL, a_tol=1e-2 * RTOL, max_steps=10**8, model=loaded)
        return found[columns].to_numpy()[1:]

    return run


def measure(name: str, case: str) -> Rows:
    """All engines on one case; slower ones on fewer weeks, scaled to a year."""
    model, plan, patient, people = {"mineral": mineral, "body": body}[name]()
    year, weeks = plan(case, YEAR), np.arange(7.0, YEAR + 1, 7.0)
    short = {"A": YEAR, "B": 56.0, "C": 28.0}[case]
    few, scale = weeks[weeks <= short], YEAR / short
    exact = integrate(model, year, weeks, patient, rtol=1e-11).states[0]
    rows: Rows = []

    def note(engine: str, seconds: float, wrong: float | str) -> None:
        shown = f"{wrong:.1e}" if isinstance(wrong, float) else wrong
        rows.append({"model": name, "states": len(model.states), "case": case, "engine": engine,
                     "ms_per_patient_year": f"{seconds * 1e3:.4g}", "error": shown})  # fmt: skip
        print(*rows[-1].values(), flush=True)

    found = integrate(model, year, weeks, patient, rtol=RTOL)
    note("fetuin lanes", best(lambda: integrate_many(model, year, weeks, people, threads=1), 5) / PEOPLE,
         error(model, found.states[0], exact))  # fmt: skip
    one = integrate(model, year, weeks, patient, rtol=RTOL, lanes=1)
    note("fetuin scalar", best(lambda: integrate(model, year, weeks, patient, lanes=1), 3),
         error(model, one.states[0], exact))  # fmt: skip
    slow = plan(case, short)
    MODELS[id(model)] = model
    one_lane(id(model))
    note("scipy lsoda", best(lambda: lsoda(model, slow, patient, few), 2) * scale,
         error(model, lsoda(model, slow, patient, few), exact[: len(few)]))  # fmt: skip
    run = copasi_run(model, slow, patient, few)
    note("copasi lsoda", best(run, 2) * scale, error(model, run(), exact[: len(few)]))
    if name == "mineral":
        run = roadrunner_run(model, slow, patient, np.append(few[:-1], few[-1] - 1e-6))
        note("libroadrunner", best(run, 5) * scale, error(model, run(), exact[: len(few)]))
    else:
        rows.append({"model": name, "states": len(model.states), "case": case, "engine": "libroadrunner",
                     "ms_per_patient_year": "", "error": "cannot load: writes shared values out"})  # fmt: skip
    return rows


def pairs() -> Iterator[Pair]:
    """A patient-year at 1e-6, in lanes of many people, beside simulators that take one: without events and with dialysis."""
    from pair import Pair

    for name, make in (("mineral, 24 states", mineral), ("the body", body)):
        model, plan, patient, people = make()
        MODELS[id(model)] = model
        one_lane(id(model))
        for case, title, days in (("A", "no events", YEAR), ("B", "haemodialysis", 28.0)):
            schedule, weeks = plan(case, days), np.arange(7.0, days + 1, 7.0)
            peers = {("SciPy LSODA", "scipy"): lambda m=model, s=schedule, p=patient, w=weeks: lsoda(m, s, p, w)}
            if make is mineral:
                last = np.append(weeks[:-1], weeks[-1] - 1e-6)
                peers["libroadrunner", "libroadrunner"] = roadrunner_run(model, schedule, patient, last)
            for (peer, distribution), work in peers.items():
                yield Pair(f"{name}, {title}", f"{days:g} days of a patient", peer, distribution,
                           lambda m=model, s=schedule, w=weeks, q=people: integrate_many(m, s, w, q, threads=1), work,
                           PEOPLE, 1)  # fmt: skip


def main() -> None:
    """Measure and keep."""
    names = sys.argv[1:] or ["mineral", "body"]
    rows = [row for name in names for case in "ABC" for row in measure(name, case)]
    today, where = datetime.date.today().isoformat(), processor()[0]
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["date", "version", "processor", *rows[0]])
        writer.writeheader()
        writer.writerows({"date": today, "version": __version__, "processor": where, **row} for row in rows)


if __name__ == "__main__":
    main()
