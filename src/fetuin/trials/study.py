"""`study.toml`: the one configuration file of a trial, read into frozen nouns and refused where it cannot be.

    study = read_study("study.toml")

Canonical units only: T50 in min, phosphate in mmol/L, CAC volume in mm3, days from randomisation; a file may repeat the
unit, and another one is refused. The reference of every word is docs/reference/study-file.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fetuin.errors import FormatError, InputError, LimitError
from fetuin.trials.arms import Arm, read_arms
from fetuin.trials.conditions import Conditions, read_conditions
from fetuin.trials.endpoints import Endpoint, read_endpoint
from fetuin.trials.estimand import EVENTS, Estimand, read_estimand
from fetuin.trials.patients import Patients, read_patients
from fetuin.trials.plan import Plan, read_plan
from fetuin.trials.words import Words

SCHEMA = "fetuin.study/1"
LARGEST = 262_144  # bytes
WORDS = ("schema", "title", "source", "estimand", "endpoint", "visits", "arms", "patients", "design", "accrual", "adherence",
         "rescue", "discontinuation", "death", "dropout", "events", "cost", "grid")  # fmt: skip


@dataclass(frozen=True)
class Study:
    """A trial: what is asked (estimand), measured (endpoint, visits), given (arms), in whom, by which plan.

    `text` is the file as read: it goes into every result. `grid` is {dotted word: values} of the scenarios.
    """

    title: str
    source: str
    estimand: Estimand
    endpoint: Endpoint
    visits: tuple[float, ...]
    arms: tuple[Arm, ...]
    patients: Patients
    plan: Plan
    conditions: Conditions
    table: Mapping[str, Any] = field(repr=False, default_factory=dict)
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The group that others are compared with: that of the arm called reference, or the first."""
        return next((a.group for a in self.arms if a.reference), self.arms[0].group)

    @property
    def compared(self) -> str:
        """The group compared with the reference."""
        return self.plan.compare or next(a.group for a in self.arms if a.group != self.reference)

    def column(self, day: float) -> int:
        """The index of a visit."""
        return self.visits.index(day)


def read_study(source: str | Path | Mapping[str, Any]) -> Study:
    """A Study from a path, a shipped example's name, or a table. Raises InputError with the place and the remedy."""
    from fetuin.trials.impossible import refuse

    table = source if isinstance(source, Mapping) else read_table(source)
    words = Words.of(table, "", WORDS)
    words.choice("schema", [SCHEMA], SCHEMA)
    estimand = read_estimand(words.sub("estimand", ("population", "treatment", "variable", "summary", "intercurrent")))
    plan = read_plan(words)
    visits = _visits(words, plan.follow_up)
    study = Study(
        words.text("title"), words.text("source", "not said"), estimand,
        read_endpoint(words, visits, plan.follow_up, estimand), visits, read_arms(table.get("arms"), visits),
        read_patients(words, visits), plan, read_conditions(words), table, _grid(words),
    )  # fmt: skip
    refuse(study)
    return study


def read_table(source: str | Path) -> dict[str, Any]:
    """The table of a TOML file, or of a shipped example by its name."""
    from fetuin.examples.studies import shipped

    path = Path(source)
    example = shipped().get(str(source))
    try:
        if not path.is_file() and example is not None:
            return tomllib.loads(example)
        if not path.is_file():
            raise InputError(f"there is no study {str(source)[:120]!r}.", where="study", why="neither a file nor a shipped example",
                             fix=f"a path, or one of: {', '.join(shipped())}")  # fmt: skip
        if path.stat().st_size > LARGEST:
            raise LimitError(
                f"{path.name} is larger than {LARGEST} bytes.",
                where=str(path),
                why="a study file is short",
                fix="a smaller file",
            )
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(
            f"{path.name} is no TOML.", where=str(path), why=str(error)[:200], fix="see docs/reference/study-file.md"
        ) from error


def _visits(words: Words, follow_up: float) -> tuple[float, ...]:
    part = words.sub("visits", ("days", "unit"))
    part.choice("unit", ["d"], "d")
    days = part.numbers("days", -365.0, 3650.0)
    if list(days) != sorted(set(days)):
        raise InputError(
            "the visits do not rise.", where=part.at("days"), why=f"{list(days)}", fix="each day once, in order"
        )
    outside = [d for d in days if d > follow_up]
    if outside:
        raise InputError(f"the visit on day {outside[0]:g} lies outside the study.", where=part.at("days"),
                         why=f"patients are followed for {follow_up:g} days", fix="raise design.follow_up or drop the visit")  # fmt: skip
    return days


def _grid(words: Words) -> dict[str, tuple[Any, ...]]:
    """{dotted word: values}; every combination is a scenario."""
    table = words.table.get("grid", {})
    if not isinstance(table, Mapping):
        raise InputError(
            "grid is a table of lists.",
            where="grid",
            why=f"found {str(table)[:60]}",
            fix='"design.randomised" = [40, 60]',
        )
    found: dict[str, tuple[Any, ...]] = {}
    size = 1
    for name, values in table.items():
        if not isinstance(values, list) or not values or name.partition(".")[0] not in WORDS or name == "grid":
            raise InputError(f"the grid's {str(name)[:60]!r} is not possible.", where="grid", why="a dotted word of this file with a list of values is needed",
                             fix='"design.randomised" = [40, 60]')  # fmt: skip
        found[name], size = tuple(values), size * len(values)
    if size > 400:
        raise LimitError(
            f"the grid has {size} scenarios.", where="grid", why="at most 400 in one run", fix="fewer values"
        )
    return found


KNOWN_EVENTS = tuple(EVENTS)
