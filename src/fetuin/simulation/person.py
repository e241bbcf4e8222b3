"""A person to simulate: parameters, disorders, kidney function, diet and dialysis before day 0. Canonical units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fetuin.errors import InputError
from fetuin.knowledge.lesion import lesion
from fetuin.physiology import baseline
from fetuin.physiology.parameters import with_changes
from fetuin.physiology.targets import FLUXES, NEUTRAL, Targets, from_mapping, joined
from fetuin.therapies.dialysis_prescription import Prescription

GFR_RANGE = (0.5, 250.0)  # mL/min


@dataclass(frozen=True)
class Person:
    """One person.

    parameters    {`group.name`: value} that differ from the typical adult (`healthy.calcium`, `gut.transit`, ...)
    disorders     {lesion: severity}, 1 the full lesion
    gfr           mL/min at day 0, reached over `decline_years`; None for healthy
    dialysis      prescription in force before day 0 and after, unless the scenario says otherwise
    diet          mmol/d eaten before day 0 and after, unless the scenario says otherwise
    regimen       {therapy: dose} taken before day 0 and after, unless the scenario gives the same therapy
    deposits      {site: mmol calcium} found at day 0 (a scan, say), mature; "coronary" is shared by intima and media.
                  Where none is given it is what formed before day 0
    before        days these conditions (disorders, diet, dialysis) have held at day 0
    start         the states at day 0 where they were computed already; never set-points
    """

    name: str = "healthy adult"
    parameters: Mapping[str, float] = field(default_factory=dict)
    disorders: Mapping[str, float] = field(default_factory=dict)
    targets: Targets = NEUTRAL
    gfr: float | None = None
    decline_years: float = 6.0
    dialysis: Prescription | None = None
    peritoneal: bool = False
    diet: Mapping[str, float] = field(default_factory=dict)
    regimen: Mapping[str, Any] = field(default_factory=dict)
    deposits: Mapping[str, float] = field(default_factory=dict)
    before: float | None = None
    start: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        low, high = GFR_RANGE
        if self.gfr is not None and not low <= self.gfr <= high:
            why = "filtration cannot be negative" if self.gfr < 0 else f"possible: {low:g} to {high:g} mL/min"
            raise InputError(f"GFR {self.gfr:g} mL/min is not possible.", where=self.name, why=why)
        if not 0 < self.decline_years <= 60:
            raise InputError(f"a decline over {self.decline_years:g} years is not possible.", where=self.name)
        if self.before is not None and not 0 <= self.before <= 36525:
            raise InputError(f"{self.before:g} days before day 0 is not possible.", where=self.name)

    def solved(self) -> dict[str, float]:
        """Every parameter of the body, with the baselines solved."""
        return baseline.solve(with_changes(self.parameters, self.name))

    def lesions(self) -> Targets:
        """What the disorders and the own targets move, joined."""
        found = [from_mapping(lesion(k).at(s, FLUXES), k) for k, s in self.disorders.items()]
        return joined([self.targets, *found])

    def deposited(self) -> list[tuple[str, float]]:
        """[(state, mmol)] of the deposits that were found at day 0."""
        from fetuin.physiology.deposit import found_at

        return found_at(self.deposits, self.name)

    def history(self) -> float:
        """Days of run-in at constant conditions, after any decline of kidney function."""
        if self.before is not None:
            return self.before
        changed = self.dialysis is not None or self.peritoneal
        return 180.0 if changed else 365.0 if self.disorders else 60.0 if self.diet or self.regimen else 0.0
