"""Typed words of a study file: a number in its range, a choice, a list; anything else is refused by name and place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fetuin.errors import InputError


@dataclass(frozen=True)
class Words:
    """One table of a study file and where it stands. Every getter raises InputError with the place and the remedy."""

    table: Mapping[str, Any]
    where: str

    @classmethod
    def of(cls, table: Any, where: str, known: Iterable[str]) -> Words:
        """The table, if it is one and holds only known words."""
        names = sorted(known)
        if not isinstance(table, Mapping):
            raise InputError("a table is needed here.", where=where, why=f"found {_shown(table)}", fix=f"[{where}]")
        unknown = sorted(str(k) for k in set(table) - set(names))
        if unknown:
            raise InputError(f"unknown word {unknown[0][:60]!r}.", where=where or "study", why="a study file holds known words only",
                             fix=f"one of: {', '.join(names)}")  # fmt: skip
        return cls(table, where)

    def __contains__(self, name: str) -> bool:
        return name in self.table

    def at(self, name: str) -> str:
        """The place of a word."""
        return f"{self.where}.{name}" if self.where else name

    def sub(self, name: str, known: Iterable[str]) -> Words:
        """A table in this table; an empty one where it is not there."""
        return Words.of(self.table.get(name, {}), self.at(name), known)

    def _needed(self, name: str, what: str) -> Any:
        if name not in self.table:
            raise InputError(f"{name} is missing.", where=self.where or "study", why=f"{what} is needed",
                             fix=f"{name} = ... in [{self.where}]" if self.where else f"{name} = ...")  # fmt: skip
        return self.table[name]

    def number(self, name: str, low: float, high: float, default: float | None = None, *, above: bool = False) -> float:
        """A finite number within [low, high] (above: greater than low)."""
        if name not in self.table and default is not None:
            return default
        return self.checked(self._needed(name, "a number"), self.at(name), low, high, above=above)

    def maybe(self, name: str, low: float, high: float, *, above: bool = False) -> float | None:
        """The same, or None where it is not there."""
        return self.number(name, low, high, above=above) if name in self.table else None

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number."""
        if name not in self.table and default is not None:
            return default
        value = self.number(name, low, high)
        if value != int(value):
            raise InputError(f"{name} = {value:g} is not whole.", where=self.at(name), why="it counts something",
                             fix=f"a whole number from {low} to {high}")  # fmt: skip
        return int(value)

    @staticmethod
    def checked(value: Any, where: str, low: float, high: float, *, above: bool = False) -> float:
        """A value as a number in its range."""
        real = isinstance(value, int | float) and not isinstance(value, bool)
        span = f"a number from {low:g} to {high:g}" + (f", above {low:g}" if above else "")
        if not real or not math.isfinite(value):
            raise InputError(f"{_shown(value)} is no number.", where=where, why="a finite number is needed", fix=span)
        if not low <= value <= high or (above and value == low):
            raise InputError(
                f"{_shown(value)} is not possible.", where=where, why=f"outside {low:g} to {high:g}", fix=span
            )
        return float(value)

    def numbers(
        self, name: str, low: float, high: float, default: tuple[float, ...] | None = None, *, most: int = 60
    ) -> tuple[float, ...]:
        """A list of numbers; one number stands for a list of one."""
        if name not in self.table and default is not None:
            return default
        value = self._needed(name, "a list of numbers")
        if not isinstance(value, list):
            value = [value]
        if not 1 <= len(value) <= most:
            raise InputError(f"{name} holds {len(value)} numbers.", where=self.at(name), why=f"1 to {most} are possible",
                             fix="shorten or fill the list")  # fmt: skip
        return tuple(self.checked(v, f"{self.at(name)}[{i}]", low, high) for i, v in enumerate(value))

    def text(self, name: str, default: str | None = None, most: int = 500) -> str:
        """Words for people."""
        if name not in self.table and default is not None:
            return default
        value = self._needed(name, "a text")
        if not isinstance(value, str) or not value.strip() or len(value) > most:
            raise InputError(f"{name} must say something.", where=self.at(name), why=f"found {_shown(value)}",
                             fix=f"a text of 1 to {most} characters")  # fmt: skip
        return value.strip()

    def choice(self, name: str, known: Iterable[str], default: str | None = None) -> str:
        """One of the known words."""
        value = self.text(name, default)
        names = list(known)
        if value not in names:
            raise InputError(f"{name} = {value[:60]!r} is not known.", where=self.at(name),
                             why="the study would mean something that nobody computes", fix=f"one of: {', '.join(names)}")  # fmt: skip
        return value

    def yes(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.table.get(name, default)
        if not isinstance(value, bool):
            raise InputError(
                f"{name} is true or false.", where=self.at(name), why=f"found {_shown(value)}", fix=f"{name} = true"
            )
        return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
