"""Evidence for and against as a waterfall, and below it every finding with its datum, its weight and its source."""

from __future__ import annotations

from html import escape

from fetuin.diagnosis.assessment import Assessment, Evidence
from fetuin.diagnosis.words import by_weight, name_of, side, times
from fetuin.reports.page import Html, table
from fetuin.reports.rows import axis, box, row, rows, rule

SHOWN = 14


def _steps(found: list[Evidence]) -> list[tuple[Evidence, float, float]]:
    """Each finding with where the running sum stood before and after it."""
    out, at = [], 0.0
    for e in found:
        out.append((e, at, at + e.weight))
        at += e.weight
    return out


def waterfall(a: Assessment) -> str:
    """One bar a finding, each beginning where the one above ended; right is for the leading answer, left against."""
    steps = _steps([e for e in by_weight(a.evidence) if side(e.weight) != "neutral"][:SHOWN])
    if not steps:
        return "<p>No finding speaks for or against the leading answer: only the prior of the setting does.</p>"
    ends = [0.0, *(end for _, _, end in steps)]
    low, high = min(ends) - 0.3, max(ends) + 0.3

    def at(v: float) -> float:
        return 100 * (v - low) / (high - low)

    drawn = [
        row(
            f"{'+' if e.weight > 0 else '−'} {e.label}",
            rule(at(0), dash="3 3") + box(at(start), at(end), "good" if e.weight > 0 else "bad"),
            f"{side(e.weight)}: {times(e.weight)}",
            note=e.datum,
            says=f"{e.label}: {side(e.weight)}, {times(e.weight)}",
        )
        for e, start, end in steps
    ]
    lead = name_of(a.mechanisms[0]) if a.mechanisms else "the leading answer"
    caption = (
        f"How far each finding speaks for (+, to the right) or against (−, to the left) {lead}, loudest first; the "
        "dashed line is no evidence. Weights are logarithms of likelihood ratios of single findings. Findings that "
        "share a cause overlap, so the last bar's end is not the final odds."
    )
    return rows([*drawn, axis("← against", "for →")], caption)


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
    head = ("finding", "datum", "ln LR", "ln LR of each mechanism", "what it says", "source")
    return table(head, lines, numeric=(2,)) if lines else ""


def evidence(a: Assessment) -> str:
    """The section of the report."""
    every = f"<details><summary>Every finding, its weight and its source ({len(a.evidence)})</summary>{details(a)}</details>"
    return waterfall(a) + (every if a.evidence else "")
