"""Speed of the engine: people a second in a batch, with and without ranking tests, and one case. Prints one table.

    python benchmarks/speed/diagnosis.py

People are made from the model: each has a cause, twelve findings seen, laboratory classes soft. CPU seconds over all threads, the best of
five runs: people a second of one core. Two cores do up to twice as many. The figures go to
benchmarks/results/speed_diagnosis.csv.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.sparse import vstack

from fetuin.diagnosis import assess
from fetuin.diagnosis.batch import Batch, answers, features, next_tests, posteriors
from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import model
from fetuin.knowledge.finding import findings
from fetuin.notice import __version__
from fetuin.records import Condition, Observation, Record, TissueFinding

if TYPE_CHECKING:
    from pair import Pair

RESULTS = Path(__file__).resolve().parents[1] / "results" / "speed_diagnosis.csv"


def people(n: int, seed: int = 1) -> list[list[Reading]]:
    """`n` people drawn from the model, each with twelve findings; serum findings are soft."""
    rng, m, every = np.random.default_rng(seed), model(), list(findings().values())
    out = []
    for _ in range(n):
        pair, found = int(rng.integers(m.pairs)), []
        for k in rng.choice(len(every), 12, replace=False):
            f = every[k]
            x = int(rng.choice(len(f.states), p=m.tables[f.id][:, pair] / m.tables[f.id][:, pair].sum()))
            soft = rng.random() * 0.3 if f.layer == "serum" and f.analyte else 0.01
            weights = tuple(1.0 if i == x else soft for i in range(len(f.states)))
            found.append(Reading(f.id, weights, f.states[x], ""))
        out.append(found)
    return out


def best(f: Callable[[], object], runs: int = 5) -> float:
    """Shortest CPU seconds of `runs`, over all threads."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        f()
        times.append(time.process_time() - start)
    return min(times)


def one() -> Record:
    """A record of middling size."""
    labs = (("calcium", 2.3, "mmol/L"), ("phosphate", 2.4, "mmol/L"), ("pth", 900.0, "ng/L"), ("albumin", 34.0, "g/L"))
    return Record(
        id="speed",
        sex="F",
        age=52.0,
        observations=tuple(Observation(a, v, u) for a, v, u in labs),
        conditions=(Condition("end-stage renal disease on haemodialysis"), Condition("type 2 diabetes")),
        tissue=(TissueFinding(site="shoulder periarticular", state="viable"),),
    )


def pairs() -> Iterator[Pair]:
    """The posterior of every pair of causes, beside pyAgrum's exact inference in the same network."""
    import pyagrum as gum
    from pair import Limit, Pair, multiply_adds

    from fetuin.diagnosis.prior import log_prior

    m, net = model(), gum.BayesNet("fetuin")
    cause = net.add(gum.LabelizedVariable("cause", "", [str(k) for k in range(m.pairs)]))
    net.cpt(cause).fillWith(np.exp(log_prior("general")).tolist())
    for key, table in m.tables.items():
        net.addArc(cause, net.add(gum.LabelizedVariable(key, "", [str(k) for k in range(len(table))])))
        net.cpt(key)[:] = np.ascontiguousarray(table.T)
    some = people(1024)
    x = features(some)
    engine, shown = gum.LazyPropagation(net), posteriors(x)

    def theirs() -> None:
        for k, found in enumerate(some[:20]):
            engine.setEvidence({r.finding: list(r.weights) for r in found})
            engine.setTargets({"cause"})
            engine.makeInference()
            assert np.abs(np.array(engine.posterior("cause").tolist()) - shown[k]).max() < 1e-5

    floor = Limit(12 * m.pairs / multiply_adds(), f"12 findings x {m.pairs} pairs of causes, one multiply-add each")
    yield Pair("diagnosis, 12 findings", "person", "pyAgrum LazyPropagation", "pyagrum", lambda: posteriors(x), theirs,
               len(some), 20, limit=floor)  # fmt: skip


def main() -> None:
    """Measure, print and keep."""
    some = people(4000)
    few = features(some)
    x = Batch(vstack([few.x] * 25).tocsr(), few.gather)
    part = Batch(x.x[:4096], x.gather)
    record = one()
    assess(record)
    p = posteriors(part)
    figures = [
        ("batch answers", len(x) / best(lambda: answers(x)), "people/s/core", ">= 50000 (100000 on 2 cores)"),
        (
            "batch posteriors with next-test ranking",
            4096 / best(lambda: next_tests(posteriors(part))),
            "people/s/core",
            ">= 2000 (4000 on 2 cores)",
        ),
        ("one assessment, intervals and ranking", best(lambda: assess(record), 30) * 1e3, "ms", "< 5"),
        ("latent states", float(p.shape[1]), "1", ""),
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(("date", "version", "figure", "value", "unit", "asked"))
        for name, value, unit, asked in figures:
            print(f"{name:44} {value:12.1f} {unit:10} {asked}")
            w.writerow((date.today().isoformat(), __version__, name, f"{value:.1f}", unit, asked))


if __name__ == "__main__":
    main()
