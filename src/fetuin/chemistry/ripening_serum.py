"""What the prediction of T50 asks of a serum, the reference serum, and how much people differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from fetuin.errors import InputError
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Serum:
    """What the prediction asks of a serum. None: not measured; the reference is taken and the interval widens."""

    phosphate: float | None = None  # mmol/L
    calcium: float | None = None  # mmol/L, total
    magnesium: float | None = None  # mmol/L, total
    fetuin_a: float | None = None  # g/L
    albumin: float | None = None  # g/L
    bicarbonate: float | None = None  # mmol/L
    citrate: float | None = None  # mmol/L

    @classmethod
    def of(cls, values: Mapping[str, float | None]) -> Serum:
        """From a mapping; InputError names a key that is not known or a value that no serum has."""
        known = {f.name for f in fields(cls)}
        extra = sorted(set(values) - known)
        if extra:
            raise InputError(
                f"The prediction does not know {', '.join(extra)}.",
                where="serum",
                fix=f"use {', '.join(sorted(known))}",
            )
        return cls(**values)

    def __post_init__(self) -> None:
        for f in fields(self):
            value, (low, high) = getattr(self, f.name), PLAUSIBLE[f.name]
            if value is not None and not low <= value <= high:
                raise InputError(
                    f"{f.name} {value:g} is outside what a serum can hold.", where=f"serum, {f.name}",
                    why=f"expected {low:g} to {high:g} {UNIT[f.name]}", fix="check the value and its unit",
                )  # fmt: skip


UNIT = dict.fromkeys(("phosphate", "calcium", "magnesium", "bicarbonate", "citrate"), "mmol/L") | {
    "fetuin_a": "g/L",
    "albumin": "g/L",
}
PLAUSIBLE = {
    "phosphate": (0.05, 8.0), "calcium": (0.8, 6.0), "magnesium": (0.1, 5.0), "fetuin_a": (0.02, 3.0),
    "albumin": (5.0, 70.0), "bicarbonate": (3.0, 60.0), "citrate": (0.0, 3.0),
}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """A serum of the general population, and how much each value differs between its people (SD)."""

    phosphate: float = quantity(1.10, "mmol/L", "project speciation case 01_healthy_adult", "phosphate")
    calcium: float = quantity(2.35, "mmol/L", "project speciation case 01_healthy_adult", "total calcium")
    magnesium: float = quantity(0.85, "mmol/L", "project speciation case 01_healthy_adult", "total magnesium")
    fetuin_a: float = quantity(0.46, "g/L", "facts 1.6: 0.06 g/L is 13 %", "fetuin-A")
    albumin: float = quantity(43.0, "g/L", "project speciation case 01_healthy_adult", "albumin")
    bicarbonate: float = quantity(24.0, "mmol/L", "project speciation case 01_healthy_adult", "bicarbonate")
    citrate: float = quantity(0.12, "mmol/L", "project speciation case 01_healthy_adult", "citrate")


@dataclass(frozen=True)
class Between:
    """Spread between people of the general population (SD), used for what was not measured."""

    phosphate: float = quantity(0.16, "mmol/L", "assumption: a quarter of the reference interval", "phosphate")
    calcium: float = quantity(0.09, "mmol/L", "assumption: a quarter of the reference interval", "calcium")
    magnesium: float = quantity(0.07, "mmol/L", "assumption: a quarter of the reference interval", "magnesium")
    fetuin_a: float = quantity(0.13, "1", "assumption: of ln fetuin-A", "fetuin-A, logarithm")
    albumin: float = quantity(2.5, "g/L", "assumption: a quarter of the reference interval", "albumin")
    bicarbonate: float = quantity(2.5, "mmol/L", "assumption: a quarter of the reference interval", "bicarbonate")
    citrate: float = quantity(0.025, "mmol/L", "assumption: a quarter of the reference interval", "citrate")
