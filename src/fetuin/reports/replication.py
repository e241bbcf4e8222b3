"""The page of the replication gallery: each published trial beside what its inputs predict."""

from __future__ import annotations

from collections.abc import Sequence

from fetuin.reports.chart import Chart
from fetuin.reports.page import Html, escape, page, table
from fetuin.reports.trial_design import published
from fetuin.trials.replication.replica import NEAR, Effect, Replica
from fetuin.trials.replication.words import said
from fetuin.trials.surrogacy import CAUTION

VERDICT = {True: "yes", False: "no", None: "not comparable"}


def gallery_page(found: Sequence[Replica], seed: int) -> str:
    """The whole page as HTML."""
    agree = sum(r.agrees is True for r in found)
    compared = sum(r.agrees is not None for r in found)
    rows = [(Html(f'<a href="#t{k}">{escape(r.id)}</a>'), r.measure or "-", said(r.published), said(r.expected), said(r.simulated),
             "-" if r.power is None else f"{100 * r.power:.0f} % ± {100 * (r.power_mcse or 0):.1f}", VERDICT[r.agrees]) for k, r in enumerate(found)]  # fmt: skip
    head = ("trial", "measure", "published", "by calculation", "simulated, mean", "power", "agrees")
    rule = (
        f"<p class=mute>A trial agrees if the published effect lies within the replicated interval, the published interval's ends lie within "
        f"{100 * NEAR:.0f} % of its width from the replicated ones, and p falls on the same side of 0.05; only what was published is compared.</p>"
    )
    return page(
        "Published trials, replicated from their inputs",
        [
            ("All", table(head, rows) + rule),
            ("One by one", "".join(_one(k, r) for k, r in enumerate(found))),
            ("What a better surrogate does not prove", f"<p><b>{escape(CAUTION)}</b></p>{published()}"),
        ],
        subtitle=f"{max((r.n for r in found), default=0)} simulated trials each, seed {seed}",
        lead=f"<div class=card><p class=lead>{agree} of {compared} trials that can be compared agree; {len(found) - compared} published nothing to compare with.</p></div>",
    )


def _one(k: int, r: Replica) -> str:
    lines = [f"<h3 id=t{k}>{escape(r.id)}</h3><p class=mute>{escape(r.reference)}</p>"]
    lines.append(_picture(r))
    lines.append(f"<p>{escape(VERDICT[r.agrees].capitalize())}: {escape(r.why)}.</p>")
    for title, words in (("Inputs", r.inputs), ("Assumed", r.assumptions)):
        if words:
            lines.append(f"<p><b>{title}:</b> {escape('; '.join(words))}.</p>")
    return f"<div class=card>{''.join(lines)}</div>"


def _picture(r: Replica) -> str:
    shown: list[tuple[str, Effect, str]] = [
        ("published", r.published, "c2"),
        ("by calculation", r.expected, "c1"),
        ("simulated", r.simulated, "c3"),
    ]
    rows = [(n, e, c) for n, e, c in shown if e.effect is not None]
    if not rows:
        return ""
    null = 1.0 if r.recipe == "hazard" else 0.0
    ends = [v for _, e, _ in rows for v in (e.effect, e.low, e.high) if v is not None] + [null]
    room = 0.08 * (max(ends) - min(ends) or 1.0)
    chart = Chart(f"{r.id}: {r.measure}", x=(min(ends) - room, max(ends) + room), y=(-0.6, len(rows) - 0.4), xlabel=f"{r.measure}, {r.unit}".replace(", 1", ""),
                  height=70 + 24 * len(rows), left=130, yticks=False)  # fmt: skip
    chart.line([null, null], [-0.6, len(rows) - 0.4], "mute", width=1)
    for k, (name, e, colour) in enumerate(rows):
        y = len(rows) - 1 - k
        assert e.effect is not None
        if e.low is not None and e.high is not None:
            chart.line([e.low, e.high], [y, y], colour)
        chart.points([e.effect], [y], colour, r=4, tips=[f"{name}: {said(e)}"]).label(y, name)
    return chart.svg()
