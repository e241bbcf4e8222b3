"""Live peers in R: rpact's designs replayed record by record, and our MMRM beside nlme::gls and lmerTest on the same table.

`python benchmarks/agreement/r_peers.py` prints one table and writes `benchmarks/results/r_peers.csv`. Without R and its packages
(Debian: r-cran-rpact r-cran-nlme r-cran-lme4 r-cran-lmertest r-cran-jsonlite) it says so and stops. rpact takes some minutes.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from fetuin.notice import __version__
from fetuin.trials.analysis.mmrm_many import mmrm_many
from fetuin.trials.conformance import conform

HERE = Path(__file__).parent
OUT = HERE.parent / "results" / "r_peers.csv"
PACKAGES = ("rpact", "nlme", "lme4", "lmerTest", "jsonlite")


def missing() -> str:
    """Why the peers cannot run; empty where they can."""
    if not shutil.which("Rscript"):
        return "Rscript is not installed"
    code = f"cat(setdiff(c({', '.join(repr(p) for p in PACKAGES)}), rownames(installed.packages())))"
    lost = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False).stdout.strip()
    return f"R packages are not installed: {lost}" if lost else ""


def run(script: str, *arguments: str) -> None:
    """One R script; its error is ours."""
    subprocess.run(["Rscript", str(HERE / script), *arguments], check=True, stdout=subprocess.DEVNULL)


def designs(folder: Path) -> list[list[object]]:
    """rpact's records by kind: how many, how many agree."""
    target = folder / "rpact.json"
    run("rpact.R", str(target))
    rows = conform(target)
    kinds, agree = Counter(r["kind"] for r in rows), Counter(r["kind"] for r in rows if r["pass"])
    return [[f"rpact {k}", n, agree[k], ""] for k, n in sorted(kinds.items())]


def mixed(folder: Path, trials: int = 3) -> list[list[object]]:
    """Our MMRM beside gls (no degrees of freedom) and lmerTest: greatest difference at the last visit."""
    rng = np.random.default_rng(20240607)
    n, m = 80, 4
    S = 60**2 * (0.5 + 0.5 * np.eye(m + 1))
    off: dict[str, list[float]] = {"gls": [], "lmerTest": []}
    df = []
    for k in range(trials):
        z = rng.multivariate_normal(np.full(m + 1, 250.0), S, n)
        base, y = z[:, 0] - z[:, 0].mean(), z[:, 1:]
        y[rng.random((n, m)) < 0.08] = np.nan
        ours = mmrm_many(y[None], np.arange(n) % 2, base)
        rows = [(f"P{i:03d}", f"V{j}", "AB"[i % 2], base[i], y[i, j]) for i in range(n) for j in range(m)]
        table = folder / f"{k}.csv"
        pd.DataFrame(rows, columns=["id", "v", "arm", "x", "y"]).dropna().to_csv(table, index=False)
        run("mixed.R", str(table), str(folder / f"{k}.json"))
        found = json.loads((folder / f"{k}.json").read_text())
        for peer, (estimate, se, *rest) in found.items():
            off[peer] += [abs(estimate - ours.estimate[0, 0, -1]), abs(se - ours.se[0, 0, -1])]
            df += [abs(rest[0] - ours.df[0, 0, -1])] if rest else []
    return [
        ["nlme::gls, greatest difference of estimate or SE", trials, trials, f"{max(off['gls']):.1e}"],
        ["lmerTest, greatest difference of estimate or SE", trials, trials, f"{max(off['lmerTest']):.1e}"],
        ["lmerTest, greatest difference of df", trials, trials, f"{max(df):.3f}"],
    ]


def main() -> None:
    """Print and keep, or say why not."""
    why = missing()
    if why:
        print(f"skipped: {why}")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as name:
        table = mixed(Path(name)) + designs(Path(name))
    for what, n, agree, note in table:
        print(f"{what:60s} {agree:5} of {n:5} {note}")
    with OUT.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["date", "version", "what", "records", "agree", "difference"])
        w.writerows([date.today(), __version__, *row] for row in table)


if __name__ == "__main__":
    main()
