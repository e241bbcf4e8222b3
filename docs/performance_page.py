"""The page of performance, from `benchmarks/results`: peers with ratios and spread, what was lost, cohorts over their size."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

from reference_pages import said, table

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
sys.path.insert(0, str(ROOT / "benchmarks"))
import history  # noqa: E402  (a folder of scripts, no package)

WORDS = """# Performance, measured

`make bench` compares every part with its peers in one run on one machine: the same work, ours and theirs in turn, in processor
seconds of one process. A ratio of 10 means that the peer takes ten times as long; beside it the 10th and 90th percentile of the
repeats. The *limit* is what the machine would allow at best where that is known: reading the data once from memory, or the
multiply-adds that no method saves. Where the cell is empty, no bound is known. [What peers do that we do not](../explanation/peers.md)
is the other half of the comparison.
"""


def latest(rows: list[history.Row]) -> list[history.Row]:
    """The last row of each comparison, whatever the processor."""
    return list({(r["part"], r["peer"]): r for r in rows}.values())


def microseconds(text: str) -> str:
    """A duration in a unit that a person reads."""
    if not text:
        return ""
    value = float(text)
    unit, size = next((u, s) for u, s in (("s", 1e6), ("ms", 1e3), ("µs", 1.0)) if value >= s or s == 1.0)
    return f"{value / size:.3g} {unit}"


def ratio(text: str) -> str:
    """A ratio with three digits and no power of ten."""
    value = float(text)
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def peers(rows: list[history.Row]) -> list[str]:
    """The table of the last run."""
    shown = []
    for r in latest(rows):
        times = (
            f"{float(r['ours_us']) / float(r['limit_us']):.2g} x {microseconds(r['limit_us'])}" if r["limit_us"] else ""
        )
        shown.append((r["part"], r["item"], f"{r['peer']} {r['peer_version']}", microseconds(r["ours_us"]), microseconds(r["theirs_us"]),
                      f"{ratio(r['ratio'])} ({ratio(r['ratio_low'])} to {ratio(r['ratio_high'])})", times, r["date"]))  # fmt: skip
    heads = ("part", "one", "peer", "ours", "peer's", "ratio", "ours is so many times the limit", "date")
    because = sorted({f"{r['part'].split(',')[0]}: {r['limit_because']}" for r in latest(rows) if r["limit_because"]})
    last = rows[-1]
    machine = (f"Last run {last['date']} on {last['processor']}, {last['cores']} cores, load {last['load']}, Python {last['python']}; "
               f"code {last['code']}, knowledge {last['knowledge']}, models {last['models']}.")  # fmt: skip
    return [said(machine), "", *table(heads, shown), "Limits. " + said("; ".join(because)) + ".", ""]


def lost(rows: list[history.Row]) -> list[str]:
    """What became slower against its peer, by name; and each comparison by date."""
    found = history.losses(rows)
    told = [f"- {said(x)}" for x in found] or [
        "Nothing: no interval lies more than a tenth below the run before on the same processor."
    ]
    explained = [
        f"- {said(r['part'])} beside {said(r['peer'])}, {r['date']}: {said(r['note'])}" for r in rows if r["note"]
    ]
    dates = sorted({r["date"] for r in rows})[-8:]
    by = {}
    for r in rows:
        by.setdefault((r["part"], r["peer"], r["processor"]), {})[r["date"]] = ratio(r["ratio"])
    grid = [(p, q, m, *(series.get(d, "") for d in dates)) for (p, q, m), series in sorted(by.items())]
    return [
        "## What was lost",
        "",
        *told,
        *explained,
        "",
        "Ratio by date:",
        "",
        *table(("part", "peer", "processor", *dates), grid),
    ]


def cohorts() -> list[str]:
    """Cost of a person over the size of a cohort, the last figure of each size."""
    file = RESULTS / "cohort.csv"
    with file.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    last = {(r["what"], r["workers"], int(r["n"])): r for r in rows}
    shown = [(w, f"{n:,}".replace(",", " "), k, r["wall_s"], r["cpu_us_each"], r["rss_mb"], r.get("load", ""), r["date"])
             for (w, k, n), r in sorted(last.items())]  # fmt: skip
    heads = ("what", "items", "workers", "wall, s", "processor time each, µs", "memory, MB", "load", "date")
    return [
        "## Cohorts over their size",
        "",
        "![Processor time a person over the size of a cohort](performance_cohorts.png)",
        "",
        *table(heads, shown),
    ]


def draw(folder: Path, rows: list[history.Row]) -> None:
    """The two pictures: ratios with their spread; processor time a person over the size of a cohort."""
    from matplotlib import rc_file
    from matplotlib.figure import Figure

    rc_file(Path(__file__).parent / "matplotlibrc")
    shown = sorted(latest(rows), key=lambda r: float(r["ratio"]))
    figure = Figure(figsize=(9, 0.32 * len(shown) + 1), layout="constrained")
    axes = figure.add_subplot()
    for k, r in enumerate(shown):
        low, middle, high = (float(r[x]) for x in ("ratio_low", "ratio", "ratio_high"))
        axes.plot([low, high], [k, k], color="#0b6b7a", lw=3, alpha=0.4)
        axes.plot(middle, k, "o", color="#0b6b7a")
        axes.annotate(ratio(r["ratio"]), (high, k), xytext=(6, -3), textcoords="offset points", fontsize=8)
    axes.set_yticks(range(len(shown)), [f"{r['part']}: {r['peer']}" for r in shown])
    axes.set(xscale="log", xlabel="peer's processor time over ours (10th to 90th percentile of the repeats)")
    axes.axvline(1, color="grey", lw=0.8)
    figure.savefig(folder / "performance_peers.png", dpi=110)
    figure = Figure(figsize=(7, 3), layout="constrained")
    _curves(figure.add_subplot())
    figure.savefig(folder / "performance_cohorts.png", dpi=110)


def _curves(axes: Any) -> None:
    with (RESULTS / "cohort.csv").open(encoding="utf-8", newline="") as f:
        last = {(r["what"], r["workers"], int(r["n"])): float(r["cpu_us_each"]) for r in csv.DictReader(f)}
    for what, workers in sorted({k[:2] for k in last}):
        points = sorted((n, cost) for (w, k, n), cost in last.items() if (w, k) == (what, workers))
        if len(points) > 1:
            axes.plot(*zip(*points), marker="o", ms=4, label=f"{what}, {workers} worker{'s' * (workers != '1')}")
    axes.set(xscale="log", yscale="log", xlabel="people", ylabel="processor time each, µs")
    axes.legend(frameon=False)


def performance(folder: Path) -> str:
    """The page; its pictures are written into `folder`."""
    rows = history.read()
    if not rows:
        return WORDS + "\nNot yet run here.\n"
    draw(folder, rows)
    parts = [WORDS, "![Ratios with their spread](performance_peers.png)", "", *peers(rows), *lost(rows), *cohorts()]
    return "\n".join(parts) + "\n"
