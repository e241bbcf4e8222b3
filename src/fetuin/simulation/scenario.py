"""A scenario: what is done from day 0, in canonical units. Acts, a course of kidney function, disorders that begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fetuin.errors import InputError
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription


@dataclass(frozen=True)
class Scenario:
    """What happens from day 0.

    gfr        points (day, mL/min); filtration goes exponentially from one to the next, then stays
    regimen    {therapy: dose} from day 0: a number in its unit, a text ("70 mg weekly") or a Dose
    replaces   therapies of the person that the acts replace; those of `regimen` always are
    dialysis   a prescription that replaces that of the person; None keeps theirs
    """

    name: str = "rest"
    acts: tuple[Act, ...] = ()
    gfr: tuple[tuple[float, float], ...] = ()
    regimen: Mapping[str, Any] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
    disorders: Mapping[str, float] = field(default_factory=dict)
    dialysis: Prescription | None = None

    def __post_init__(self) -> None:
        last = 0.0
        for day, value in self.gfr:
            if value <= 0:
                raise InputError(
                    f"GFR {value:g} mL/min is not possible.", where=self.name, why="filtration is positive"
                )
            if day <= last and day != 0.0:
                raise InputError("the days of a course of kidney function must rise.", where=self.name)
            last = day
