"""The page of a cohort run: how many of each answer, how sure, which causes, what was not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fetuin.reports.page import escape, page, table

MOST = 12


def bars(title: str, counts: Mapping[str, int], total: int) -> str:
    """Counts as horizontal bars, the largest first."""
    shown = list(counts.items())[:MOST]
    top = max((n for _, n in shown), default=1) or 1
    height = 34 + 26 * len(shown)
    parts = [f"<svg role=img viewBox='0 0 820 {height}' width=820 height={height}><title>{escape(title)}</title>"]
    for k, (name, n) in enumerate(shown):
        y, width = 8 + 26 * k, 300 * n / top
        parts.append(f"<text x=372 y={y + 15} text-anchor=end>{escape((name or '(none)')[:60])}</text>")
        parts.append(f"<rect x=380 y={y} width={width:.1f} height=20 fill='var(--c1)'/>")
        parts.append(f"<text x={386 + width:.1f} y={y + 15}>{n} ({n / max(total, 1):.1%})</text>")
    return f"<figure>{''.join(parts)}</svg><figcaption>{escape(title)}</figcaption></figure>"


def _named(column: str, counts: Mapping[str, int]) -> dict[str, int]:
    """An empty reason is no reason missing: the row was answered."""
    return {k or ("answered" if column == "why_not" else ""): n for k, n in counts.items()}


def cohort_page(body: Mapping[str, Any], name: str) -> str:
    """The whole page as HTML from `summary.json`."""
    total, sections = body["rows"], []
    for column, counts in body["counts"].items():
        if len(counts) <= 30 and column not in ("well", "sample", "plate") and not column.startswith("reason_"):
            sections.append(
                (
                    column.replace("_", " ").capitalize(),
                    bars(f"{column.replace('_', ' ')}: {total} rows", _named(column, counts), total),
                )
            )
    reasons: dict[str, int] = {}
    for column, counts in body["counts"].items():
        if column.startswith("reason_"):
            for k, n in counts.items():
                reasons[k] = reasons.get(k, 0) + n
    if reasons:
        reasons.pop("", None)
        ordered = dict(sorted(reasons.items(), key=lambda x: -x[1]))
        sections.append(("The loudest reasons", bars("among the three loudest readings of a person", ordered, total)))
    numbers = [(k, q) for k, q in body["quantiles"].items() if q and all(x is not None for x in q)]
    if numbers:
        rows = [(k.replace("_", " "), *(f"{x:.4g}" for x in q)) for k, q in numbers]
        sections.append(
            ("Numbers", table(("", "5 %", "25 %", "median", "75 %", "95 %"), rows, numeric=(1, 2, 3, 4, 5)))
        )
    lost = [(k, n) for k, n in body.get("refused", {}).items()]
    told = table(("why", "facts"), lost, numeric=(1,)) if lost else "<p>Every fact was read.</p>"
    sections.append(("What was not read", told))
    if body["failed_chunks"]:
        rows = [(f["chunk"], f["error"].get("what", "")) for f in body["failed_chunks"]]
        sections.append(("Failed parts", table(("part", "why"), rows)))
    return page(f"Cohort: {body['verb']}", sections, subtitle=f"{name}: {total} rows, one a {body['unit']}")
