"""A number that does not travel without its unit and its source.

In a frozen dataclass of parameters::

    @dataclass(frozen=True)
    class Gut:
        phosphate_absorption: float = quantity(0.6, "1", "ICRP 89", "passive fraction absorbed", (0.5, 0.7))

The field is a plain float for the equation below it; `table(Gut)` prints what a reader wants to know of it.
A source that begins with "assumption" says that no text was read that gives the number.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Quantity:
    """What stands behind a number: value, UCUM unit, source, meaning, and a spread (low, high) or None."""

    name: str
    value: float
    unit: str
    source: str
    meaning: str = ""
    spread: tuple[float, float] | None = None

    @property
    def assumed(self) -> bool:
        """True where no text was read that gives the number."""
        return self.source.lower().startswith(("assumption", "elicited"))


def quantity(value: float, unit: str, source: str, meaning: str = "", spread: tuple[float, float] | None = None) -> Any:
    """A dataclass field that is a plain float and remembers its unit, source, meaning and spread."""
    if not unit or not source:
        raise ValueError("a number needs a unit ('1' for none) and a source (or 'assumption: why')")
    return field(default=value, metadata={"unit": unit, "source": source, "meaning": meaning, "spread": spread})


def _row(f: Field[Any]) -> Quantity:
    m = f.metadata
    return Quantity(f.name, f.default, m["unit"], m["source"], m["meaning"], m["spread"])  # type: ignore[arg-type]


def table(parameters: type) -> list[Quantity]:
    """Every `quantity` of a dataclass of parameters, in the order of the file."""
    return [_row(f) for f in fields(parameters) if "unit" in f.metadata]
