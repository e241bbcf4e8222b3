"""Accuracy of the engine against published data: cases, HPO-coded cases, healthy chemistry. Prints one table.

    python benchmarks/accuracy/diagnosis.py [SHARED]

SHARED is the folder with data/cases and data/nhanes_biomarker_series (default: ../shared beside the checkout). Figures go to
benchmarks/results/accuracy_diagnosis.csv. No number of the engine is fitted to the cases, but its words were written after
reading them: "leave one source out" takes from each case every worded finding that no other source of the file shows.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from fetuin.diagnosis.differential import Differential, differential, log_likelihood, posterior
from fetuin.diagnosis.evidence import Reading, readings
from fetuin.diagnosis.model import model
from fetuin.diagnosis.prior import log_prior, weights
from fetuin.knowledge.finding import findings
from fetuin.knowledge.setting import setting_named
from fetuin.notice import __version__
from fetuin.records import Observation, Record, read_records
from fetuin.validation.cases import Label, Row, group_members, read_labels
from fetuin.validation.diagnosis import METRICS, judged

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "accuracy_diagnosis.csv"
TRAPS = ("DX005", "DX021", "DX037", "DX089", "DX115", "DX119", "DX127", "DX132", "DX160")
NHANES = {
    "calcium": ("total_calcium__mg_dl__bad0d970b0", 0.24951, "mmol/L"),
    "phosphate": ("phosphorus__mg_dl__fabacf8578", 0.32285, "mmol/L"),
    "pth": ("parathyroid_hormone_elecys_method_pg_ml__eca427f430", 1.0, "ng/L"),
    "calcidiol": ("25-hydroxyvitamin_d2_d3__f4f351c6ef", 1.0, "nmol/L"),
    "alp": ("alkaline_phosphotase__751995a43b", 1.0, "U/L"),
    "creatinine": ("creatinine__mg_dl__2273d31229", 88.4, "umol/L"),
    "albumin": ("albumin__g_l__795ca36fdb", 1.0, "g/L"),
}
Figure = tuple[str, float]


def row(label: Label, d: Differential) -> Row:
    """One case beside its label."""
    names, member = group_members()
    return Row(label, d.mechanisms(), dict(zip(names, (d.pairs @ member).tolist(), strict=True)))


def figures(name: str, rows: Sequence[Row], which: Sequence[str] = tuple(METRICS)) -> Iterator[Figure]:
    """Every metric of some rows."""
    arrays = judged(rows)
    yield from ((f"{name}: {m}", METRICS[m](arrays)) for m in which)


def left_out(found: list[tuple[Reading, ...]], labels: list[Label]) -> list[tuple[Reading, ...]]:
    """Readings without the worded ones that no other source shows."""
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rs, x in zip(found, labels, strict=True):
        for r in rs:
            sources[r.finding, r.state].add(x.source)
    always = {f.id for f in findings().values() if f.layer == "serum"} | {
        "age",
        "female",
        "tissue_state",
        "calcification_reported",
    }
    return [tuple(r for r in rs if r.finding in always or len(sources[r.finding, r.state]) > 1) for rs in found]


def fewer_labs(records: list[Record], labels: list[Label], share: float, seed: int) -> list[Row]:
    """Cases with a share of their laboratory values taken away at random."""
    rng = random.Random(seed)
    thin = [replace(r, observations=tuple(o for o in r.observations if rng.random() >= share)) for r in records]
    return [row(x, differential(readings(r))) for r, x in zip(thin, labels, strict=True)]


def priors(found: list[tuple[Reading, ...]], labels: list[Label]) -> Iterator[Figure]:
    """Each prior halved or raised by half: the worst top-1, and the largest share of answers that change."""
    setting = setting_named("general")
    likelihoods = [sum((log_likelihood(r) for r in rs), np.zeros(model().pairs)) for rs in found]
    base = [
        row(x, Differential(posterior(log_prior("general") + ll), 0.0))
        for ll, x in zip(likelihoods, labels, strict=True)
    ]
    worst, moved = 1.0, 0.0
    for key, n in setting.prior.items():
        for factor in (0.5, 1.5):
            changed = replace(setting, prior={**setting.prior, key: replace(n, value=n.value * factor)})
            log = np.log(weights(changed))
            rows = [row(x, Differential(posterior(log + ll), 0.0)) for ll, x in zip(likelihoods, labels, strict=True)]
            worst = min(worst, METRICS["top1"](judged(rows)))
            moved = max(moved, sum(a.ranked[0] != b.ranked[0] for a, b in zip(rows, base, strict=True)) / len(rows))
    yield "priors +-50 %: worst top1", worst
    yield "priors +-50 %: largest share of answers moved", moved


def cases(shared: Path) -> Iterator[Figure]:
    """The published cases."""
    path = shared / "data/cases/dev.jsonl"
    records, labels = list(read_records(path)), read_labels(path)
    found = [readings(r) for r in records]
    rows = [row(x, differential(rs)) for rs, x in zip(found, labels, strict=True)]
    yield from figures("dev", rows)
    hidden = [readings(r.without_tissue_state()) for r in records]
    yield from figures("dev, tissue hidden", [row(x, differential(rs)) for rs, x in zip(hidden, labels, strict=True)])
    for name, some in (("leave one source out", found), ("leave one source out, tissue hidden", hidden)):
        yield from figures(
            name, [row(x, differential(rs)) for rs, x in zip(left_out(some, labels), labels, strict=True)]
        )
    for share in (0.25, 0.5, 0.75):
        tops = [METRICS["top1"](judged(fewer_labs(records, labels, share, seed))) for seed in range(10)]
        yield f"labs removed {share:.0%}: top1", float(np.mean(tops))
    counted = Counter(x.mechanism for x in labels if x.firm)
    yield "majority: top1", counted.most_common(1)[0][1] / sum(counted.values())
    yield from priors(found, labels)
    for r in rows:
        if r.label.id in TRAPS and r.label.firm:
            yield f"trap {r.label.id}: P({r.label.mechanism})", r.mechanisms[r.label.mechanism or ""]
        elif r.label.id in TRAPS:
            yield f"trap {r.label.id}: P({r.label.group})", r.groups.get(r.label.group or "", 0.0)


def hereditary(shared: Path) -> Iterator[Figure]:
    """HPO-coded cases: is the hereditary label true of the leading causes?"""
    records = list(read_records(shared / "data/cases/phenopackets.jsonl"))
    by_gene: dict[str, list[bool]] = defaultdict(list)
    for r in records:
        d = differential(readings(r))
        m = model()
        k = int(d.pairs.argmax())
        states = (m.tissue[m.pair_t[k]], m.systemic[m.pair_s[k]])
        labels = {x for s in states if s.variant for x in s.variant.labels}
        by_gene[r.variants[0].gene if r.variants else "?"].append("hereditary" in labels)
    yield (
        "HPO cases: hereditary is a label of the leading cause",
        float(np.mean([x for v in by_gene.values() for x in v])),
    )
    for gene, v in sorted(by_gene.items(), key=lambda x: (-len(x[1]), x[0]))[:6]:
        yield f"HPO cases, {gene} (n {len(v)})", float(np.mean(v))


def healthy(shared: Path) -> Iterator[Figure]:
    """Healthy adults, one analyte at a time: how often metastatic is above one half."""
    alarms = total = 0
    for analyte, (name, factor, unit) in NHANES.items():
        d = json.loads((shared / f"data/nhanes_biomarker_series/{name}.json").read_text())
        mine = 0
        sample = [(p["age_years"], p["value"]) for p in d["raw_sample"]]
        for age, value in sample:
            r = Record(age=float(age), observations=(Observation(analyte, float(value) * factor, unit),))
            mine += differential(readings(r)).answers()["metastatic"] > 0.5
        yield f"healthy {analyte} (n {len(sample)}): metastatic > 0.5", mine / len(sample)
        alarms, total = alarms + mine, total + len(sample)
    yield "healthy, all: metastatic > 0.5", alarms / total


def main() -> None:
    """Measure, print and keep."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(("date", "version", "figure", "value"))
        for part in (cases, hereditary, healthy):
            for name, value in part(shared):
                print(f"{name:60} {value:8.4f}", flush=True)
                w.writerow((date.today().isoformat(), __version__, name, f"{value:.4f}"))


if __name__ == "__main__":
    main()
