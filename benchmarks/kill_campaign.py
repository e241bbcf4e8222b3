"""kill -9 at random moments of cohort, simulation and trial runs: nothing lost, nothing doubled, every bit the same.

    python benchmarks/kill_campaign.py [--kills 300] [--seed 1]

Each kind of run is done once unbroken, then again and again with kills until it ends; its outputs must be the same to the
bit. Writes benchmarks/results/kills.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from fetuin.notice import __version__
from fetuin.runs import RunFolder, fingerprint

RESULTS = Path(__file__).resolve().parent / "results" / "kills.csv"
FETUIN = [sys.executable, "-c", "from fetuin.cli.main import main; main()"]
STUDY = Path(__file__).resolve().parents[1] / "src/fetuin/examples/studies"


def people(path: Path, n: int = 3000) -> Path:
    """A tidy table."""
    rows = ["id,kind,name,value,unit"]
    for k in range(n):
        rows += [
            f"p{k:05d},observation,calcium,{2.2 + k % 7 / 10:.2f},mmol/L",
            f"p{k:05d},condition,calcinosis cutis,,",
        ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def commands(scratch: Path) -> dict[str, list[str]]:
    """{kind: command without --out}."""
    table = str(people(scratch / "people.csv"))
    few = str(people(scratch / "few.csv", 40))
    study = str(next(iter(sorted(STUDY.glob("*.toml")))))
    return {
        "cohort": ["cohort", "assess", table, "--workers", "1"],
        "simulation": ["cohort", "simulate", few, "--days", "20", "--workers", "1"],
        "trial": ["trial", "simulate", study, "--n", "400", "--seed", "3", "--workers", "1"],
    }  # fmt: skip


def outputs(folder: Path) -> dict[str, str]:
    """Hashes of what the run is for."""
    RunFolder.open(folder)
    root = folder / "outputs"
    return {p.name: fingerprint(p) for p in sorted(root.rglob("*")) if p.is_file()}


def run(command: list[str], out: Path, kill_after: float | None) -> tuple[bool, float]:
    """(killed?, seconds) of one attempt."""
    begun = time.monotonic()
    process = subprocess.Popen([*FETUIN, *command, "--out", str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    try:
        process.wait(timeout=kill_after)
        return False, time.monotonic() - begun
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True, time.monotonic() - begun


def campaign(kind: str, command: list[str], kills: int, rng: random.Random, scratch: Path) -> dict[str, object]:
    """Kill one kind of run `kills` times over as many whole runs as that takes."""
    _, seconds = run(command, scratch / f"{kind}-whole", None)
    expected = outputs(scratch / f"{kind}-whole")
    done = runs = different = 0
    while done < kills:
        out = scratch / f"{kind}-broken"
        shutil.rmtree(out, ignore_errors=True)
        for attempt in range(60):
            killed, _ = run(command, out, rng.uniform(0.1, 1.0) * seconds if attempt < 59 and done < kills else None)
            done += killed
            if not killed:
                break
        runs += 1
        different += outputs(out) != expected
    return {"kind": kind, "n": done, "runs": runs, "fault": "" if not different else f"{different} runs differ"}


def main() -> None:
    """All kinds, and the figures."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--kills", type=int, default=300)
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    rng, rows = random.Random(given.seed), []
    with tempfile.TemporaryDirectory() as folder:
        for kind, command in commands(Path(folder)).items():
            rows.append(campaign(kind, command, given.kills // 3, rng, Path(folder)))
            print(rows[-1], flush=True)
            keep(rows)


def keep(rows: list[dict[str, object]]) -> None:
    """The figures so far: a campaign that is cut keeps what it has."""
    with RESULTS.open("w", newline="", encoding="utf-8") as f:
        w = csv.DictWriter(f, ["date", "version", *rows[0]])
        w.writeheader()
        w.writerows({"date": date.today().isoformat(), "version": __version__, **r} for r in rows)


if __name__ == "__main__":
    main()
