"""A short phrase of a history becomes a medicine, a procedure, a gene or a condition.

A phrase with a negation in it is kept as a note, word for word: what it denies is for the reasoning to say.
"""

from __future__ import annotations

import re
from functools import cache

from fetuin.knowledge.valueset import rows
from fetuin.records.medicines import NEGATED, inns
from fetuin.records.record import Condition, Medication, Procedure, Source, Variant

_DONE = re.compile(
    r"\b(ha?emodialysis|peritoneal dialysis|dialysis|transplant\w*|\w+ectomy|biops(y|ies)|surgery|operation|infusion|transfusion"
    r"|extravasation|cooling|radiotherapy|chemotherapy|injections?)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(mutation|variant|c\.\S+|p\.\S+|homozygous|heterozygous|hemizygous|deletion|pathogenic|gain-of-function|loss-of-function)\b",
    re.I,
)
_ZYGOSITY = re.compile(r"\b(compound heterozygous|homozygous|heterozygous|hemizygous)\b", re.IGNORECASE)


@cache
def _genes() -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(r["symbol"] for r in rows("genes")) + r")\b")


def variant(text: str, source: Source) -> Variant | None:
    """The gene and the change a phrase names, or None; a gene that is only suspected is none."""
    gene, change = _genes().search(text), _CHANGE.search(text)
    if not (gene and change):
        return None
    zygosity = _ZYGOSITY.search(text)
    return Variant(gene.group(), text, zygosity.group().lower() if zygosity else "", source=source)


def read_phrase(text: str, source: Source) -> list[Condition | Medication | Procedure | Variant | str]:
    """What one phrase says; a str is a note. Nothing of the words is lost: `text` is kept as written."""
    if NEGATED.search(text):
        return [text]
    if found := variant(text, source):
        return [found]
    if names := inns(text):
        taken = [Medication(text, inn, source=source) for inn in names]
        return [*taken, Procedure(text, source=source)] if _DONE.search(text) else list(taken)
    if _DONE.search(text):
        return [Procedure(text, source=source)]
    return [Condition(text, source=source)]
