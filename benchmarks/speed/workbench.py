"""The workbench: weight of its script, first paint, and how long a slider takes with the full model.

    python benchmarks/speed/workbench.py

Needs the built page (`make web`), Playwright and Chromium. Times of a busy machine are longer: its load is written beside them.
CPU is the time of the service's process for one question of the slider; wall is from the key to the redrawn chart.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import fetuin
from fetuin.screens import model

STATIC = Path(fetuin.__file__).parent / "service" / "_static"
RESULTS = Path(__file__).parents[1] / "results" / "workbench.csv"
LAZY = ("planes", "blosc", "zstd", "lz4")  # of niivue, fetched when a scan is shown
PEOPLE = {"not on dialysis": {"gfr": 30.0}, "haemodialysis": {"gfr": 8.0, "dialysis": True}}
MOVES = 30


def script_kb() -> float:
    """Script before lazy parts, gzipped [kB]."""
    files = [f for f in (STATIC / "assets").glob("*.js") if not f.name.startswith(LAZY)]
    return sum(len(gzip.compress(f.read_bytes())) for f in files) / 1000


def cpu_ms(person: dict[str, float]) -> float:
    """95th percentile of the CPU time of one question of a slider [ms]."""
    model.run({"person": person, "arms": [{}]})
    took = []
    for k in range(MOVES):
        begun = time.process_time()
        model.run({"person": person, "arms": [{"diet_phosphate": 20.0 + k}]})
        took.append(1000 * (time.process_time() - begun))
    return float(np.percentile(took, 95))


def in_browser() -> dict[str, float]:
    """{figure: ms} of first paint and sliders, through `fetuin serve` and Chromium."""
    from playwright.sync_api import sync_playwright

    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as state:
        command = [
            sys.executable,
            "-c",
            "from fetuin.cli.main import main; main()",
            "serve",
            "--port",
            "0",
            "--state",
            state,
        ]
        log = Path(state) / "log"
        process = subprocess.Popen(command, stderr=log.open("w"))
        while not (url := re.search(r"http://\S+token=\S+", log.read_text())):
            time.sleep(0.2)
        with sync_playwright() as tool:
            browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page()
            page.set_default_timeout(180_000)
            while True:
                try:
                    page.goto(url[0])
                    break
                except Exception:
                    time.sleep(0.5)
            origin = url[0].partition("/?")[0]
            page.goto(f"{origin}/#/patient")
            page.reload()
            page.locator(".cards button").first.wait_for()
            found["first paint, ms"] = page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
            for name, place in zip(PEOPLE, ("#/model?gfr=30", "#/model?gfr=8&dialysis=true")):
                page.goto(f"{origin}/{place}")
                page.get_by_text("band: 16").wait_for()
                page.locator("#diet_phosphate").focus()
                took = []
                for _ in range(MOVES):
                    begun = time.perf_counter()
                    with page.expect_response(lambda r: r.url.endswith("/screens/model")):
                        page.keyboard.press("ArrowRight")
                    page.evaluate("new Promise(done => requestAnimationFrame(() => done()))")
                    took.append(1000 * (time.perf_counter() - begun))
                found[f"slider p95, wall, {name}, ms"] = float(np.percentile(took[2:], 95))
            browser.close()
        process.terminate()
        process.wait(20)
    return found


def main() -> None:
    """Measure, print and keep one line a figure."""
    figures = {"script, kB gzipped": script_kb()}
    figures |= {f"slider p95, CPU, {n}, ms": cpu_ms(p) for n, p in PEOPLE.items()}
    figures |= in_browser()
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    new = not RESULTS.exists()
    with RESULTS.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        if new:
            writer.writerow(["date", "version", "figure", "value", "load_per_core"])
        for name, value in figures.items():
            writer.writerow(
                [datetime.now(UTC).date().isoformat(), fetuin.__version__, name, f"{value:.1f}", f"{load:.1f}"]
            )
            print(f"{name:46}{value:10.1f}")
    print(f"load {load:.1f} a core")


if __name__ == "__main__":
    main()
