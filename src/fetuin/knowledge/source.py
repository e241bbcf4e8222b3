"""Where a number comes from: `references.bib` holds each source once; a key that is not there is an error.

A source is written `key` or `key, detail` ("nhanes, Q090"). A text that begins with "assumption" or "elicited" says that no
text was read that gives the number, and needs no key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from fetuin.errors import FetuinError

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,(.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|\"([^\"]*)\"|(\d+))")


class UnknownSourceError(FetuinError):
    """A key that `references.bib` does not hold. The knowledge that ships is wrong, not the user's file."""

    exit_code, code = 70, "FET-K001"


@dataclass(frozen=True)
class Reference:
    """One entry of `references.bib`."""

    key: str
    kind: str
    fields: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The citation in one line: authors, title, where, year, address."""
        f = self.fields
        parts = [f.get("author", ""), f.get("title", ""), f.get("journal") or f.get("publisher", ""), f.get("year", "")]
        address = f"https://doi.org/{f['doi']}" if "doi" in f else f.get("url", "")
        return ". ".join(p.rstrip(".") for p in (*parts, address) if p)


def parse(text: str) -> dict[str, Reference]:
    """{key: Reference} of a BibTeX text whose entries end with a brace at the start of a line. A key twice is an error."""
    found: dict[str, Reference] = {}
    for kind, key, body in _ENTRY.findall(text):
        if key in found:
            raise UnknownSourceError(f"the key {key!r} stands twice in references.bib.", fix="keep one entry")
        fields = {k.lower(): (a or b or c).replace("{", "").replace("}", "") for k, a, b, c in _FIELD.findall(body)}
        found[key] = Reference(key, kind.lower(), fields)
    return found


@cache
def references() -> dict[str, Reference]:
    """Every source that ships, by key."""
    return parse(files("fetuin.knowledge").joinpath("references.bib").read_text("utf-8"))


def is_assumption(source: str) -> bool:
    """True where the source says that no text was read."""
    return source.lower().startswith(("assumption", "elicited"))


def key_of(source: str) -> str:
    """The key of `key, detail`."""
    return source.split(",", 1)[0].strip()


def check(source: str, where: str = "") -> str:
    """`source` itself, or UnknownSourceError where it is empty or its key is not in `references.bib`."""
    if not source or not (is_assumption(source) or key_of(source) in references()):
        raise UnknownSourceError(
            f"{source!r} is not a known source.",
            where=where,
            fix="add the entry to knowledge/references.bib, or write 'assumption: why'",
        )
    return source


def cite(source: str) -> str:
    """The source in words: the citation behind its key and the detail, or the assumption itself."""
    check(source)
    if is_assumption(source):
        return source
    detail = source.partition(",")[2].strip()
    return references()[key_of(source)].text() + (f" ({detail})" if detail else "")
