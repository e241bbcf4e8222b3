"""The report of an assessment: one page that a clinician can read from top to bottom and check line by line.

The order is the order of thought: the answer in words with what speaks against acting on it, the two questions and the
third layer, how likely, why, the serum, what to ask next, what is missing, what would flip it, on whose word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from fetuin.diagnosis.assessment import Assessment, Evidence, Probability
from fetuin.diagnosis.rendering import headline
from fetuin.diagnosis.words import (
    LAYERS,
    MECHANISMS,
    STATES,
    by_weight,
    figure,
    interval,
    leading,
    name_of,
    percent,
    said,
    side,
    why,
)
from fetuin.mechanism.reading import Reading
from fetuin.reports.evidence import evidence
from fetuin.reports.mechanism import TITLE as MECHANISTIC
from fetuin.reports.mechanism import mechanism
from fetuin.reports.page import Html, Section, page, table
from fetuin.reports.reference import interval_of, name_of_analyte
from fetuin.reports.rows import axis, box, row, rows, rule, whisker
from fetuin.reports.serum import serum, timeline

CAUSES_SHOWN, LEAST, LINES = 8, 0.005, 7


def person(a: Assessment) -> str:
    """`61 y, F; setting: general`. The record's own name stays in the title."""
    age, sex = getattr(a.record, "age", None), getattr(a.record, "sex", None)
    years = "age not reported" if age is None else f"{age:.2g} y" if age < 2 else f"{age:.0f} y"
    return f"{years}, sex {sex or 'not reported'}; prior for the setting: {a.setting}"


def _lead(a: Assessment) -> str:
    flags = "".join(
        f"<div class='card flag'><strong>Take note:</strong> {escape(f.get('text', ''))}"
        + (
            f" <span class=mute>[{escape(a.citations.get(f['citation'], f['citation']))}]</span>"
            if f.get("citation")
            else ""
        )
        + "</div>"
        for f in a.flags
    )
    shy = f"<p><strong>No firm answer.</strong> {escape(a.reason)}</p>" if a.abstained else ""
    note = MECHANISMS.get(a.answer, "").partition(": ")[2]
    meaning = f"<p class=mute>{escape(a.answer.capitalize())} means: {escape(note)}.</p>" if note else ""
    first = a.next_tests[0] if a.next_tests else None
    ask = f"<p><strong>Ask next:</strong> {escape(first.label)}. {escape(why(first))}</p>" if first else ""
    top = f"<div class=card><p class=lead><strong>{escape(headline(a))}</strong></p>{shy}<p>{escape(a.summary)}</p>"
    return f"{top}{meaning}{ask}</div>{flags}"


def _line(e: Evidence, a: Assessment) -> str:
    return f"<li>{escape(e.label)}: {escape(said(e, a))} <span class=mute>({side(e.share)})</span></li>"


def _questions(a: Assessment) -> str:
    """The two questions in the foreground, and the third layer."""
    cards = []
    for layer, question in LAYERS.items():
        found = [e for e in by_weight(a.evidence) if e.layer == layer]
        body = (
            f"<ul>{''.join(_line(e, a) for e in found[:LINES])}</ul>"
            if found
            else "<p>Nothing was reported. Nothing was assumed.</p>"
        )
        reading = ""
        if layer == "tissue" and a.tissue:
            first = a.tissue[0]
            reading = f"<p>Most likely {escape(STATES.get(first.name, name_of(first)))}: {escape(interval(first))}.</p>"
        cards.append(f"<div class=card><h3>{escape(question)}</h3>{reading}{body}</div>")
    return f"<div class=three>{''.join(cards)}</div>"


def _bars(ps: Iterable[Probability], notes: dict[str, str], caption: str) -> str:
    drawn = [
        row(
            name_of(p),
            "".join(rule(x, "line") for x in (0, 25, 50, 75, 100))
            + box(0, 100 * p.value, "c1", opacity=0.55)
            + whisker(100 * p.low, 100 * p.high),
            figure(p),
            note=notes.get(p.name, ""),
            says=f"{name_of(p)}: {interval(p)}",
        )
        for p in ps
    ]
    return rows([*drawn, axis("0 %", "25", "50", "75", "100 %")], caption)


