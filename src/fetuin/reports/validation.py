"""The page of replayed outcomes: a table, and for each outcome its figure and its readings beside a peer's.

A replay is any object with `outcome`, `readings`, `arms`, `reason` and `passed` (`fetuin.validation.replay`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fetuin.reports.chart import Chart
from fetuin.reports.page import Html, escape, page, table

COLOURS = ("c1", "c2", "c3", "c4", "c5")


def figure(r: Any) -> str:
    """The curves of the first analyte read, one line an arm."""
    names = [str(x["analyte"]) for x in r.outcome.readouts if "analyte" in x]
    names += [str(s["analyte"]) for x in r.outcome.readouts for s in x.get("order", ())]
    shown = [n for n in dict.fromkeys(names) if all(n in t.curves for t in r.arms.values())][:4]
    return "".join(_curve(r, n) for n in shown)


def _curve(r: Any, name: str) -> str:
    trajectories = list(r.arms.items())
    last = max(float(t.times[-1]) for _, t in trajectories)
    scale, unit = (365.25, "a") if last > 1500 else (1 / 24, "h") if last <= 2 else (1.0, "d")
    middle = {k: np.median(np.atleast_2d(t[name]), axis=0) for k, t in trajectories}
    low, high = min(float(m.min()) for m in middle.values()), max(float(m.max()) for m in middle.values())
    pad = max(0.08 * (high - low), 0.02 * abs(high), 1e-6)
    chart = Chart(f"{name.replace('_', ' ')}", x=(0, last / scale), y=(low - pad, high + pad), xlabel=f"time, {unit}",
                  ylabel=trajectories[0][1].units.get(name, "1"), width=440, height=230)  # fmt: skip
    for colour, (k, t) in zip(COLOURS, trajectories, strict=False):
        chart.line((t.times / scale).tolist(), middle[k].tolist(), colour)
        chart.text(
            float(t.times[-1]) / scale, float(middle[k][-1]), k if len(trajectories) > 1 else "", anchor="end", dy=-6
        )
    return f'<div style="display:inline-block">{chart.svg()}</div>'


def _verdict(passed: bool, reason: str) -> Html:
    if passed:
        return Html("<span class=good>pass</span>")
    return Html("<span class=mute>not yet</span>" if reason.startswith("not yet") else "<span class=bad>miss</span>")


def validation_page(done: Sequence[Any]) -> str:
    """The whole page as HTML."""
    passed = sum(r.passed for r in done)
    head = ("outcome", "", "published by", "evidence")
    overview = table(
        head, [(r.outcome.title, _verdict(r.passed, r.reason), r.outcome.source, r.outcome.evidence) for r in done]
    )
    sections = [
        ("All outcomes", f"<p class=lead>{passed} of {len(done)} reproduced with one parameter set.</p>{overview}")
    ]
    for r in done:
        rows = [
            (x.name, x.expected, "-" if x.simulated is None else f"{x.simulated:.4g}", x.unit, _verdict(x.passed, ""))
            for x in r.readings
        ]
        body = table(("read-out", "published", "simulated", "unit", ""), rows, numeric=(2,)) if rows else ""
        if r.reason:
            body += f"<p>{escape(r.reason)}</p>"
        if r.outcome.peer:
            body += f"<p class=mute>{escape(str(r.outcome.peer.get('name', 'peer')))}: {escape(str(r.outcome.peer.get('result', '')))}</p>"
        sections.append((r.outcome.title, body + (figure(r) if r.arms else "")))
    return page(
        "Published outcomes, replayed",
        sections,
        subtitle="Marks: S read, M measured on the peer, R recalled, E estimated",
    )
