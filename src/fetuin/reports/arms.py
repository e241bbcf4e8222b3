"""The page of a comparison: benefit and harm with intervals, small multiples, which lever matters, what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fetuin.reports.chart import Chart
from fetuin.reports.page import Html, Section, escape, page, table
from fetuin.reports.trajectory import band

COLOURS = ("mute", "c1", "c2", "c3", "c4", "c5")
PANELS = (("phosphate", "Phosphate"), ("calcium", "Calcium"), ("pth", "PTH"), ("t50", "T50"),
          ("coronary_agatston", "Coronary calcium"), ("aorta_mass", "Aortic mineral"), ("pwv", "Pulse wave velocity"),
          ("pulse_pressure", "Pulse pressure"), ("bmd_spine", "Spine density, relative"), ("bone_formation", "Bone formation"))  # fmt: skip
YEAR = 365.25


def _panel(found: Any, name: str, title: str) -> str:
    """One small chart: a curve and a band an arm, over the reference interval."""
    rows = {n: np.atleast_2d(t.rows(name)) for n, t in found.trajectories.items()}
    some = next(iter(found.trajectories.values()))
    x = some.times / YEAR
    edges = {n: np.percentile(r, (5, 50, 95), axis=0) for n, r in rows.items()}
    reference = band(name)
    low = min(float(e[0].min()) for e in edges.values())
    high = max(float(e[2].max()) for e in edges.values())
    if reference and reference[0] < high and reference[1] > low:
        low, high = min(low, reference[0]), max(high, reference[1])
    pad = max(0.06 * (high - low), 0.01 * abs(high), 1e-6)
    chart = Chart(title, x=(0.0, float(x[-1])), y=(low - pad, high + pad), xlabel="years", ylabel=some.unit(name),
                  width=320, height=200)  # fmt: skip
    if reference and reference[0] < high and reference[1] > low:
        chart.rect(
            0.0, float(x[-1]), max(reference[0], low - pad), min(reference[1], high + pad), colour="good", opacity=0.1
        )
    for colour, (low_, middle, high_) in zip(COLOURS, edges.values(), strict=False):
        chart.band(x.tolist(), low_.tolist(), high_.tolist(), colour)
        chart.line(x.tolist(), middle.tolist(), colour)
    return f"<div>{chart.svg()}</div>"


def _has(found: Any, name: str) -> bool:
    from fetuin.physiology import readings

    return all(name in t.curves or readings.unit(name) is not None for t in found.trajectories.values())


def _multiples(found: Any) -> str:
    key = " ".join(
        f'<span style="white-space:nowrap"><svg width=22 height=10><path d="M0 5H20" style="stroke:var(--{c});stroke-width:3"/>'
        f"</svg> {escape(a.name)}</span>"
        for c, a in zip(COLOURS, found.arms, strict=False)
    )
    drawn = "".join(_panel(found, n, w) for n, w in PANELS if _has(found, n))
    grid = (
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.4rem">{drawn}</div>'
    )
    return f"<p>{key}</p><p class=mute>Line: median; band: 5 to 95 % of the ensemble; green: adult reference interval.</p>{grid}"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _cell(outcome: Any, first: bool) -> Html:
    value, gap = outcome.value, outcome.against_now
    text = f"<strong>{_number(value.middle)}</strong> <small>({_number(value.low)} to {_number(value.high)})</small>"
    if first:
        return Html(text)
    sure = ""
    if outcome.better is not None:
        css = "good" if outcome.better >= 0.9 else "bad" if outcome.better <= 0.1 else "mute"
        sure = f"; <span class={css}>better in {100 * outcome.better:.0f} %</span>"
    return Html(f"{text}<br><small class=mute>{gap.middle:+.3g} ({gap.low:+.3g} to {gap.high:+.3g}){sure}</small>")


def _lines(found: Any, kind: str) -> str:
    names = [a.name for a in found.arms]
    rows = [
        (f"{k.words}, {k.unit}", *(_cell(found.table[n][k.name], n == names[0]) for n in names))
        for k in found.lines if k.kind == kind
    ]  # fmt: skip
    return table(("", *names), rows)


def _levers(found: Any) -> str:
    goal = next(k for k in found.lines if k.name == found.goal)
    rows = [
        (x.words, f"{x.effect.middle:+.3g} ({x.effect.low:+.3g} to {x.effect.high:+.3g})", f"{100 * x.most:.0f} %")
        for x in found.levers
    ]
    first = found.levers[0]
    lead = (
        f"<p class=lead>{escape(first.words)} does most to {escape(goal.words.lower())} "
        f"in {100 * first.most:.0f} % of the ensemble.</p>"
    )
    return lead + table(
        ("part, tried alone", f"effect on {goal.words.lower()}, {goal.unit}", "does most"), rows, numeric=(1, 2)
    )


def _learnt(found: Any) -> str:
    who, inside = found.who, [f.inside for f in found.checked]
    said = found.who.to_dict()
    rows = [(x.name, f"{x.score:+.2f}", f"{100 * x.shrinkage:.0f} %") for x in who.identified[:10]]
    fit = f"{100 * said['inside_90']:.0f} % of {len(who.fitted)} values lie within the ensemble's 90 % interval."
    held = (
        f" Of {len(inside)} values held back from the end of the record, {100 * float(np.mean(inside)):.0f} % lie within what the rest predicts."
        if inside else " The record is too short for a check on values held back."
    )  # fmt: skip
    notes = "".join(f"<li>{escape(n)}</li>" for n in who.notes)
    return (
        f"<p>{escape(fit + held)} {said['directions_determined']} combinations of parameters are determined by the record; "
        f"the others stay those of the population {escape(said['population'])}.</p>"
        + table(
            ("parameter", "moved from the population, standard deviations", "spread removed by the record"),
            rows,
            numeric=(1, 2),
        )
        + (f"<h3>Notes</h3><ul>{notes}</ul>" if notes else "")
    )


def _prices(found: Any) -> str:
    said = [t for a in found.to_dict()["arms"] for t in a["therapies"]]
    rows = {
        t["name"]: (t["name"], t["maturity"], "; ".join(t["harms_not_modelled"]) or "-", t["caution"] or "-")
        for t in said
    }
    limits = "".join(f"<li>{escape(x)}</li>" for x in found.limits)
    body = table(("therapy", "maturity", "harms that are not modelled", "caution"), list(rows.values())) if rows else ""
    return f"{body}<ul>{limits}</ul>"


def sections(found: Any) -> Sequence[Section]:
    """The parts of the page."""
    parts = [("Benefit", _lines(found, "benefit")), ("Harm", _lines(found, "harm")), ("Over time", _multiples(found))]
    if found.levers:
        parts.append(("Which lever matters most", _levers(found)))
    return [*parts, ("What the record taught", _learnt(found)), ("What is not in these numbers", _prices(found))]


def arms_page(found: Any) -> str:
    """The whole page as HTML. `found` is a `simulation.arms.Comparison`."""
    lead = (
        "<p class=lead>Every arm is run with the same members; small print is the difference from going on as now, with its "
        "interval and the share of members that do better.</p>"
    )
    return page(f"What would help {found.who.label}?", sections(found), lead=lead,
                subtitle=f"{found.years:g} years from the last day of the record; {len(found.who.members)} members; seed {found.who.seed}")  # fmt: skip
