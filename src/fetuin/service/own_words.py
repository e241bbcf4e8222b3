"""An error may say only what is fetuin's own: a word that stands nowhere in its program is a caller's, and is left out.

Messages are written in the program, so their words stand there; what they echo (a name, a date, a number of a record, a
cell of a file) does not. Comments and descriptions do not count: they name authors.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import fetuin

HIDDEN = "..."
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\S*")
WORD = re.compile(r"[^\W\d_]\w*|\d[\w]*")
_NOT_SAID = re.compile(r'"""[\s\S]*?"""|#[^\n"\']*$', re.MULTILINE)
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
SIZES = re.compile(r"\d+(?= (bytes|MiB|entries|cells|reads|resources|s\b|min\b|files|wells))")


@cache
def own() -> frozenset[str]:
    """Every word of the program, and the names of its files."""
    found: set[str] = set()
    for file in Path(fetuin.__file__).parent.rglob("*"):
        if file.suffix == ".py":
            found |= set(_IDENTIFIER.findall(_NOT_SAID.sub("", file.read_text("utf-8"))))
        elif file.suffix == ".toml":
            found |= {file.stem, *file.stem.split("_")}
    return frozenset(found)


def _kept(word: str) -> bool:
    if word[0].isdigit():
        return word.isdigit() and len(word) <= 4
    return word in own() or word.lower() in own()


def only_own(words: str) -> str:
    """A message without what is not ours."""
    words = DATE.sub(HIDDEN, QUOTED.sub(f"'{HIDDEN}'", words))
    sizes = {m.span() for m in SIZES.finditer(words)}
    return WORD.sub(lambda m: m.group() if m.span() in sizes or _kept(m.group()) else HIDDEN, words)
