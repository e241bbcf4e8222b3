"""Mutated study files: each is read or refused with what, where, why and what to do; what is read can be designed and simulated.

`python benchmarks/fuzz_studies.py [--n 10000] [--seed 1]` writes the figures to benchmarks/results/fuzz_studies.csv.
The seeds are the shipped studies and one of each kind of table. Tests run 300 (tests/contracts/test_fuzz_studies.py).
"""

from __future__ import annotations

import argparse
import copy
import csv
import sys
import tempfile
import time
import tomllib
import warnings
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from fetuin.errors import FetuinError
from fetuin.examples.studies import shipped
from fetuin.trials.design_summary import summary
from fetuin.trials.replicates import replicates
from fetuin.trials.scenarios import scenarios
from fetuin.trials.size import randomised
from fetuin.trials.study import read_study

ROOT = Path(__file__).resolve().parents[1]
JUNK: tuple[Any, ...] = (None, "", "x", "1,5", -1, 0, 1, 2, 1e9, -1e9, 1e308, float("nan"), float("inf"), 0.5, True, False, [], [1], [[1]], {}, {"a": 1},
                         [0.5, 1.0], [1.0, 0.5], "mmrm", "cox", "bank", "log", 10**30, "\u0000", "ß" * 900, [float("nan")], [-7, 0, 7], "2021-01-01")  # fmt: skip
EVENTS = """
title = "events"
[estimand]
population = "p"
treatment = "t"
variable = "v"
summary = "hazard ratio"
[estimand.intercurrent]
discontinuation = "composite"
[endpoint]
kind = "events"
[visits]
days = [0, 365]
[[arms]]
name = "a"
[[arms]]
name = "b"
hazard_ratio = 0.7
[design]
randomised = 120
follow_up = 365
sided = 1
alpha = 0.025
[design.interim]
looks = [0.5, 1.0]
boundary = "hwang_shih_decani"
parameter = -4
futility = "hwang_shih_decani"
futility_parameter = -2
[events]
rate_per_100py = 30
[discontinuation]
rate = 0.2
"""
MOST_CELLS = 60_000  # person-visits of what is simulated here


def seeds() -> dict[str, str]:
    """Study files to start from."""
    return {**shipped(), "events": EVENTS}


def _paths(at: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a table."""
    items = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
    return [p for k, v in items for p in [(*path, k), *_paths(v, (*path, k))]]


def _of_table(table: dict[str, Any], draw: Random) -> dict[str, Any]:
    """Change, drop, double or rename one to three places."""
    out = copy.deepcopy(table)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        *path, last = draw.choice(_paths(out) or [("x",)])
        at: Any = out
        for k in path:
            at = at[k]
        kind = draw.choice((0, 1, 2, 3, 3, 3, 3, 3, 4))
        if kind == 0 and isinstance(at, dict):
            at.pop(last, None)
        elif kind == 1 and isinstance(at, dict):
            at[str(last) + draw.choice("xyz_")] = at.pop(last, 1)
        elif kind == 2 and isinstance(at, list):
            at.append(copy.deepcopy(at[last]))
        elif kind == 3 and isinstance(at.get(last) if isinstance(at, dict) else at[last], int | float):
            at[last] = draw.choice((-1, 0.0, 0.001, 0.5, 0.9, 1.0, 1.1, 1.5, 3.0, 100.0, 1e6)) * at[last]
        else:
            at[last] = draw.choice(JUNK)
    return out


def _of_text(text: str, draw: Random) -> bytes:
    """Cut, double, flip or insert somewhere in the bytes."""
    out = bytearray(text.encode())
    a, b = sorted(draw.randrange(len(out)) for _ in range(2))
    kind = draw.randrange(4)
    if kind == 0:
        del out[a : min(b, a + 60)]
    elif kind == 1:
        out[a:a] = out[a : min(b, a + 60)]
    elif kind == 2:
        for _ in range(draw.randint(1, 6)):
            out[draw.randrange(len(out))] = draw.randrange(256)
    else:
        out[a:a] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 8)))
    return bytes(out)


def attempt(source: Any) -> str:
    """read, refused, unplaced (an error that lacks its place, reason or remedy) or crash."""
    try:
        study = read_study(source)
        listed = scenarios(study)
        summary(study)
        n = randomised(study)
        if not study.patients.mechanistic and n * len(study.visits) <= MOST_CELLS:
            replicates(listed[0].study, None, 1, range(2)) if randomised(listed[0].study) * len(
                study.visits
            ) <= MOST_CELLS else None
        return "read"
    except FetuinError as error:
        whole = error.where and error.why and error.fix
        if not whole:
            print(f"unplaced: {error}", file=sys.stderr)
        return "refused" if whole else "unplaced"
    except Exception as error:
        print(f"crash: {type(error).__name__}: {error}", file=sys.stderr)
        return "crash"


def campaign(n: int, seed: int) -> tuple[Counter[tuple[str, str]], float]:
    """How `n` mutants end, by the study they come from, and the slowest of them [s]."""
    draw, ends, slowest = Random(seed), Counter[tuple[str, str]](), 0.0
    listed = seeds()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        file = Path(folder) / "study.toml"
        for k in range(n):
            name = list(listed)[k % len(listed)]
            source: Any
            if draw.random() < 0.7:
                source = _of_table(tomllib.loads(listed[name]), draw)
            else:
                file.write_bytes(_of_text(listed[name], draw))
                source = file
            begun = time.perf_counter()
            end = attempt(source)
            if end in ("crash", "unplaced"):
                print(
                    f"  mutant {k} of {name}: {source if isinstance(source, dict) else file.read_bytes()[:3000]!r}",
                    file=sys.stderr,
                )
            ends[name, end] += 1
            slowest = max(slowest, time.perf_counter() - begun)
    return ends, slowest


def main() -> int:
    """Run and write."""
    p = argparse.ArgumentParser()
    p.add_argument("--n", type=int, default=10_000)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    ends, slowest = campaign(a.n, a.seed)
    words = ("read", "refused", "unplaced", "crash")
    with (ROOT / "benchmarks/results/fuzz_studies.csv").open("w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(("study", *words, "seed", "slowest_s"))
        for name in sorted({n for n, _ in ends}):
            out.writerow((name, *(ends[name, w] for w in words), a.seed, ""))
        total = [sum(v for (_, w), v in ends.items() if w == word) for word in words]
        out.writerow(("all", *total, a.seed, f"{slowest:.3f}"))
    print(dict(zip(words, total)), f"slowest {slowest:.2f} s")
    return int(total[2] + total[3] > 0)


if __name__ == "__main__":
    sys.exit(main())
