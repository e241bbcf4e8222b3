"""A case revealed step by step, in the order of the two questions: where is it, the tissue, the blood, what was done.

After each step stands what the engine would say with no more than that: how an answer grows, and which step decides it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fetuin.diagnosis.differential import differential
from fetuin.diagnosis.evidence import printed, readings
from fetuin.diagnosis.model import CALCIFIED
from fetuin.records.record import Condition, Medication, Procedure, Record


@dataclass(frozen=True)
class Step:
    """One step: its question, what is revealed, and the probability of each mechanism after it, given calcification."""

    title: str
    question: str
    facts: tuple[str, ...]
    mechanisms: dict[str, float]

    @property
    def leading(self) -> str:
        """The mechanism that leads after this step."""
        return max(self.mechanisms, key=lambda m: self.mechanisms[m])


QUESTIONS = (
    ("Who, and where", "Where does calcium lie, and in whom?"),
    ("The tissue", "Is the calcified tissue dead, scarred or inflamed, or alive and healthy?"),
    ("The blood", "What do calcium, phosphate, PTH and the kidneys say?"),
    ("History, medicines, genes", "What was done to this person, since when, and which genes?"),
)


def _person(r: Record) -> tuple[str, ...]:
    age = "" if r.age is None else f"{r.age:g} years"
    sex = {"F": "woman or girl", "M": "man or boy"}.get(r.sex or "", "")
    sites = dict.fromkeys(t.site for t in r.tissue if t.presence == "present" and t.site)
    who = ", ".join(x for x in (sex, age) if x) or "age and sex are not reported"
    return who, *(f"calcification: {s}" for s in sites)


def _tissue(r: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys(
        f"{t.site or 'tissue'}: {t.state if t.state != 'not_reported' else 'state not reported'}{f', {t.text}' if t.text else ''}"
        for t in r.tissue if t.presence == "present"
    ))  # fmt: skip


def _history(r: Record) -> tuple[str, ...]:
    coded: tuple[Condition | Medication | Procedure, ...] = (*r.conditions, *r.medications, *r.procedures)
    said = [f"{'no ' if c.presence == 'absent' else ''}{c.text}" for c in coded]
    return tuple(dict.fromkeys([*said, *(f"{v.gene} {v.text}".strip() for v in r.variants), *r.notes]))


def stages(record: Record) -> Iterator[tuple[str, str, tuple[str, ...], Record]]:
    """(title, question, what is revealed, the record as far as it is known then) of each step."""
    bare = Record(id=record.id, sex=record.sex, age=record.age, source=record.source)
    sites = tuple(replace(t, state="not_reported", text="") for t in record.tissue)
    known = (
        replace(bare, tissue=sites),
        replace(bare, tissue=record.tissue),
        replace(bare, tissue=record.tissue, observations=record.observations),
        record,
    )
    facts = _person(record), _tissue(record), tuple(printed(o) for o in record.observations), _history(record)
    for (title, question), said, upto in zip(QUESTIONS, facts, known, strict=True):
        yield title, question, said, upto


def reveal(record: Record, setting: str = "general") -> Iterator[Step]:
    """The steps of one record."""
    for title, question, said, upto in stages(record):
        found = differential(readings(upto), setting).mechanisms()
        yield Step(title, question, said, {m: found[m] for m in CALCIFIED})
