"""Words of a record: which clause says a thing, which denies it, and which speaks of a relative.

"no warfarin, no dialysis" denies both; "no supplements, antacids or thiazides" denies all three; "sister affected" says
nothing of the patient but that relatives are ill. What is not mentioned is neither said nor denied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_BREAK = re.compile(
    r"\s*(?:[;.](?=\s|$)|,|\bbut\b|\bhowever\b|\balthough\b|\bexcept\b|\bwhereas\b|\byet\b|\(|\))\s*", re.I
)
_CUE = re.compile(
    r"\b(?:no(?!\s+longer\b|\s+change\b|t\s+only\b|\s+response\b)|not(?!\s+only\b|\s+uncommon\b)|without|never|denie[sd]|denying|neither|nor|"
    r"absen(?:t|ce of)|negative for|lack(?:s|ed|ing)?(?: of)?|free of|exclu(?:de[sd]?|ding)|rule[sd]? out|nil|"
    r"unlikely|unremarkable for|none of|non(?=-?\s))\b",
    re.I,
)
_AFTER = re.compile(
    r"^\W{0,3}(?:\w+\W+){0,3}?(?:(?:was|were|is|are|has been|have been)\s+)?"
    r"(?:denied|excluded|ruled out|absent|negative|not (?:found|present|detected|reported|identified|seen|given|recalled)|none)\b",
    re.I,
)
_CONTINUES = re.compile(r"^(?:or|nor|and no)\b", re.I)
_LISTED = re.compile(r"\b(?:or|nor)\b", re.I)
_KIN = re.compile(
    r"\b(?:brothers?|sisters?|siblings?|mother|father|parents?|cousins?|son|sons|daughters?|aunts?|uncles?|grand(?:mother|father|parents?)|"
    r"relatives?|family history|kindred|twin)\b",
    re.I,
)


@dataclass(frozen=True)
class Clause:
    """A piece of a phrase. `denied_from` is the place from which it is denied, or -1; `kin` speaks of relatives."""

    text: str
    denied_from: int
    kin: bool

    def denies(self, start: int, end: int) -> bool:
        """True where the clause denies what stands between `start` and `end`."""
        return 0 <= self.denied_from <= start or bool(_AFTER.match(self.text[end:]))


def _denied_from(piece: str) -> int:
    cue = _CUE.search(piece)
    return cue.end() if cue else -1


@lru_cache(maxsize=8192)
def clauses(phrase: str) -> tuple[Clause, ...]:
    """The clauses of a phrase, each with what it denies. A list that ends in "or" shares its "no"."""
    pieces = [p for p in _BREAK.split(phrase) if p]
    found: list[Clause] = []
    denied = kin = False
    for k, piece in enumerate(pieces):
        start = _denied_from(piece)
        listed = any(_LISTED.search(later) for later in pieces[k:])
        if start < 0 and denied and (_CONTINUES.match(piece) or listed):
            start = 0
        denied = start >= 0
        kin = bool(_KIN.search(piece))
        found.append(Clause(piece, start, kin))
    return tuple(found)
