"""Code, knowledge and models have a version each; the same number means the same content.

*Knowledge* is what experts and the literature say: likelihoods, reference intervals, code lists, populations, sources. *Models*
are equations and their numbers: chemistry, physiology, therapies. Each version stands in `versions.toml` beside a fingerprint of
its content, so that a result names what it rests on, and an installation that somebody changed says so (`fetuin selftest`).
After a change `make versions` (which runs this file) raises the last place and records the new fingerprint.
"""

from __future__ import annotations

import hashlib
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fetuin.notice import __version__

HERE = Path(__file__).parent
RECORD = HERE / "versions.toml"
FOLDERS = {"knowledge": ("knowledge",), "models": ("chemistry", "physiology", "therapies")}
DATA = {".toml", ".jsonl", ".bib", ".csv"}
_SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING)
_STARTS = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


@cache
def versions() -> dict[str, str]:
    """The version of each part: `code`, `knowledge`, `models`."""
    return {"code": __version__, **{name: part["version"] for name, part in _recorded().items()}}


def keys() -> dict[str, str]:
    """The three versions under the names that every JSON object gives them."""
    v = versions()
    return {"fetuin_version": v["code"], "knowledge_version": v["knowledge"], "models_version": v["models"]}


def sentence() -> str:
    """The three versions as a report's foot says them."""
    v = versions()
    return f"fetuin {v['code']}, knowledge {v['knowledge']}, models {v['models']}"


def changed() -> list[str]:
    """Parts whose content is not what was recorded with their version."""
    return [name for name, part in _recorded().items() if fingerprint(name) != part["content"]]


def fingerprint(part: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of a part's data files and of its code without comments and docstrings."""
    digest = hashlib.sha256()
    for folder in FOLDERS[part]:
        for file in sorted((HERE / folder).rglob("*"), key=lambda p: p.relative_to(HERE).as_posix()):
            if "__pycache__" not in file.parts and (file.suffix == ".py" or file.suffix in DATA):
                text = file.read_text("utf-8").replace("\r\n", "\n")
                said = "".join(_code(text)) if file.suffix == ".py" else text
                digest.update(f"{file.relative_to(HERE).as_posix()}\0{said}\0".encode())
    return digest.hexdigest()[:16]


def _code(text: str) -> Iterator[str]:
    """What of a module a computer acts on, the same for every Python: spaces go, for they differ within f-strings."""
    starts = True  # a string where a statement starts is a docstring
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _SILENT:
            continue
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            yield "\1" if token.type == tokenize.INDENT else "\2"
        elif not (starts and token.type == tokenize.STRING):
            yield re.sub(r"\s+", "", token.string)
        starts = token.type in _STARTS


def _recorded() -> dict[str, dict[str, str]]:
    return tomllib.loads(RECORD.read_text("utf-8"))


def record() -> list[str]:
    """Raise the last place of each changed part's version and write its fingerprint; returns what was raised."""
    said, text = [], RECORD.read_text("utf-8")
    for name in changed():
        old = _recorded()[name]
        first, _, last = old["version"].rpartition(".")
        new = f"{first}.{int(last) + 1}"
        before = f'[{name}]\nversion = "{old["version"]}"\ncontent = "{old["content"]}"'
        text = text.replace(before, f'[{name}]\nversion = "{new}"\ncontent = "{fingerprint(name)}"')
        said.append(f"{name} {old['version']} -> {new}")
    RECORD.write_text(text, encoding="utf-8")
    return said


if __name__ == "__main__":
    print("\n".join(record()) or "nothing changed")
