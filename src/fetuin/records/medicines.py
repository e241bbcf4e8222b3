"""The words for a medicine become international non-proprietary names.

Names are found as whole words, longest first, so that "calcium carbonate" is not also "carbonate" and "sodium phosphate
bowel preparation" is one medicine. A therapy's file bears the name found here.
"""

from __future__ import annotations

import re
from functools import cache

from fetuin.knowledge.valueset import column, rows

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
# what a vitamin or a mineral in these words is: a state of the person, not a medicine taken
_NOT_TAKEN = re.compile(
    r"\b(deficien\w*|insufficien\w*|intoxication|toxicity|poisoning|overdose|level|levels|receptor|resistan\w*)\b"
)
NEGATED = re.compile(r"\b(no|not|never|without|denies|denied|absence of|negative for|free of|nor)\b", re.IGNORECASE)


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for r in rows("medicines"):
        for name in (r["inn"], *filter(None, r["synonyms"].split("|"))):
            found.setdefault(name.lower(), r["inn"])
    return found


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_names(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w-])")


def inns(text: str) -> tuple[str, ...]:
    """The INN of every medicine named in `text`, in small letters, in order and each once; () where none is known."""
    words = text[:2000].lower()
    found = [_names()[m.group()] for m in _pattern().finditer(words)]
    if found and _NOT_TAKEN.search(words):
        found = [f for f in found if not f.endswith("calciferol")]
    return tuple(dict.fromkeys(found))


def inn_of_code(system: str, code: str) -> str:
    """The INN of a code whose name was seen, or ""."""
    return column("rxnorm", "code", "inn").get(code, "") if system == RXNORM else ""


def classes(inn: str) -> str:
    """The class of a medicine, as the value set writes it, or ""."""
    return column("medicines", "inn", "class").get(inn, "")
