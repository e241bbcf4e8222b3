"""Cohorts: people a second from Parquet to Parquet over sizes, FHIR resources a second, simulated people a second, memory.

    python benchmarks/speed/cohort.py [--most 1000000] [--simulated 20000] [--workers 2] [--fhir FOLDER]

Wall and CPU seconds of whole commands in a process of their own, with the largest memory of any of its processes. Appends to
benchmarks/results/cohort.csv by date and version, so that a loss shows.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from fetuin.notice import __version__

RESULTS = Path(__file__).resolve().parents[1] / "results" / "cohort.csv"
FACTS = ("calcium", "phosphate", "pth", "creatinine", "albumin", "alp", "sex", "age", "said")
SAID = ("vascular calcification of the leg", "hypertension", "end-stage renal disease on haemodialysis", "gout",
        "calcinosis cutis", "systemic sclerosis", "sarcoidosis", "type 2 diabetes")  # fmt: skip

NO_EVENTS = tuple(s for s in SAID if "dialysis" not in s)


def people(n: int, path: Path, seed: float = 0.4, said: tuple[str, ...] = SAID) -> None:
    """`n` people of nine facts each as Parquet; what is `said` goes round."""
    import duckdb

    con = duckdb.connect()
    con.execute(f"SET threads = 2; SET preserve_insertion_order = false; SELECT setseed({seed})")
    value = """CASE name WHEN 'calcium' THEN round(2.35 + 0.15 * (random() - 0.5) * 2, 2)
        WHEN 'phosphate' THEN round(3.5 + 2.5 * a, 1) WHEN 'pth' THEN round(20 + 400 * b * b)
        WHEN 'creatinine' THEN round(60 + 500 * b * b * b) WHEN 'albumin' THEN round(35 + 8 * random())
        WHEN 'alp' THEN round(50 + 80 * random()) WHEN 'age' THEN 20 + i % 70 END"""
    unit = """CASE name WHEN 'calcium' THEN 'mmol/L' WHEN 'phosphate' THEN 'mg/dL' WHEN 'pth' THEN 'pg/mL'
        WHEN 'creatinine' THEN 'umol/L' WHEN 'albumin' THEN 'g/L' WHEN 'alp' THEN 'U/L' WHEN 'age' THEN 'a' END"""
    con.execute(f"""COPY (SELECT 'P' || lpad(i::VARCHAR, 8, '0') AS id,
        CASE WHEN name IN ('sex', 'age') THEN 'person' WHEN name = 'said' THEN 'condition' ELSE 'observation' END AS kind,
        CASE name WHEN 'said' THEN {list(said)!r}[1 + i % {len(said)}] ELSE name END AS name,
        CASE name WHEN 'sex' THEN CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END ELSE ({value})::VARCHAR END AS value,
        {unit} AS unit, CASE WHEN name NOT IN ('sex', 'age') THEN '2025-0' || (1 + i % 9) || '-11' END AS time
        FROM (SELECT i, random() AS a, random() AS b FROM range({n}) t(i)), (SELECT unnest({list(FACTS)!r}) AS name))
        TO '{path}' (FORMAT parquet)""")


def fhir(folder: Path, path: Path, copies: int) -> int:
    """Resources of the bundles of a folder as NDJSON, `copies` times under other names; returns how many."""
    n = 0
    with path.open("w") as out:
        for k in range(copies):
            for bundle in sorted(folder.glob("*.json")):
                entries = json.loads(bundle.read_text())["entry"]
                who = next(e["resource"]["id"] for e in entries if e["resource"]["resourceType"] == "Patient")
                for e in entries:
                    text = json.dumps(e["resource"]).replace(f"urn:uuid:{who}", f"Patient/{who}")
                    out.write(text.replace(who, f"{who}-{k}") + "\n")
                    n += 1
    return n


def timed(*command: object) -> tuple[float, float, float]:
    """Wall s, CPU s with all children, and the largest memory of one process in MB, of a `fetuin` command."""
    code = ("import resource,sys; from fetuin.cli.main import main; r=main(sys.argv[1:]); a,b=(resource.getrusage(k) for k in "
            "(resource.RUSAGE_SELF,resource.RUSAGE_CHILDREN)); print('USED',a.ru_utime+a.ru_stime+b.ru_utime+b.ru_stime,"
            "max(a.ru_maxrss,b.ru_maxrss)/1024); sys.exit(r)")  # fmt: skip
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *map(str, command)], capture_output=True, text=True, check=True)
    used = next(x for x in done.stdout.splitlines() if x.startswith("USED")).split()
    return time.perf_counter() - begun, float(used[1]), float(used[2])


def main() -> None:
    """Measure, print and keep."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--most", type=int, default=100_000)
    ask.add_argument("--simulated", type=int, default=20_000)
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--fhir", type=Path, default=Path(__file__).resolve().parents[3] / "shared/data/synthea_r4")
    given, rows = ask.parse_args(), []
    with tempfile.TemporaryDirectory() as scratch:
        at = Path(scratch)

        def measure(what: str, n: int, *command: object) -> None:
            shutil.rmtree(at / "out", ignore_errors=True)
            wall, cpu, memory = timed(*command, "--out", at / "out", "--workers", given.workers)
            load = os.getloadavg()[0]
            rows.append((date.today().isoformat(), __version__, what, n, given.workers, f"{wall:.2f}", f"{cpu:.2f}",
                         f"{cpu / n * 1e6:.1f}", f"{memory:.0f}", f"{load:.1f}"))  # fmt: skip
            print(f"{what:35} n {n:>9}  wall {wall:8.1f} s  cpu {cpu:8.1f} s  {cpu / n * 1e6:9.1f} us each  {memory:6.0f} MB  load {load:.1f}",
                  flush=True)  # fmt: skip

        for n in (10**k for k in range(3, 8) if 10**k <= given.most):
            people(n, at / "people.parquet")
            measure("assess, Parquet to Parquet", n, "cohort", "assess", at / "people.parquet")
        for what, said in (("simulate 1 year, 1 in 8 on dialysis", SAID), ("simulate 1 year, no events", NO_EVENTS)):
            people(given.simulated, at / "people.parquet", 0.6, said)
            measure(what, given.simulated, "cohort", "simulate", at / "people.parquet")
        if given.fhir.is_dir():
            n = fhir(given.fhir, at / "export.ndjson", 4)
            measure("assess, FHIR resources", n, "cohort", "assess", at / "export.ndjson")
    new = not RESULTS.exists()
    with RESULTS.open("a", newline="") as f:
        w = csv.writer(f)
        if new:
            w.writerow(("date", "version", "what", "n", "workers", "wall_s", "cpu_s", "cpu_us_each", "rss_mb", "load"))
        w.writerows(rows)


if __name__ == "__main__":
    main()
