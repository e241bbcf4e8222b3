"""The scenarios of a study's grid: every combination of the listed values, each a Study of its own, read and checked."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from fetuin.errors import InputError
from fetuin.trials.study import Study, read_study


@dataclass(frozen=True)
class Scenario:
    """One scenario: what differs from the file, and the study that it makes."""

    name: str
    changes: Mapping[str, Any]
    study: Study


def scenarios(study: Study) -> tuple[Scenario, ...]:
    """All of them; the study itself where there is no grid."""
    if not study.grid:
        return (Scenario("as planned", {}, study),)
    plain = {k: v for k, v in study.table.items() if k != "grid"}
    found = []
    for values in product(*study.grid.values()):
        changes = dict(zip(study.grid, values))
        table = copy.deepcopy(plain)
        for name, value in changes.items():
            _put(table, name.split("."), value, name)
        words = ", ".join(f"{k} = {v}" for k, v in changes.items())
        try:
            found.append(Scenario(words, changes, read_study(table)))
        except InputError as error:
            raise InputError(
                f"the scenario {words[:120]} cannot be: {error.what}",
                where=f"grid, {error.where}",
                why=error.why,
                fix=error.fix,
            ) from error
    return tuple(found)


def _put(table: Any, path: list[str], value: Any, name: str) -> None:
    """Set a dotted word; `arms.1.mean` names the second arm."""
    at = table
    for k, part in enumerate(path):
        last = k == len(path) - 1
        if isinstance(at, list) and part.isdigit() and int(part) < len(at):
            key: Any = int(part)
        elif isinstance(at, dict):
            key = part
            if not last:
                at.setdefault(part, {})
        else:
            raise InputError(
                f"the grid's {name[:60]!r} leads nowhere.",
                where="grid",
                why=f"{part!r} is no table here",
                fix="a dotted word of this file",
            )
        if last:
            at[key] = value
        else:
            at = at[key]
