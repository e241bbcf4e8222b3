"""kill -9 in the middle of cohort, simulation and trial runs: nothing lost, nothing doubled, every bit the same.

    python benchmarks/kill_campaign.py [--kills 300] [--seed 1]

Each kind of run is done once unbroken, then again and again with kills until it ends; its outputs must be the same to the
bit. A kill counts where it lands between the first and the last line of the run's log: after the program has begun the
run (or gone on with it), before the run has ended. Writes benchmarks/results/kills.csv after each kind: kills, runs that
were broken, the chunks that were done at the moment of a kill (fewest, median, most of how many), runs that differ.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fetuin.notice import __version__
from fetuin.runs import RunFolder, fingerprint

RESULTS = Path(__file__).resolve().parent / "results" / "kills.csv"
STUDY = Path(__file__).resolve().parents[1] / "src/fetuin/examples/studies/dialysate_magnesium.toml"
MAIN = [sys.executable, "-c", "from fetuin.cli.main import main; main()"]
COHORT = """import sys; from pathlib import Path; from fetuin.cohorts.run import run
verb, source, facts, out = sys.argv[1:]
for _ in run(verb, Path(source), Path(out), {"setting": "general", "facts_a_part": int(facts), "days": 60}): pass"""
HANGS = 120.0  # s without an end of the run: assumption, some thirty times as long as it takes


def people(path: Path, n: int) -> Path:
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
    """{kind: program to which the run folder is added}: small whole runs of 20, 24 and 88 chunks."""
    many, few = str(people(scratch / "many.csv", 3000)), str(people(scratch / "few.csv", 240))
    return {
        "cohort": [sys.executable, "-c", COHORT, "assess", many, "300"],
        "simulation": [sys.executable, "-c", COHORT, "simulate", few, "20"],
        "trial": [*MAIN, "trial", "simulate", str(STUDY), "--n", "4000", "--seed", "3", "--workers", "1", "--out"],
    }


def outputs(folder: Path) -> dict[str, str]:
    """Hashes of what the run is for."""
    RunFolder.open(folder)
    root = folder / "outputs"
    return {p.name: fingerprint(p) for p in sorted(root.rglob("*")) if p.is_file()}


def lines(folder: Path) -> int:
    """Lines of the run's log so far."""
    log = folder / "log.jsonl"
    return log.read_text("utf-8").count("\n") if log.exists() else 0


@dataclass
class Tally:
    """What the kills of one kind of run found."""

    at: list[int] = field(default_factory=list)  # chunks that were done at each kill
    runs: int = 0
    different: int = 0


def attempt(command: list[str], out: Path, wait: float | None, tally: Tally) -> bool:
    """Whether the run ended. Killed `wait` seconds after this attempt began the run; None lets it end."""
    before = lines(out)
    process = subprocess.Popen([*command, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    end = time.monotonic() + HANGS
    while process.poll() is None and lines(out) == before and time.monotonic() < end:
        time.sleep(0.01)
    try:
        process.wait(timeout=HANGS if wait is None else wait)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if wait is None:
            raise RuntimeError(f"the run hangs: {command}") from None
        if lines(out) == before + 1:  # begun, not ended
            tally.at.append(sum(1 for f in (out / "chunks").iterdir() if f.suffix in (".npz", ".parquet")))
        return False
    if process.returncode:
        raise RuntimeError(f"the run ended with {process.returncode}: {command}")
    return True


def whole(command: list[str], out: Path) -> tuple[dict[str, str], float, int]:
    """(hashes, seconds of work, chunks) of an unbroken run; the second of two, so that nothing is compiled in it."""
    for _ in range(2):
        shutil.rmtree(out, ignore_errors=True)
        attempt(command, out, None, Tally())
    seconds = (out / "log.jsonl").stat().st_mtime - (out / "run.json").stat().st_mtime
    return outputs(out), seconds, sum(1 for _ in (out / "chunks").iterdir())


def campaign(kind: str, command: list[str], kills: int, rng: random.Random, scratch: Path) -> dict[str, Any]:
    """Kill one kind of run `kills` times over as many whole runs as that takes."""
    expected, seconds, chunks = whole(command, scratch / f"{kind}-whole")
    tally, out = Tally(), scratch / f"{kind}-broken"
    while len(tally.at) < kills:
        shutil.rmtree(out, ignore_errors=True)
        while not attempt(command, out, rng.uniform(0, 0.9) * seconds if len(tally.at) < kills else None, tally):
            pass
        tally.runs += 1
        tally.different += outputs(out) != expected
    at = f"{min(tally.at)}, {statistics.median(tally.at):g}, {max(tally.at)} of {chunks}"
    return {"kind": kind, "kills": len(tally.at), "runs": tally.runs, "chunks_done_at_kill": at,
            "different": tally.different}  # fmt: skip


def keep(rows: list[dict[str, Any]]) -> None:
    """The figures so far, beside the earlier ones of other kinds: a campaign that is cut keeps what it has."""
    new = [{"date": date.today().isoformat(), "version": __version__, **r} for r in rows]
    with RESULTS.open(encoding="utf-8", newline="") as f:
        old = [r for r in csv.DictReader(f) if list(r) == list(new[0]) and r["kind"] not in {x["kind"] for x in new}]
    with RESULTS.open("w", newline="", encoding="utf-8") as f:
        w = csv.DictWriter(f, list(new[0]), lineterminator="\n")
        w.writeheader()
        w.writerows(old + new)


def main() -> int:
    """All kinds, and the figures."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--kills", type=int, default=300)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--only", default="", help="cohort, simulation or trial; the figures of the others stay")
    given = ask.parse_args()
    rng, rows = random.Random(given.seed), []
    with tempfile.TemporaryDirectory() as folder:
        for kind, command in commands(Path(folder)).items():
            if given.only in ("", kind):
                rows.append(campaign(kind, command, -(-given.kills // 3), rng, Path(folder)))
                print(rows[-1], flush=True)
                keep(rows)
    return int(any(r["different"] for r in rows))


if __name__ == "__main__":
    sys.exit(main())
