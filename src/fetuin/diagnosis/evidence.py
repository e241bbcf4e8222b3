"""A record becomes readings: each finding, how well each of its states explains what was seen, and the datum itself.

What nobody reported has no reading at all. What was denied has one ("absent"). Order, identifiers and units of the record
make no difference: readings come in the order of the findings' names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fetuin.diagnosis.interpretation import (
    EDGES,
    Weights,
    calcium_choice,
    read_analyte,
    read_calcium,
    read_kidney,
)
from fetuin.diagnosis.recognition import code_hits, gene_hits, hits
from fetuin.knowledge.analyte import analytes
from fetuin.knowledge.finding import Finding, findings
from fetuin.quantities import quantity
from fetuin.records.record import Observation, Record, Source

WEAK_SITES = frozenset({"skin", "soft_tissue", "limb", "generalised", "joint", "scar", "muscle"})


@dataclass(frozen=True)
class Reading:
    """One finding as seen: `weights` is the likelihood of the datum under each state, `state` the best of them."""

    finding: str
    weights: Weights
    state: str
    datum: str
    source: Source = field(default_factory=Source)
    power: float = 1.0  # below 1 where several sites were named together: they are not independent draws


@dataclass(frozen=True)
class Trust:
    """How far words are believed."""

    denied: float = quantity(0.03, "1", "elicited", "likelihood of 'denied' where the state is true", (0.01, 0.1))
    slip: float = quantity(
        0.0002, "1", "elicited", "likelihood of a reported calcified site without calcification", (0.0, 0.001)
    )
    said: float = quantity(0.01, "1", "elicited", "likelihood of 'said' where the state is false", (0.002, 0.03))
    together: float = quantity(
        0.5, "1", "elicited", "each of m sites named together counts m to minus this", (0.2, 0.8)
    )


TRUST = Trust()
AGES = (("infant", 1.0), ("child", 12.0), ("young", 30.0), ("adult", 60.0), ("old", 1e9))


@dataclass
class _Said:
    """What words and codes said: {finding: {state: (said, datum, source)}}."""

    found: dict[str, dict[str, tuple[bool, str, Source]]] = field(default_factory=dict)

    def add(self, finding: str, state: str, said: bool, datum: str, source: Source) -> None:
        """Keep it; said outranks denied, and of two that say the same the first in the alphabet is shown."""
        old = self.found.setdefault(finding, {}).get(state)
        if old is None or (said, old[1]) > (old[0], datum):
            self.found[finding][state] = (said, datum, source)


def _words(record: Record) -> _Said:
    said = _Said()
    for text, presence, source in record.texts():
        for finding, state, yes in hits(text):
            if finding != "site":
                said.add(finding, state, yes and presence == "present", text, source)
    coded: tuple[Any, ...] = (*record.conditions, *record.medications, *record.procedures, *record.tissue)
    for c in coded:
        for finding, state in code_hits(*c.code) if c.code else ():
            if finding != "site":
                said.add(finding, state, c.presence == "present", f"{c.text} ({c.code[1]})", c.source)
    for v in record.variants:
        for finding, state in gene_hits(v.gene):
            said.add(finding, state, v.presence == "present", f"{v.gene} {v.text}".strip(), v.source)
    for m in record.medications:
        for finding, state, _ in hits(m.inn) if m.inn else ():
            said.add(finding, state, m.presence == "present", m.text, m.source)
    return said


def _worded(f: Finding, states: dict[str, tuple[bool, str, Source]]) -> Reading:
    """The reading of words for a finding whose states exclude each other; the last state said is taken."""
    yes = [s for s in f.states if states.get(s, (False,))[0]]
    if yes:
        best = yes[-1]
        weights = tuple(1.0 if s == best else TRUST.said for s in f.states)
    else:
        best = next(s for s in f.states if s not in states) if len(states) < len(f.states) else f.states[-1]
        weights = tuple(TRUST.denied if s in states else 1.0 for s in f.states)
    _, datum, source = states[best] if yes else next(iter(states.values()))
    return Reading(f.id, weights, best, datum, source)


def printed(o: Observation) -> str:
    """An observation in words: name, value, unit, date."""
    known = analytes().get(o.analyte)
    name = known.name if known else o.analyte
    value = o.printed or (
        f"{o.censor or ''}{o.value:.4g} {o.unit}"
        if o.value is not None
        else {"H": "high", "L": "low", "N": "normal"}[o.flag or "N"]
    )
    when = f", {o.time.date().isoformat()}" if o.time else ""
    return f"{name} {value}{when}"


def _best(weights: Weights, states: tuple[str, ...]) -> str:
    return states[max(range(len(states)), key=lambda i: weights[i])]


@dataclass(frozen=True)
class Spoken:
    """What words and codes alone say of a person: the same for all who were described in the same words.

    `kidney` is the reading where no number is known; `fails`: words of kidney failure outrank a number; `reduced`: words of
    reduced function soften one. `others` count only for findings that no number has read.
    """

    tissue: tuple[Reading, ...]
    kidney: Reading | None
    fails: bool
    reduced: bool
    others: tuple[Reading, ...]


REDUCED = (0.1, 1.0, 0.6)  # elicited: how words of reduced kidney function weigh normal, reduced, failure by a number


def spoken(record: Record) -> Spoken:
    """The readings of words and codes."""
    said = _words(record)
    tissue = tuple(
        r for r in _tissue(record, said) if not (r.finding == "calcification_reported" and r.state == "absent")
    )
    words = said.found.get("kidney") or {}
    fails, reduced = (words.get(s, (False,))[0] for s in ("failure", "reduced"))
    kidney = _worded(findings()["kidney"], {"failure": words["failure"]} if fails else words) if words else None
    known = {r.finding for r in tissue} | {"kidney", "site", "plane", "tissue_state"}
    others = (_worded(findings()[f], states) for f, states in said.found.items() if f not in known)
    kept = tuple(r for r in others if not (r.finding == "calcification_reported" and r.state == "absent"))
    return Spoken(tissue, kidney, fails, reduced, kept)


def _kidney(record: Record, said: Spoken) -> Reading | None:
    """Kidney function: dialysis and kidney failure in words outrank a number; other words and numbers agree or soften."""
    f, number = findings()["kidney"], read_kidney(record)
    if said.fails or number is None:
        return said.kidney
    weights, o = number
    if said.reduced:
        weights = tuple(w * u for w, u in zip(weights, REDUCED, strict=True))
    total = max(sum(weights), 1e-300)
    weights = tuple(max(w / total, 1e-6) for w in weights)
    return Reading("kidney", weights, _best(weights, f.states), printed(o), o.source)


def _serum(record: Record, kidney: str) -> Iterable[Reading]:
    for f in findings().values():
        if f.layer != "serum" or not f.analyte or f.id in ("kidney", "calcium_discordance"):
            continue
        o = calcium_choice(record, kidney) if f.id == "calcium" else None
        if f.id != "calcium":
            o = next((x for a in f.analyte if (x := record.latest(a)) and (x.value is not None or x.flag)), None)
        if o is not None:
            weights = tuple(max(w, 1e-6) for w in read_analyte(f.id, o, record, kidney))
            yield Reading(f.id, weights, _best(weights, f.states), printed(o), o.source)


def _discordance(record: Record) -> Reading | None:
    """Total calcium high while ionised calcium is normal: only where both are numbers or words."""
    total, ionised = record.latest("calcium"), record.latest("calcium_ionised")
    if total is None or ionised is None:
        return None
    high = [_high(o, record) for o in (total, ionised)]
    p = high[0] * (1 - high[1])
    datum = f"{printed(total)}; {printed(ionised)}"
    return Reading(
        "calcium_discordance", (max(p, 1e-3), max(1 - p, 1e-3)), "present" if p > 0.5 else "absent", datum, total.source
    )


def _high(o: Observation, record: Record) -> float:
    if o.value is None:
        return 1.0 if o.flag == "H" else 0.0
    w = read_calcium(o, record)
    return (w[2] + w[3]) / sum(w)


def _person(record: Record) -> Iterable[Reading]:
    if record.age is not None:
        states = findings()["age"].states
        band = next(name for name, below in AGES if record.age < below)
        yield Reading(
            "age", tuple(1.0 if s == band else 0.0 for s in states), band, f"{record.age:g} years", record.source
        )
    if record.sex:
        female = record.sex == "F"
        yield Reading(
            "female", (1.0, 0.0) if female else (0.0, 1.0), "present" if female else "absent", record.sex, record.source
        )


def _tissue(record: Record, said: _Said) -> Iterable[Reading]:
    """State of the tissue, and each site that was named; general words only where no particular site was."""
    states = findings()["tissue_state"].states
    seen = sorted({t.state for t in record.tissue if t.presence == "present" and t.state != "not_reported"})
    if seen:
        best = seen[0] if len(seen) == 1 else "mixed"
        weights = tuple(1.0 if s == best else 0.05 for s in states)
        yield Reading("tissue_state", weights, best, f"tissue {best}", next(t.source for t in record.tissue))
    sites = _sites(record)
    keep = {s: v for s, v in sites.items() if s not in WEAK_SITES} or sites
    for site in sorted(keep):
        datum, source = keep[site]
        names = findings()["site"].states
        yield Reading(
            "site", tuple(1.0 if s == site else 0.0 for s in names), site, datum, source, len(keep) ** -TRUST.together
        )
    if sites or seen or any(t.presence == "present" and t.site for t in record.tissue):
        # a structured finding, not a phrase that may have been misread: nearly certain
        said.found.pop("calcification_reported", None)
        yield Reading(
            "calcification_reported", (1.0, TRUST.slip), "present", "a calcified site was reported", record.source
        )
    if (planes := said.found.pop("plane", None)) is not None:
        names = findings()["plane"].states
        for state in (s for s in names if planes.get(s, (False,))[0]):
            yield Reading(
                "plane", tuple(1.0 if s == state else 0.0 for s in names), state, planes[state][1], planes[state][2]
            )


def _sites(record: Record) -> dict[str, tuple[str, Source]]:
    """{site: (words, source)}: from sites; else from words and conditions that speak of calcification."""
    found: dict[str, tuple[str, Source]] = {}
    named = [(t.site, t.source) for t in record.tissue if t.presence == "present" and t.site]
    spoken = [(t.text, t.source) for t in record.tissue if t.presence == "present" and t.text]
    spoken += [(c.text, c.source) for c in record.conditions if c.presence == "present"]
    calcific = [(x, s) for x, s in spoken if ("calcification_reported", "present", True) in hits(x)]
    for text, source in sorted(named, key=lambda x: x[0]) or sorted(calcific, key=lambda x: x[0]):
        for finding, state, yes in hits(text):
            if finding == "site" and yes:
                found.setdefault(state, (text, source))
    for t in record.tissue:
        for finding, state in code_hits(*t.code) if t.code and t.presence == "present" else ():
            if finding == "site":
                found.setdefault(state, (t.text, t.source))
    return found


def readings(record: Record) -> tuple[Reading, ...]:
    """Every finding of a record, in the order of the findings' names."""
    said = spoken(record)
    kidney = _kidney(record, said)
    found = [*_person(record), *said.tissue, *([kidney] if kidney else [])]
    found += _serum(record, kidney.state if kidney else "normal")
    if both := _discordance(record):
        found.append(both)
    known = {r.finding for r in found}
    found += [r for r in said.others if r.finding not in known]
    return tuple(sorted(found, key=lambda r: (r.finding, r.state)))


__all__ = ["AGES", "EDGES", "REDUCED", "TRUST", "Reading", "Spoken", "printed", "readings", "spoken"]
