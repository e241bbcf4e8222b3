"""Pictures of a trial: bounds over the looks, power over the effect, flow of people, estimates as a forest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fetuin.reports.chart import Chart

SHOWN = 20  # trials in a forest


def boundaries(looks: Sequence[Mapping[str, Any]], sided: int) -> str:
    """Critical z at each look; below the futility bound the trial gives up."""
    x = [r["fraction"] for r in looks]
    high = [min(r["critical_z"], 8.0) for r in looks]
    low = [r["futility_z"] for r in looks]
    bottom = -max(high) - 0.6 if sided == 2 else min([v for v in low if v is not None] + [0.0]) - 0.6
    chart = Chart("Bounds over the looks", x=(0.0, 1.05), y=(bottom, max(high) + 0.6), xlabel="information", ylabel="z")
    for k, r in enumerate(looks):
        left = 0.0 if k == 0 else x[k - 1]
        chart.rect(left, r["fraction"], high[k], max(high) + 0.6, "good", opacity=0.12)
        if sided == 2:
            chart.rect(left, r["fraction"], bottom, -high[k], "good", opacity=0.12)
    chart.line(x, high, "c1").points(x, high, "c1", r=4, tips=[f"look {k + 1}: z {z:.4f}" for k, z in enumerate(high)])
    if sided == 2:
        chart.line(x, [-z for z in high], "c1").points(x, [-z for z in high], "c1", r=4)
    kept = [(a, v) for a, v in zip(x, low) if v is not None]
    if kept:
        chart.line([a for a, _ in kept], [v for _, v in kept], "c2", dash="6 4").points(
            [a for a, _ in kept], [v for _, v in kept], "c2", r=4
        )
    for k, z in enumerate(high):
        chart.text(x[k], z, f"{z:.3f}", anchor="end" if x[k] > 0.9 else "middle", dy=-8)
    words = "Beyond the full line the trial ends with a rejection."
    return chart.svg(words + (" Below the dashed line it ends for futility." if kept else ""))


def power_curve(
    curve: Sequence[Mapping[str, float]], seen: Sequence[tuple[float, float, float]], wanted: float, of: str = "planned"
) -> str:
    """Power by calculation over shares of the planned (or true) effect; simulated power (share, value, error) as points."""
    x = [r["share"] for r in curve]
    chart = Chart(
        "Power over the effect", x=(0.0, 1.5), y=(0.0, 1.0), xlabel=f"share of the {of} effect", ylabel="power"
    )
    chart.line([0.0, 1.5], [wanted, wanted], "mute", width=1, dash="4 4").line(x, [r["power"] for r in curve], "c1")
    seen = [r for r in seen if r[0] <= 1.5]
    for s, value, error in seen:
        chart.line([s, s], [max(value - 1.96 * error, 0.0), min(value + 1.96 * error, 1.0)], "c2", width=2)
    chart.points(
        [s for s, _, _ in seen],
        [v for _, v, _ in seen],
        "c2",
        r=4,
        tips=[f"simulated {v:.3f} +- {1.96 * e:.3f}" for _, v, e in seen],
    )
    tail = " Dots: simulated, with 95 % Monte Carlo interval." if seen else ""
    source = "planned effect and SD" if of == "planned" else "true effect and the simulated standard error"
    return chart.svg(f"Line: by calculation for the {source}. Dashes: wanted power.{tail}")


def forest(
    rows: Sequence[tuple[str, float, float, float]],
    truth: float | None,
    unit: str,
    name: str = "Estimates of single trials",
) -> str:
    """(name, estimate, low, high) one line each; a true effect, where it is known, as a dashed rule; zero as a thin one."""
    ends = [v for _, e, a, b in rows for v in (e, a, b)] + [0.0] + ([truth] if truth is not None else [])
    room = 0.05 * (max(ends) - min(ends) or 1.0)
    n = len(rows)
    chart = Chart(
        name, x=(min(ends) - room, max(ends) + room), y=(-0.5, n - 0.5), xlabel=unit, height=80 + 20 * n, left=24 + round(6.4 * max(len(r[0]) for r in rows)),
        yticks=False,
    )  # fmt: skip
    chart.line([0.0, 0.0], [-0.5, n - 0.5], "mute", width=1)
    if truth is not None:
        chart.line([truth, truth], [-0.5, n - 0.5], "c2", dash="6 4")
    for k, (label, e, a, b) in enumerate(rows):
        y = n - 1 - k
        chart.line([a, b], [y, y], "c1").points([e], [y], "c1", r=4, tips=[f"{label}: {e:.4g} ({a:.4g} to {b:.4g})"])
        chart.label(y, label)
    known = " Dashed: the true effect in the virtual patients." if truth is not None else ""
    return chart.svg(f"Dot and line: estimate with its interval.{known} Thin: no effect.")


def forest_of(s: Any, name: str = "") -> str:
    """The first trials of a scenario and the mean of all."""
    r = s.rows
    rows = [
        (f"trial {int(r['trial'][k])}", float(r["estimate"][k]), float(r["low"][k]), float(r["high"][k]))
        for k in range(min(SHOWN, len(r["trial"])))
        if r["converged"][k]
    ]
    c = s["mean estimate"]
    if not rows:
        return "<p>No trial has an estimate.</p>"
    rows.append(("mean of all trials", c.value, c.value - 1.96 * c.mcse, c.value + 1.96 * c.mcse))
    title = f"{name}: estimates of single trials" if name else "Estimates of single trials"
    return forest(rows, s.truth[0], f"{s.study.compared} less {s.study.reference}, {c.unit}", title)


def flow(arms: Sequence[Any]) -> str:
    """Boxes from randomisation to analysis, an arm a column."""
    n = len(arms)
    chart = Chart("Flow of people", x=(0, n), y=(0, 10), axes=False, width=min(220 * n + 40, 900), height=330, left=14)
    total = sum(a.randomised for a in arms)
    chart.rect(n / 2 - 0.42, n / 2 + 0.42, 8.6, 9.9, "c1", opacity=0.16).text(
        n / 2, 9.25, f"randomised: {total}", anchor="middle"
    )
    for k, a in enumerate(arms):
        middle = k + 0.5
        chart.line([n / 2, middle], [8.6, 7.9], "mute", width=1.5)
        chart.rect(k + 0.06, k + 0.94, 6.5, 7.9, "c1", opacity=0.16)
        chart.text(middle, 7.45, a.arm[:26], anchor="middle").text(
            middle, 6.85, f"randomised: {a.randomised}", anchor="middle"
        )
        chart.line([middle, middle], [6.5, 5.9], "mute", width=1.5)
        chart.rect(k + 0.06, k + 0.94, 2.3, 5.9, "c1", opacity=0.08)
        listed = (
            f"rescue binder: {a.rescued}",
            f"stopped treatment: {a.stopped}",
            f"died: {a.died}",
            f"lost to follow-up: {a.lost}",
        )
        for j, words in enumerate(listed):
            chart.text(middle, 5.3 - 0.85 * j, words, anchor="middle")
        chart.line([middle, middle], [2.3, 1.7], "mute", width=1.5)
        chart.rect(k + 0.06, k + 0.94, 0.4, 1.7, "c1", opacity=0.16).text(
            middle, 1.05, f"analysed: {a.analysed}", anchor="middle"
        )
    return chart.svg(
        "The first simulated trial, if nothing stops it early. Rescue and stopping do not by themselves end participation."
    )
