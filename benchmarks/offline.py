"""Every verb without a network: it works, and nothing in it tries to reach anybody.

    python benchmarks/offline.py [--only assess,ct]

The verbs run in a network namespace that holds the loopback alone (`unshare`, Linux; where the kernel does not permit one, the
campaign says so and ends with 2). Each process notes whom it asks for: every socket.connect, sendto and look-up of a name,
told by Python's audit hooks; the namespace is for what lies below Python. Writes benchmarks/results/offline.csv: seconds, exit
status, how often a place that is not this machine was asked for.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "offline.csv"
NAMESPACE = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
FETUIN = [sys.executable, "-c", "from fetuin.cli.main import main; raise SystemExit(main())"]
PORT = "8399"
WATCH = """
import os, sys
HERE = ("127.", "::1", "localhost", "0.0.0.0", "::")
def watch(event, args):
    if event == "socket.connect" or event == "socket.sendto":
        place = args[1][0] if isinstance(args[1], tuple) else None  # a path is a socket of this machine
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        place = args[0]
    else:
        return
    place = place.decode() if isinstance(place, bytes) else place
    if place and not str(place).startswith(HERE):
        with open(os.environ["ASKED"], "a") as f:
            f.write(f"{event} {place}\\n")
sys.addaudithook(watch)
"""


def verbs(scratch: Path) -> dict[str, list[str]]:
    """{verb: its arguments}: small runs of the shipped and the tests' samples."""
    records, plate = ROOT / "tests" / "data" / "records", scratch / "plate"
    return {
        "demo": ["demo", "--out", str(scratch / "demo")],
        "assess": ["assess", str(records / "bundle.json"), "--out", str(scratch / "assess")],
        "simulate": ["simulate", "--days", "5", "--out", str(scratch / "simulate")],
        "phantom": ["phantom", "block", "--out", str(scratch / "phantom")],
        "ct": ["ct", str(scratch / "phantom" / "dicom"), "--out", str(scratch / "ct")],
        "t50 simulate": ["t50", "simulate", "--seed", "1", "--wells", "96", "--points", "60", "--out", str(plate)],
        "t50": ["t50", str(plate / "sim_plate_full_seed1.csv.gz"), "--out", str(scratch / "t50")],
        "trial": ["trial", "simulate", "dialysate_magnesium", "--n", "40", "--workers", "1", "--out", str(scratch / "trial")],
        "cohort": ["cohort", "assess", str(records / "tidy.csv"), "--workers", "1", "--out", str(scratch / "cohort")],
        "selftest": ["selftest"],
    }  # fmt: skip


def one(name: str, arguments: list[str], asked: Path) -> dict[str, Any]:
    """A verb and what it asked for."""
    asked.write_text("")
    begun = time.monotonic()
    done = subprocess.run([*FETUIN, *arguments], capture_output=True, text=True, env=os.environ | {"ASKED": str(asked)}, timeout=600)  # fmt: skip
    if done.returncode:
        print(f"{name}: {done.stderr[-1500:]}", file=sys.stderr)
    return row(name, done.returncode, begun, asked)


def row(name: str, status: int, begun: float, asked: Path) -> dict[str, Any]:
    """The figures of a verb."""
    places = asked.read_text().splitlines()
    for place in sorted(set(places)):
        print(f"{name} asked for: {place}", file=sys.stderr)
    return {"verb": name, "n": 1, "status": status, "asked": len(places), "seconds": round(time.monotonic() - begun, 1),
            "different": int(bool(status or places))}  # fmt: skip


def served(scratch: Path, asked: Path) -> dict[str, Any]:
    """The service, asked once by the selftest of the command line."""
    asked.write_text("")
    begun, environment = time.monotonic(), os.environ | {"ASKED": str(asked)}
    command = [*FETUIN, "serve", "--port", PORT, "--state", str(scratch / "state"), "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    status = 1
    try:
        while status and time.monotonic() - begun < 180 and server.poll() is None:
            time.sleep(1)
            status = subprocess.run([*FETUIN, "selftest", "--url", f"http://127.0.0.1:{PORT}"], capture_output=True, env=environment).returncode  # fmt: skip
    finally:
        server.terminate()
        server.wait(60)
    return row("serve", status, begun, asked)


def inside(only: list[str], table: Path) -> None:
    """All verbs, in this process's namespace; their figures go to `table`."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "hooks").mkdir()
        (scratch / "hooks" / "sitecustomize.py").write_text(WATCH)
        os.environ["PYTHONPATH"] = os.pathsep.join([str(scratch / "hooks"), *sys.path[1:]])
        known = verbs(scratch)
        rows = [one(v, known[v], scratch / "asked") for v in known if not only or v in only]
        rows += [served(scratch, scratch / "asked")] if not only or "serve" in only else []
        with table.open("w", encoding="utf-8", newline="") as f:
            out = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(rows)


def offline(only: list[str], table: Path) -> list[dict[str, str]] | None:
    """The rows of a run in a namespace without a network; None where the kernel permits none."""
    if not sys.platform.startswith("linux") or subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode:
        return None
    command = [sys.executable, __file__, "--only", ",".join(only), "--inside", str(table)]
    subprocess.run([*NAMESPACE, *command], check=True)
    with table.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def main() -> int:
    """All verbs, and the figures."""
    from fetuin.notice import __version__

    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--only", default="")
    ask.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    given = ask.parse_args()
    only = [v for v in given.only.split(",") if v]
    if given.inside:
        inside(only, given.inside)
        return 0
    with tempfile.TemporaryDirectory() as name:
        rows = offline(only, Path(name) / "table.csv")
    if rows is None:
        print("a network namespace is not permitted here", file=sys.stderr)
        return 2
    with RESULTS.open("w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, ["date", "version", *rows[0]], lineterminator="\n")
        out.writeheader()
        out.writerows({"date": date.today().isoformat(), "version": __version__, **r} for r in rows)
    for r in rows:
        print(r)
    return int(any(r["different"] != "0" for r in rows))


if __name__ == "__main__":
    sys.exit(main())
