"""Every comparison with a peer in one run on this machine: `make bench`, or `python benchmarks/bench.py [PART ...]`.

Each file of `speed/` that has `pairs()` says what is compared; here it is timed, ours and theirs in turn, in processor seconds of
one process, so that others on the machine count little. Prints a table, appends it to `results/history.csv` with date, machine, load
and versions, and names every loss against the run before on the same processor (exit code 1).
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import history
import numpy as np
from pair import Pair
from threadpoolctl import threadpool_limits

from fetuin.versions import versions

HERE = Path(__file__).parent


def pairs(wanted: list[str]) -> Iterator[Pair]:
    """What every file of `speed/` compares, or those named."""
    sys.path.insert(0, str(HERE / "speed"))
    for file in sorted((HERE / "speed").glob("*.py")):
        if (not wanted or file.stem in wanted) and "def pairs(" in file.read_text("utf-8"):
            yield from import_module(file.stem).pairs()


def processor() -> str:
    """The model of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        name, family, model = (
            next(x.split(":")[1].strip() for x in lines if x.startswith(k))
            for k in ("model name", "cpu family", "model\t")
        )
        return f"{name} (family {family}, model {model})"
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def row(pair: Pair) -> history.Row:
    """Measure one comparison; the ratio with the 10th and 90th percentile of its repeats."""
    with threadpool_limits(1):  # a peer's linear algebra takes one core, as everybody's
        ours, theirs = pair.measure()
    low, middle, high = np.percentile(theirs / ours, (10, 50, 90))
    own, limit = versions(), pair.limit
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "processor": processor(), "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}", "python": platform.python_version(), **own, "part": pair.part, "item": pair.item,
        "peer": pair.peer, "peer_version": pair.peer_version(), "ours_us": f"{1e6 * np.median(ours):.4g}",
        "theirs_us": f"{1e6 * np.median(theirs):.4g}", "ratio": f"{middle:.3g}", "ratio_low": f"{low:.3g}",
        "ratio_high": f"{high:.3g}", "repeats": str(pair.repeats),
        "limit_us": f"{1e6 * limit.seconds:.3g}" if limit else "", "limit_because": limit.because if limit else "", "note": "",
    }  # fmt: skip


def main(wanted: list[str]) -> int:
    """Measure, print, keep; 1 where something was lost."""
    found = []
    print(f"{processor()}, load {os.getloadavg()[0]:.1f}, {' '.join(f'{k} {v}' for k, v in versions().items())}")
    print(f"{'part':34} {'peer':26} {'ours, us':>10} {'theirs, us':>11} {'ratio':>8}  10 % to 90 %     limit, us")
    for pair in pairs(wanted):
        r = row(pair)
        found.append(r)
        print(f"{r['part']:34} {r['peer']:26} {r['ours_us']:>10} {r['theirs_us']:>11} {r['ratio']:>8}  "
              f"{r['ratio_low']} to {r['ratio_high']}".ljust(112) + f" {r['limit_us']}", flush=True)  # fmt: skip
    history.append(found)
    if not wanted:
        subprocess.run([sys.executable, str(HERE / "agreement" / "r_peers.py")], check=False)
    lost = history.losses(history.read())
    print("\n".join(f"LOSS {x}" for x in lost) or "no loss against the run before on this processor")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
