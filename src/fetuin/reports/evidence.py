"""Evidence for and against as a waterfall, and below it every finding with its datum, its weight and its source."""

from __future__ import annotations

import math
from html import escape

from fetuin.diagnosis.assessment import Assessment, Evidence
from fetuin.diagnosis.words import by_weight, leading, name_of, odds, percent, said, side, start
from fetuin.reports.page import Html, table
from fetuin.reports.rows import box, dot, row, rows, rule, scale

SHOWN = 14


TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)


def _odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def _steps(found: list[Evidence], first: float) -> list[tuple[Evidence, float, float]]:
    """Each finding with the log odds before and after it."""
    out, at = [], first
    for e in found:
        out.append((e, at, at + e.share))
        at += e.share
    return out


CAPTION = (
    "How the probability of {lead} came about. Each bar is the share of one finding: to the right (+) for, to the left "
    "(−) against, loudest first; the scale is log odds, so equal lengths multiply the odds equally{half}. A share is averaged "
    "over the orders in which the findings could have come, so the bars add up exactly."
)


def waterfall(a: Assessment) -> str:
    """From the prior to the answer: each bar begins where the one above ended, right is for the leading mechanism."""
    found, lead = by_weight(a.evidence), leading(a)
    if not found or lead is None:
        return "<p>No finding speaks for or against the leading answer: only the prior of the setting does.</p>"
    shown, rest = found[:SHOWN], found[SHOWN:]
    first, last = _odds(start(a)), _odds(lead.value)
    steps = _steps(shown, first)
    ends = [first, last, *(end for _, _, end in steps)]
    low, high = min(ends) - 0.5, max(ends) + 0.5

    def at(v: float) -> float:
        return 100 * (v - low) / (high - low)

    marks = [p for p in TICKS if low <= _odds(p) <= high]
    grid = "".join(rule(at(_odds(p)), "line") for p in marks)
    half = rule(at(0), dash="3 3") if low < 0 < high else ""
    drawn = [row("Before any finding", grid + half + dot(at(first)), percent(start(a)), note="prior for the setting")]
    drawn += [
        row(
            f"{'+' if e.share > 0 else '−'} {e.label}",
            grid + half + box(at(before), at(after), "good" if e.share > 0 else "bad"),
            f"{side(e.share)}: {odds(e.share)}",
            note=said(e, a),
            says=f"{e.label}: {side(e.share)}, {odds(e.share)}",
        )
        for e, before, after in steps
    ]
    if rest:
        drawn.append(
            row(
                f"{len(rest)} quieter findings",
                grid + half + box(at(steps[-1][2]), at(last), "mute"),
                "in the table below",
            )
        )
    drawn.append(row("After all findings", grid + half + dot(at(last)), percent(lead.value), note=name_of(lead)))
    ticks = scale([(at(_odds(p)), percent(p) if p > 0.005 else "0.1 %") for p in marks])
    return rows(
        [*drawn, ticks], CAPTION.format(lead=name_of(lead), half=", and the dashed line is 50 %" if half else "")
    )


def _sources(e: Evidence, a: Assessment) -> str:
    words = [a.citations.get(c, c) for c in e.citations]
    words += ["elicited: no published figure was found"] if e.elicited else []
    return "; ".join(words) or "no source given"


def details(a: Assessment) -> str:
    """Every finding with its datum, state, weight for each mechanism, statement and source."""
    lines = [
        (
            e.label,
            f"{e.state.replace('_', ' ')}: {e.datum}",
            odds(e.share),
            f"{e.weight:+.2f}",
            Html(" ".join(f"{escape(m)}&nbsp;{w:+.1f}" for m, w in sorted(e.weights.items(), key=lambda x: -x[1]))),
            e.statement,
            Html(
                escape(_sources(e, a))
                + (f" <span class=mute>[{escape(', '.join(e.quantities))}]</span>" if e.quantities else "")
            ),
        )
        for e in by_weight(a.evidence)
    ]
    head = ("finding", "datum", "share", "ln LR alone", "ln LR of each mechanism", "what it says", "source")
    return table(head, lines, numeric=(2, 3)) if lines else ""


def evidence(a: Assessment) -> str:
    """The section of the report."""
    every = f"<details><summary>Every finding, its weight and its source ({len(a.evidence)})</summary>{details(a)}</details>"
    return waterfall(a) + (every if a.evidence else "")