def _likely(a: Assessment) -> str:
    meanings = {name: words.partition(": ")[2] for name, words in MECHANISMS.items()}
    caption = (
        "Probability of each mechanism; the line is the interval (2.5 to 97.5 %) that comes from the spread of the "
        "inputs. They exclude each other (mixed is dystrophic and metastatic at once) and add up to 100 %."
    )
    tests = {c: f"decided by: {t}" for c, t in a.deciding_tests.items()}
    shown = [c for c in a.causes[:CAUSES_SHOWN] if c.value >= LEAST] or a.causes[:3]
    most = _bars(shown, tests, "The likeliest causes. One of the tissue and one of the body may be at work at once.")
    return f"{_bars(a.mechanisms, meanings, caption)}<h3>Which cause</h3>{most}"


def _next(a: Assessment) -> str:
    if not a.next_tests:
        return "<p>No test on the list would change this answer enough to be worth its cost and harm.</p>"
    lines = [
        (k, t.label, why(t), f"{t.gain_bits:.2f}", f"{t.cost:g}", f"{t.harm:g}", t.blocked_by or "")
        for k, t in enumerate(a.next_tests, 1)
    ]
    head = ("rank", "test", "why", "gain, bits", "cost", "harm", "ask before it")
    return table(head, lines, numeric=(3, 4, 5))


def _missing(a: Assessment) -> str:
    effects = [
        (m.label, Html("<br>".join(f"if {escape(s.replace('_', ' '))}: {percent(p)}" for s, p in m.effect.items())))
        for m in a.missing
    ]
    first = leading(a)
    lead = name_of(first) if first else "the leading answer"
    known = table(("not reported", f"probability of {lead} would be"), effects) if effects else "<p>Nothing.</p>"
    refused = [(r.what, r.why, r.fix) for r in getattr(a.record, "refusals", ())]
    lost = f"<h3>In the file, but not read</h3>{table(('what', 'why', 'how to mend'), refused)}" if refused else ""
    flip = f"<h3>What would flip the answer</h3><p>{escape(a.flip)}</p>" if a.flip else ""
    return f"{known}{lost}{flip}"


def _derived(a: Assessment) -> str:
    if not a.derived:
        return ""
    keys = list(dict.fromkeys(k for d in a.derived for k in d))
    lines = [[_cell(d.get(k)) for k in keys] for d in a.derived]
    return f"<h3>Derived values</h3>{table([k.replace('_', ' ') for k in keys], lines)}"


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _sources(a: Assessment) -> str:
    cited = table(("key", "source"), sorted(a.citations.items())) if a.citations else "<p>No source was needed.</p>"
    limits = "".join(f"<li>{escape(x)}</li>" for x in a.limits)
    return f"{cited}<h3>Limits</h3><ul>{limits}</ul>"


def sections(a: Assessment, reading: Reading | None = None) -> list[Section]:
    """The parts of the report below the answer, each with its heading; with a mechanistic reading where there is one."""
    parts = [
        ("Two questions, and a third", _questions(a)),
        ("How likely", _likely(a)),
        *(((MECHANISTIC, mechanism(reading)),) if reading is not None else ()),
        ("Evidence for and against", evidence(a)),
    ]
    if a.record is not None:
        parts.append(("The serum", serum(a.record, interval_of(a.record), name_of_analyte) + _derived(a)))
        parts.append(("Over time", timeline(a.record, interval_of(a.record), name_of_analyte)))
    parts += [("What to ask next", _next(a)), ("What is missing", _missing(a)), ("Sources and limits", _sources(a))]
    return parts


def report(
    a: Assessment, *, source: str = "", title: str = "", made: datetime | None = None, reading: Reading | None = None
) -> str:
    """The whole page as HTML. `source` says where the record comes from (a citation, a file name)."""
    title = title or f"What kind of calcification? {a.record_id or 'unnamed record'}"
    below = f"{person(a)}{f'. Record: {source}' if source else ''}"
    return page(title, sections(a, reading), subtitle=below, lead=_lead(a), made=made)


def summary_row(a: Assessment) -> tuple[str, str, str, str]:
    """For an index of many: record, answer, how sure, next test."""
    lead = next((p for p in a.mechanisms if p.name == a.answer), None)
    sure = interval(lead) if lead and not a.abstained else a.reason or "no firm answer"
    return a.record_id, a.answer, sure, a.next_tests[0].label if a.next_tests else "none worth its cost"
