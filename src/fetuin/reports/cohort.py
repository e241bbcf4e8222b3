"""The page of a cohort run: how many of each answer, how sure, which causes, what was not read."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import Any

from fetuin.knowledge.disorder import disorders
from fetuin.reports.page import Section, escape, page, table

MOST, WIDEST = 12, 30  # bars shown of one column; a column of more values than this is no picture
LINE, AROUND, LETTERS = 15, 11, 54  # px of a line of a label, px between rows, letters of 12 px in 372 px
TITLES = {
    "most_probable": 'Most probable, "none" (no cause at work) among them',
    "leading": "Leading mechanism, were there a calcification",
    "cause": "Leading cause, were there a calcification",
    "why_not": "Why there is no answer",
}
NO_PICTURE = ("well", "sample", "plate")


def bars(title: str, counts: Mapping[str, int], total: int) -> str:
    """Counts as horizontal bars, in the order given; a label that is too long goes on in a second line."""
    shown = list(counts.items())[:MOST]
    top = max((n for _, n in shown), default=1) or 1
    parts, y = [], 8
    for name, n in shown:
        lines = textwrap.wrap(name or "(none)", LETTERS)
        middle, width = y + LINE * len(lines) / 2, 300 * n / top
        parts += [f"<text x=372 y={y + 12 + LINE * k} text-anchor=end>{escape(s)}</text>" for k, s in enumerate(lines)]
        parts.append(f"<rect x=380 y={middle - 10:g} width={width:.1f} height=20 fill='var(--c1)'/>")
        parts.append(f"<text x={386 + width:.1f} y={middle + 4.5:g}>{n} ({n / max(total, 1):.1%})</text>")
        y += LINE * len(lines) + AROUND
    head = f"<svg role=img viewBox='0 0 820 {y}' width=820 height={y}><title>{escape(title)}</title>"
    return f"<figure>{head}{''.join(parts)}</svg><figcaption>{escape(title)}</figcaption></figure>"


def _named(column: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Counts under the words for people: a cause by its name; no reason against an answer is an answer."""
    if column == "why_not":
        return {k or "answered": n for k, n in counts.items()}
    if column == "cause":
        known = disorders()
        return {known[k].name if k in known else k: n for k, n in counts.items()}
    return dict(counts)


def _pictures(counts: Mapping[str, Mapping[str, int]], total: int) -> list[Section]:
    """One picture a column of few values; the three columns of reasons are one picture."""
    found, reasons = [], Counter[str]()
    for column, n in counts.items():
        title = TITLES.get(column, column.replace("_", " "))
        if column.startswith("reason_"):
            reasons.update({k: v for k, v in n.items() if k})
        elif len(n) <= WIDEST and column not in NO_PICTURE:
            found.append((title[0].upper() + title[1:], bars(f"{title}: {total} rows", _named(column, n), total)))
    if reasons:
        loudest = dict(reasons.most_common())
        found.append(("The loudest reasons", bars("among the three loudest readings of a person", loudest, total)))
    return found


def cohort_page(body: Mapping[str, Any], name: str) -> str:
    """The whole page as HTML from `summary.json`."""
    sections = _pictures(body["counts"], body["rows"])
    numbers = [(k, q) for k, q in body["quantiles"].items() if q and all(x is not None for x in q)]
    if numbers:
        rows = [(k.replace("_", " "), *(f"{x:.4g}" for x in q)) for k, q in numbers]
        heads = ("", "5 %", "25 %", "median", "75 %", "95 %")
        sections.append(("Numbers", table(heads, rows, numeric=(1, 2, 3, 4, 5))))
    lost = list(body.get("refused", {}).items())
    told = table(("why", "facts"), lost, numeric=(1,)) if lost else "<p>Every fact was read.</p>"
    sections.append(("What was not read", told))
    if body["failed_chunks"]:
        failed = [(f["chunk"], f["error"].get("what", "")) for f in body["failed_chunks"]]
        sections.append(("Failed parts", table(("part", "why"), failed)))
    return page(f"Cohort: {body['verb']}", sections, subtitle=f"{name}: {body['rows']} rows, one a {body['unit']}")
