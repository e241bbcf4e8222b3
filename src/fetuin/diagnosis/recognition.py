"""Which findings a phrase, a code or a gene means. The patterns stand in `knowledge/findings`; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from fetuin.diagnosis.language import clauses
from fetuin.diagnosis.trigger import Trigger
from fetuin.knowledge.finding import Finding, findings

Hit = tuple[str, str, bool]  # finding, state, said (False: denied)


@cache
def _patterns() -> tuple[tuple[Finding, str, Trigger], ...]:
    """One pattern for each finding and state: its alternatives joined, compiled when a phrase may match."""
    return tuple(
        (f, state, Trigger(tuple(r.text))) for f in findings().values() for state, r in f.recognise.items() if r.text
    )


@lru_cache(maxsize=8192)
def hits(phrase: str) -> tuple[Hit, ...]:
    """Every (finding, state, said) that a phrase holds; a word about relatives counts only where the finding allows it."""
    found: dict[tuple[str, str], bool] = {}
    pieces, folded = clauses(phrase), phrase.casefold()
    for f, state, trigger in _patterns():
        if not trigger.may_match(folded) or not (pattern := trigger.pattern).search(phrase):
            continue
        here = [(c, m) for c in pieces for m in pattern.finditer(c.text)]
        if not here and not any(c.kin or c.denied_from >= 0 for c in pieces):
            found[f.id, state] = True  # the words stand on both sides of a comma
        for c, m in here:
            if c.kin and not f.family:
                continue
            said = not c.denies(m.start(), m.end())
            found[f.id, state] = found.get((f.id, state), False) or said
    return tuple((f, state, said) for (f, state), said in found.items())


@cache
def _code_index(kind: str) -> dict[str, tuple[tuple[str, str], ...]]:
    index: dict[str, list[tuple[str, str]]] = {}
    for f in findings().values():
        for state, r in f.recognise.items():
            for code in getattr(r, kind):
                index.setdefault(code.upper(), []).append((f.id, state))
    return {k: tuple(v) for k, v in index.items()}


def code_hits(system: str, code: str) -> Iterator[tuple[str, str]]:
    """(finding, state) of a code: ICD-10 by prefix, HPO whole."""
    name = system.lower()
    if "hpo" in name or "human-phenotype" in name or code.upper().startswith("HP:"):
        yield from _code_index("hpo").get(code.upper(), ())
    elif "icd-10" in name or "icd10" in name:
        plain, index = code.upper().replace(".", ""), _code_index("icd10cm")
        for known, found in index.items():
            if plain.startswith(known.replace(".", "")):
                yield from found


def gene_hits(gene: str) -> tuple[tuple[str, str], ...]:
    """(finding, state) of a gene symbol."""
    return _code_index("gene").get(gene.upper(), ())
