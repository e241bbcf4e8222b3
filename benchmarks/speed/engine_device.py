"""The engine's CUDA form on a GPU beside its own CPU form on the same machine: the body on haemodialysis for a year.

    python benchmarks/speed/engine_device.py [--people 16384] [--weeks 52]     writes benchmarks/results/engine_device.csv

Needs nvcc and CuPy (or says which is missing and stops): no test and no part of the package depends on a GPU. Every person
differs in plasma albumin; errors are those of the weekly states against the CPU at a relative tolerance of 1e-9, relative
to the state with a floor of 1e-3 of its scale. Compilation is timed apart.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.engine.emit import cuda
from fetuin.engine.jit import processor
from fetuin.engine.program import compile_program
from fetuin.engine.schedule import Schedule
from fetuin.engine.solve import integrate_many
from fetuin.notice import __version__

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "engine_device.csv"
RTOL, THREADS, CHECKED, FLOOR = 1e-6, 64, 32, 1e-3
WEEKS_A_YEAR = 52


def compiled(model: Any, folder: Path) -> tuple[Any, float]:
    """The kernel, and the seconds of nvcc."""
    import cupy

    (folder / "body.cu").write_text(cuda.source(compile_program(model)), encoding="utf-8")
    begin = time.perf_counter()
    subprocess.run(["nvcc", "-arch=native", "-O3", "-cubin", "body.cu", "-o", "body.cubin"], cwd=folder, check=True)
    return cupy.RawModule(path=str(folder / "body.cubin")).get_function("march"), time.perf_counter() - begin


def on_gpu(march: Any, model: Any, schedule: Schedule, parameters: np.ndarray) -> tuple[np.ndarray, float]:
    """Weekly states [week, state, person] and seconds, from the second run (the first warms the device)."""
    import cupy

    ((durations, inputs, boluses, weeks),) = schedule.arrays(model)
    people = len(parameters)
    start = np.repeat(np.array(list(model.states.values()), float)[:, None], people, 1)
    sent = [cupy.asarray(np.ascontiguousarray(a, float)) for a in (durations, inputs, boluses, parameters.T, start)]
    for _ in range(2):
        memory = cupy.zeros((len(durations), people))
        out, status = cupy.zeros((weeks, len(model.states), people)), cupy.zeros(people, np.int32)
        cupy.cuda.Device().synchronize()
        begin = time.perf_counter()
        shape = (np.int32(people), np.int32(len(durations)), np.int32(weeks), np.float64(RTOL))
        march((-(-people // THREADS),), (THREADS,), (*shape, *sent, memory, out, status))
        cupy.cuda.Device().synchronize()
        seconds = time.perf_counter() - begin
    if int(status.min()) < 1:
        raise SystemExit(f"{int((status < 1).sum())} people did not arrive")
    return cupy.asnumpy(out[:, :, :CHECKED]), seconds


def main() -> None:
    """Measure both, compare, keep."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--people", type=int, default=16384)
    ask.add_argument("--weeks", type=int, default=WEEKS_A_YEAR)
    asked = ask.parse_args()
    try:
        import cupy
    except ImportError:
        sys.exit("CuPy is not installed: this comparison needs a GPU, nvcc and CuPy")
    if shutil.which("nvcc") is None:
        sys.exit("nvcc is not installed: this comparison needs a GPU, nvcc and CuPy")
    found = runpy.run_path(str(ROOT / "benchmarks" / "speed" / "engine.py"))
    model, plan, _, few = found["body"]()
    people = np.tile(few[:1], (asked.people, 1))
    people[:, model.parameter_names.index("plasma.albumin")] *= np.linspace(0.9, 1.1, asked.people)
    schedule, times = plan("B", 7.0 * asked.weeks), np.arange(7.0, 7.0 * asked.weeks + 1, 7.0)
    with tempfile.TemporaryDirectory() as folder:
        march, building = compiled(model, Path(folder))
    print(f"nvcc {building:.0f} s", flush=True)
    states, gpu = on_gpu(march, model, schedule, people)
    exact = integrate_many(model, schedule, times, people[:CHECKED], rtol=1e-9).states
    wrong = np.abs(np.moveaxis(states, 2, 0) - exact)
    wrong /= np.abs(exact) + FLOOR * np.array([model.scale(s) for s in model.state_names])
    sample = people[:: max(1, asked.people // 1024)]
    integrate_many(model, schedule, times[:1], sample[:16], rtol=RTOL)
    begin = time.perf_counter()
    cpu_states = integrate_many(model, schedule, times, sample, rtol=RTOL).states[:1]
    cpu = (time.perf_counter() - begin) * asked.people / len(sample)
    year = WEEKS_A_YEAR / asked.weeks / asked.people * 1e3
    name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    cpu_wrong = np.abs(cpu_states - exact[:1]) / (
        np.abs(exact[:1]) + FLOOR * np.array([model.scale(s) for s in model.state_names])
    )
    rows = [
        (name, gpu * year, wrong.max(), building),
        (f"{processor()[0]}, {os.cpu_count()} cores", cpu * year, cpu_wrong.max(), 0.0),
    ]
    head = (
        "date",
        "version",
        "model",
        "states",
        "case",
        "people",
        "device",
        "ms_per_patient_year",
        "error",
        "compile_s",
    )
    today = datetime.date.today().isoformat()
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for device, ms, error, build in rows:
            row = [
                today,
                __version__,
                "body",
                len(model.states),
                "B",
                asked.people,
                device,
                f"{ms:.4g}",
                f"{error:.1e}",
                f"{build:.0f}",
            ]
            writer.writerow(row)
            print(*row)
    print(f"the GPU is {cpu / gpu:.2f} times the whole CPU")


if __name__ == "__main__":
    main()
