"""An assessment as a card: in a notebook (`card_html`), in a terminal (`card_rich`), and as a figure (`plot`).

The full page for people is `fetuin.reports.assessment`; a card says the answer, how sure, the loudest evidence for and
against, the next test and the research-use line, and nothing else.
"""

from __future__ import annotations

from html import escape
from typing import Any

from fetuin.diagnosis.assessment import Assessment, Evidence
from fetuin.diagnosis.words import by_weight, figure, interval, name_of, odds, said, side, why
from fetuin.errors import MissingExtraError
from fetuin.notice import RESEARCH_USE

SHOWN = 4  # mechanisms and findings on a card


def loudest(a: Assessment) -> list[Evidence]:
    """The findings that a card has room for."""
    return [e for e in by_weight(a.evidence) if side(e.share) != "neutral"][:SHOWN]


def headline(a: Assessment) -> str:
    """`insufficient data`, or the leading mechanism with how sure."""
    if a.abstained:
        return f"No firm answer: {a.reason}"
    lead = next((p for p in a.mechanisms if p.name == a.answer), None)
    answer = a.answer[:1].upper() + a.answer[1:]
    return f"{answer}: {interval(lead)}" if lead else answer


def _bar(value: float, low: float, high: float) -> str:
    return (
        '<svg viewBox="0 0 100 8" width="160" height="12" role="img" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="8" fill="currentColor" opacity=".12"/>'
        f'<rect width="{100 * value:.1f}" height="8" fill="#0b6b7a"/>'
        f'<rect x="{100 * low:.1f}" y="3.2" width="{max(100 * (high - low), 0.4):.1f}" height="1.6" fill="#c2571a"/></svg>'
    )


def card_html(a: Assessment) -> str:
    """A self-contained card for a notebook; evidence folds away, the research-use line does not."""
    rows = "".join(
        f"<tr><td>{escape(name_of(p))}</td><td>{_bar(p.value, p.low, p.high)}</td><td>{escape(figure(p))}</td></tr>"
        for p in a.mechanisms[:SHOWN]
    )
    flags = "".join(f"<li><strong>{escape(f.get('text', ''))}</strong></li>" for f in a.flags)
    found = "".join(
        f"<li>{side(e.share)}: {escape(e.label)}, {escape(said(e, a))} ({odds(e.share)})</li>" for e in loudest(a)
    )
    test = (
        f"<p>Next: <b>{escape(a.next_tests[0].label)}</b>. {escape(why(a.next_tests[0]))}</p>" if a.next_tests else ""
    )
    return (
        '<div style="border:1px solid;border-radius:8px;padding:.6em 1em;max-width:46em">'
        f"<p><b>{escape(headline(a))}</b></p><p>{escape(a.summary)}</p>{f'<ul>{flags}</ul>' if flags else ''}"
        f"<table>{rows}</table><details><summary>Evidence for and against</summary><ul>{found}</ul>"
        f"<p>{escape(a.flip)}</p></details>{test}<p><small>{escape(RESEARCH_USE)}</small></p></div>"
    )


def card_rich(a: Assessment) -> Any:
    """The same card for a terminal."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    chances = Table(box=None, show_header=False, padding=(0, 1))
    for p in a.mechanisms[:SHOWN]:
        full = round(20 * p.value)
        chances.add_row(name_of(p), Text("█" * full + "·" * (20 - full)), interval(p))
    found = Table(box=None, show_header=False, padding=(0, 1))
    for e in loudest(a):
        found.add_row(side(e.share), odds(e.share), Text(f"{e.label}: {said(e, a)}"))
    parts: list[Any] = [Text(a.summary)]
    parts += [Text(f"! {f.get('text', '')}", style="bold") for f in a.flags]
    parts += [Text(""), chances, Text(""), found]
    if a.next_tests:
        parts.append(Text(f"\nNext: {a.next_tests[0].label}. {why(a.next_tests[0])}"))
    parts.append(Text(f"\n{RESEARCH_USE}", style="dim"))
    return Panel(Group(*parts), title=Text(headline(a)), title_align="left")


def plot(a: Assessment, ax: Any = None) -> Any:
    """Probabilities of the mechanisms with their intervals on matplotlib axes, which are returned."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise MissingExtraError("matplotlib", "plot") from None
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 0.45 * len(a.mechanisms) + 1), layout="constrained")
    shown = list(reversed(a.mechanisms))
    spread = [[max(p.value - p.low, 0) for p in shown], [max(p.high - p.value, 0) for p in shown]]
    ax.barh([name_of(p) for p in shown], [p.value for p in shown], xerr=spread, color="#0b6b7a", ecolor="#c2571a")
    ax.set_xlim(0, 1)
    ax.set_xlabel("probability (interval: spread of the inputs)")
    ax.set_title(headline(a), fontsize=10, loc="left")
    return ax
