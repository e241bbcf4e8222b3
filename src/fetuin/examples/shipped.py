"""The shipped examples: `catalogue.toml` names them, one FHIR bundle each lies beside it.

Facts only, in our words, from published cases; each with its citation. None describes an identifiable person.
"""

from __future__ import annotations

import tomllib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from fetuin.errors import UsageError


@dataclass(frozen=True)
class Example:
    """One example: its name, title, what it teaches, the setting it is seen in, and where it was published.

    `mechanism` is the published diagnosis, for people; the bundle itself does not hold it. `case` is its id in the case file.
    """

    name: str
    case: str
    title: str
    teaches: str
    mechanism: str
    source: str
    url: str = ""
    setting: str = "general"

    def path(self) -> AbstractContextManager[Path]:
        """The bundle as a file: `with example.path() as file: ...`."""
        return as_file(files("fetuin.examples").joinpath(f"{self.name}.json"))


@cache
def examples() -> tuple[Example, ...]:
    """Every shipped example, in the order of the catalogue."""
    text = files("fetuin.examples").joinpath("catalogue.toml").read_text("utf-8")
    return tuple(Example(name=name, **entry) for name, entry in tomllib.loads(text).items())


def example(name: str) -> Example:
    """The example of that name; UsageError lists the known ones."""
    known = {e.name: e for e in examples()}
    if name not in known:
        raise UsageError("There is no example of that name.", where=name[:60], fix=f"one of: {', '.join(known)}")
    return known[name]
