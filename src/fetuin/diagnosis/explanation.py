"""`assessment.explain()`: why, in words. Everything said here is derivable from the assessment; nothing is added."""

from __future__ import annotations

from collections.abc import Iterator

from fetuin.diagnosis.assessment import Assessment, Evidence, Missing, NextTest, Probability
from fetuin.diagnosis.words import (
    LAYERS,
    STATES,
    by_weight,
    interval,
    leading,
    name_of,
    odds,
    percent,
    said,
    side,
    start,
    times,
    why,
)
from fetuin.errors import UsageError
from fetuin.notice import RESEARCH_USE


def of_finding(e: Evidence, a: Assessment) -> str:
    """One finding: the datum, what it says, how loudly, and on whose word."""
    sources = "; ".join(a.citations.get(c, c) for c in e.citations) or ("elicited" if e.elicited else "no source given")
    per = ", ".join(f"{m} {w:+.2f}" for m, w in sorted(e.weights.items(), key=lambda x: -x[1]))
    lines = [f"{e.label}: {e.state.replace('_', ' ')} ({e.datum})", f"  {e.statement}" if e.statement else ""]
    lines.append(f"  {side(e.share)} the leading answer: {odds(e.share)} as its share among all findings")
    lines.append(f"  alone it is {times(e.weight)} if the leading answer is right (ln LR {e.weight:+.2f})")
    lines.append(f"  ln likelihood ratio by mechanism: {per}" if per else "")
    return "\n".join(line for line in [*lines, f"  source: {sources}"] if line)


def of_probability(p: Probability, a: Assessment) -> str:
    """One mechanism or cause: how likely, which findings carry it, and the test that decides it."""
    lines = [f"{name_of(p)}: {interval(p)}"]
    weights = [(e.weights[p.name], e) for e in a.evidence if p.name in e.weights]
    for w, e in sorted(weights, key=lambda x: -abs(x[0])):
        lines.append(f"  {side(w):8} {times(w):26} {e.label}: {e.datum}")
    if test := a.deciding_tests.get(p.name):
        lines.append(f"  deciding test: {test}")
    return "\n".join(lines)


def of_missing(m: Missing) -> str:
    """What nobody reported, and what the leading probability would become in each state."""
    effect = ", ".join(f"{percent(p)} if {state.replace('_', ' ')}" for state, p in m.effect.items())
    return f"{m.label}: not reported; the leading answer would be {effect}" if effect else f"{m.label}: not reported"


def of_test(t: NextTest) -> str:
    """A test worth asking for, with its one line of reason."""
    wait = f" (first: {t.blocked_by})" if t.blocked_by else ""
    return f"{t.label}. {why(t)} [{t.gain_bits:.2f} bits, cost {t.cost:g}, harm {t.harm:g}]{wait}"


def _whole(a: Assessment) -> Iterator[str]:
    yield a.summary
    if a.abstained:
        yield f"No firm answer: {a.reason}"
    yield from (f"! {flag.get('text', '')}" for flag in a.flags)
    for layer, question in LAYERS.items():
        yield f"\n{question}"
        found = [e for e in by_weight(a.evidence) if e.layer == layer]
        if layer == "tissue" and a.tissue:
            yield "  reading: " + ", ".join(f"{STATES.get(t.name, t.name)} {percent(t.value)}" for t in a.tissue[:3])
        yield from (f"  {side(e.share):8} {odds(e.share):15} {e.label}: {said(e, a)}" for e in found)
        if not found:
            yield "  nothing was reported"
    if lead := leading(a):
        yield f"\n{name_of(lead).capitalize()}: {percent(start(a))} before any finding, {percent(lead.value)} after all"
    yield "\nProbabilities"
    yield from (f"  {name_of(p):16} {interval(p)}" for p in a.mechanisms)
    if a.next_tests:
        yield "\nNext"
        yield from (f"  {of_test(t)}" for t in a.next_tests[:3])
    if a.missing:
        yield "\nMissing"
        yield from (f"  {of_missing(m)}" for m in a.missing[:5])
    if a.flip:
        yield f"\nWhat would flip it: {a.flip}"
    yield f"\n{RESEARCH_USE}"


def explain(a: Assessment, name: str = "") -> str:
    """The whole answer, or the part called `name`: a finding, mechanism, cause or test. Unknown names are a UsageError."""
    if not name:
        return "\n".join(_whole(a))
    parts = [of_finding(e, a) for e in a.evidence if e.finding == name]
    parts += [of_probability(p, a) for p in (*a.mechanisms, *a.causes) if p.name == name]
    parts += [of_missing(m) for m in a.missing if m.finding == name]
    parts += [of_test(t) for t in a.next_tests if t.test == name]
    if not parts:
        known = sorted({e.finding for e in a.evidence} | {p.name for p in (*a.mechanisms, *a.causes)})
        raise UsageError(
            "This assessment has nothing of that name to explain.", where="explain", fix=f"one of: {', '.join(known)}"
        )
    return "\n".join(parts)
