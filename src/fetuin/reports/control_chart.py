"""The page of control runs: a Levey-Jennings chart for each level, and the rules that were broken."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fetuin.reports.chart import Chart
from fetuin.reports.page import escape, page, table


def report(body: Mapping[str, Any], baseline: int) -> str:
    """`body` is what `fetuin t50 controls --json` prints; the first `baseline` runs set the targets."""
    last = body["runs"][-1]
    word = "accepted" if body["last_accepted"] else "rejected"
    css = "good" if body["last_accepted"] else "bad"
    lead = f"<div class=card><p class=lead>Last run {escape(str(last['run']))}: <strong class={css}>{word}</strong>.</p></div>"
    charts = "".join(_chart(body, t, baseline) for t in body["targets"])
    rows = [
        [v["run"], v["rule"], ", ".join(v["levels"]), v["reason"], "reject" if v["reject"] else "warning"]
        for v in body["violations"]
    ]
    broken = table(("run", "rule", "levels", "why", "verdict"), rows) if rows else "<p>No rule is broken.</p>"
    targets = [[t["level"], f"{t['t50_min']:.1f}", f"{100 * t['sd_log']:.1f} %", f"{t['n']}"] for t in body["targets"]]
    head = ("level", "target T50, min", "SD of ln T50", "runs")
    return page(
        "T50 controls over time",
        [("Charts", charts), ("Rules broken", broken), ("Targets", table(head, targets, numeric=(1, 2, 3)))],
        lead=lead,
    )


def _chart(body: Mapping[str, Any], target: Mapping[str, Any], baseline: int) -> str:
    """z of one level over the runs, with the lines of 1, 2 and 3 SD."""
    level, runs = target["level"], body["runs"]
    broken = {v["run"] for v in body["violations"] if level in v["levels"]}
    z = [float(r["z"][level]) for r in runs]
    reach = max([3.6, *(abs(v) + 0.4 for v in z if math.isfinite(v))])
    chart = Chart(
        f"Levey-Jennings chart of {level}", x=(0, len(runs) + 1), y=(-reach, reach), xlabel="run, in time order",
        ylabel="SD of ln T50 from target", width=720, height=260,
    )  # fmt: skip
    chart.rect(0.5, baseline + 0.5, -reach, reach, "mute", opacity=0.08, tip="runs that set the target")
    for k in (-3, -2, 0, 2, 3):
        chart.line([0, len(runs) + 1], [k, k], "bad" if abs(k) == 3 else "mute", width=1, dash="" if k == 0 else "4 4")
    chart.line(list(range(1, len(runs) + 1)), z, "c1", width=1)
    tips = [f"{r['run']}: {r['t50_min'][level]:.1f} min, {v:+.2f} SD" for r, v in zip(runs, z)]
    for good in (True, False):
        pick = [i for i, r in enumerate(runs) if (r["run"] not in broken) == good]
        chart.points(
            [i + 1 for i in pick],
            [z[i] for i in pick],
            "c1" if good else "bad",
            r=3 if good else 5,
            tips=[tips[i] for i in pick],
        )
    _names(chart, body, level, z)
    for i in range(1, len(runs)):
        if runs[i].get("lot", "") != runs[i - 1].get("lot", ""):
            chart.line([i + 0.5, i + 0.5], [-reach, reach], "c3", width=1, dash="2 3")
            chart.text(i + 0.5, reach, f"lot {runs[i]['lot'] or 'unknown'}", css="mute", dx=4, dy=10)
    return chart.svg(
        f"{level}: target {target['t50_min']:.1f} min. Shaded: the runs that set it. Large dots: a rule is broken; its name stands beside."
    )


def _names(chart: Chart, body: Mapping[str, Any], level: str, z: list[float]) -> None:
    """Beside each dot that breaks rules, their names; away from the middle, and shifted where the last lies close."""
    last = -9.0
    for i, run in enumerate(body["runs"]):
        rules = [v["rule"] for v in body["violations"] if v["run"] == run["run"] and level in v["levels"]]
        if rules and math.isfinite(z[i]):
            words, up = ", ".join(dict.fromkeys(rules)), z[i] > 0
            near = chart.px(i + 1) - last < 7 * len(words) + 10
            chart.text(
                i + 1, z[i], words, anchor="middle", css="bad", dy=(-8 if up else 16) + (-12 if up else 12) * near
            )
            last = chart.px(i + 1) if not near else -9.0
