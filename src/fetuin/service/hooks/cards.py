"""Dressing advice as a CDS Hooks card: short summary, source with the research-use label, links, reasons to override.

Text of the record is escaped: it can make neither links nor pictures in the client's Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fetuin.diagnosis.assessment import Assessment, Evidence, Missing
from fetuin.diagnosis.words import brief, by_weight, interval, leading, name_of, odds, percent, side
from fetuin.notice import RESEARCH_USE, USE_LIMITATION, __version__
from fetuin.records.record import Record
from fetuin.service.hooks.contract import Advice, Seen

LONGEST = 139  # characters; the specification says fewer than 140
GOOD_FOR = timedelta(hours=24)  # after which a card must be asked for again; assumption
REASONS = {
    "known": "The diagnosis is known already", "wrong": "The data are wrong or not this patient's",
    "person": "This patient is different, for reasons the data do not show", "irrelevant": "Not relevant now",
}  # fmt: skip
SYSTEM = "urn:fetuin:override-reason"


def plain(words: str) -> str:
    """Text of a record without any meaning for Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", words).replace("<", "&lt;").replace("\n", " ").replace("://", ": //")


def short(words: str) -> str:
    """At most `LONGEST` characters, cut at a word."""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def card(advice: Advice, call: str, base: str, smart: bool) -> dict[str, Any]:
    """The card. The same call gives it the same uuid, so that feedback on a repeated call is about one card."""
    links = [{"label": "Open the workbench", "url": f"{base}/", "type": "absolute"}]
    if smart:
        links.append({"label": "See this patient in the workbench", "url": f"{base}/smart/launch", "type": "smart"})
    return {
        "uuid": str(uuid5(NAMESPACE_URL, f"{call}/{advice.key}")), "summary": short(advice.summary), "indicator": advice.indicator,
        "detail": advice.detail, "source": {"label": f"fetuin {__version__}: research use only", "url": f"{base}/"}, "links": links,
        "overrideReasons": [{"code": c, "system": SYSTEM, "display": REASONS[c]} for c in advice.reasons],
    }  # fmt: skip


def _list(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"- {line}" for line in lines]
    return [f"**{title}**", "", *found, ""] if found else []


def _evidence(e: Evidence, a: Assessment) -> str:
    words = f"{plain(e.label)}: {plain(brief(e, a))} ({odds(e.share)})"
    sources = [a.citations[q] for q in e.quantities if q in a.citations][:2]
    return words + (f" [{plain('; '.join(sources))}]" if sources else " [elicited]" if e.elicited else "")


def explained(seen: Seen, now: datetime | None = None) -> str:
    """The basis of an assessment: every kind of statement that a reader needs to review it on their own."""
    a, now = seen.assessment, now or datetime.now(UTC)
    lead = leading(a)
    found = by_weight(a.evidence)
    others = [p for p in a.mechanisms if lead is None or p.name != lead.name][:4]
    gaps = [f"{plain(m.label)}: the leading explanation would be at {_effect(m.effect)}" for m in _telling(a)]
    lines = [plain(a.summary), ""]
    if a.reason:
        lines += [f"No firm answer: {plain(a.reason)}.", ""]
    lines += _list("Speaks for it", (_evidence(e, a) for e in found[:8] if side(e.share) == "for"))
    lines += _list("Speaks against it", (_evidence(e, a) for e in found[:12] if side(e.share) == "against"))
    lines += _list("Other explanations", (f"{plain(name_of(p))}: {interval(p)}" for p in others))
    lines += _list("Not known, and what it would change", gaps)
    lines += _list("What would turn the answer", [plain(a.flip)] if a.flip else [])
    lines += _list("Worth asking for next", (f"{plain(t.label)}: {plain(t.reason)}" for t in a.next_tests[:3]))
    lines += _list("Warnings", (plain(f["text"]) for f in a.flags))
    lines += _list("Not sent by the record system, or only in part", seen.absent)
    lines += [*_list("Limits", (plain(x) for x in a.limits)), *footer(seen.record, a.setting, now)]
    return "\n".join(lines)


def footer(record: Record, setting: str, now: datetime) -> list[str]:
    """For whom it is, from which data, until when."""
    dates = sorted(o.time.date().isoformat() for o in record.observations if o.time)
    span = f"Results from {dates[0]} to {dates[-1]}. " if dates else "No dated result was sent. "
    until = (now + GOOD_FOR).strftime("%Y-%m-%d %H:%M UTC")
    return [
        f"{span}Prior: {setting}. Knowledge of fetuin {__version__}. Ask again after {until}.", "",
        f"{USE_LIMITATION} {RESEARCH_USE}",
    ]  # fmt: skip


def _telling(a: Assessment) -> list[Missing]:
    """The missing findings that would move the leading explanation most, by at least one per cent."""
    moved = {m.finding: max(m.effect.values()) - min(m.effect.values()) for m in a.missing if m.effect}
    return sorted((m for m in a.missing if moved.get(m.finding, 0.0) >= 0.01), key=lambda m: -moved[m.finding])[:5]


def _effect(effect: dict[str, float]) -> str:
    return ", ".join(f"{percent(p)} if {plain(state.replace('_', ' '))}" for state, p in effect.items())
