"""A pattern that is compiled only when a phrase may match it: most of the catalogue's patterns never meet their words.

The hint of an alternative is a run of letters that every match must hold. It is read off the text of the pattern with
caution: outside brackets and groups, never before a quantifier. An alternative without one makes its pattern always tried.
"""

from __future__ import annotations

import re
from functools import cached_property

SHORTEST = 3
_RUN = re.compile(rf"(?<!\\)[A-Za-z]{{{SHORTEST},}}")


def _flat(pattern: str) -> str:
    """The pattern with every group, class, escape and quantified letter blanked; empty where alternatives lie outside."""
    text = re.sub(r"\\.", "  ", pattern)
    text = re.sub(r"\[[^\]]*\]", " ", text)
    while (inner := re.sub(r"\([^()]*\)", " ", text)) != text:
        text = inner
    return "" if "|" in text else re.sub(r".[?*]|.\{[^}]*\}", " ", text)


def hint(pattern: str) -> str:
    """The longest run of letters that every match holds, in small letters; "" where none is certain."""
    return max(_RUN.findall(_flat(pattern)), key=len, default="").casefold()


class Trigger:
    """Alternatives joined into one pattern; `search` and `finditer` are those of the compiled pattern."""

    def __init__(self, alternatives: tuple[str, ...]) -> None:
        self.source = "|".join(f"(?:{a})" for a in alternatives)
        hints = {hint(a) for a in alternatives}
        self.hints = () if "" in hints else tuple(hints)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.source, re.I)

    def may_match(self, folded: str) -> bool:
        """False only where the phrase, case-folded, cannot match."""
        return not self.hints or any(h in folded for h in self.hints)
