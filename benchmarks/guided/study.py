"""Study files (TOML) and study tables (as the service takes them): scenarios of the grid, the size that was asked.

The first byte says which: a table is written as JSON, so that its cells can be moved about and still be a table.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from random import Random
from typing import Any

from fuzz_studies import _of_table, _of_text
from guided.contract import Target


def seeds() -> list[bytes]:
    """The shipped studies and one with events, each as file and as table."""
    from fuzz_studies import seeds as studies

    texts = list(studies().values())
    return [b"\0" + t.encode() for t in texts] + [b"\1" + json.dumps(tomllib.loads(t)).encode() for t in texts]


def read(data: bytes, folder: Path) -> object:
    """The study, its scenarios, its numbers."""
    from fetuin.records.formats.front_door import load
    from fetuin.trials.design_summary import summary
    from fetuin.trials.scenarios import scenarios
    from fetuin.trials.study import read_study

    source: Any = folder / "study.toml"
    if data[:1] == b"\1":
        source = plain(load(data[1:], "study"))
        if not isinstance(source, dict):
            return None
    else:
        source.write_bytes(data[1:])
    study = read_study(source)
    return scenarios(study), summary(study)


def plain(x: Any) -> Any:
    """JSON with floats, as a TOML table has them."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, list):
        return [plain(v) for v in x]
    return x if x is None or isinstance(x, str | int) else float(x)


def spoil(data: bytes, draw: Random) -> bytes:
    """Places of a table changed, dropped, doubled or renamed; a text cut, doubled, flipped."""
    if data[:1] == b"\1":
        return b"\1" + json.dumps(_of_table(json.loads(data[1:]), draw), default=str).encode()
    return b"\0" + _of_text(data[1:].decode("utf-8", "replace"), draw)


WORDS = ("[estimand]", "[estimand.intercurrent]", "[endpoint]", "[visits]", "[[arms]]", "[patients]", "[design]", "[design.interim]",
         "[design.planned]", "[missing]", "[grid]", "kind", "days", "generator", "randomised", "follow_up", "alpha", "power", "sided", "effect",
         "looks", "boundary", "nan", "inf", "-1", "1e308", "true", "[]", "{}", "1979-05-27")  # fmt: skip
TARGET = Target(seeds, read, ("tomllib", "json"), WORDS, spoil)
