"""A probability as the TOML files write it: value or counts, spread and source. No bare number passes.

`{ low = 0.1, normal = 0.9, weight = 8, source = "elicited" }` is a Dirichlet with mean (0.1, 0.9) and 8 cases behind it;
`{ present = 0.7, weight = 8, source = ... }` leaves the rest to `absent`; `{ k = 84, n = 631, source = "Q004" }` is a count,
read as Beta(k + 0.5, n - k + 0.5); `{ value = 0.4, weight = 8, source = ... }` is one number with its spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fetuin.errors import FetuinError
from fetuin.knowledge.cited import elicited, sources

MOST_ELICITED = 10.0  # an elicited number never weighs more than ten cases
FLOOR = 1e-4  # nothing that is written down is impossible


class KnowledgeError(FetuinError):
    """A file of knowledge that ships is wrong: the build stops. It is not the user's file."""

    exit_code, code = 70, "FET-K002"


@dataclass(frozen=True)
class Chance:
    """P(state) for each state of a finding, with its effective number of cases and its sources."""

    states: tuple[str, ...]
    p: tuple[float, ...]
    weight: float
    source: tuple[str, ...]

    @property
    def elicited(self) -> bool:
        """True where no text was read that gives it."""
        return elicited(self.source)


def _weight(d: Mapping[str, Any], source: tuple[str, ...], where: str) -> float:
    weight = float(d["weight"]) if "weight" in d else float(d["n"]) + 1.0 if "n" in d else 0.0
    if weight <= 0:
        raise KnowledgeError("A number has no spread.", where=where, fix="add weight = the cases behind it, or k and n")
    if elicited(source) and weight > MOST_ELICITED and "n" not in d:
        raise KnowledgeError(
            f"An elicited number weighs {weight:g} cases.", where=where, fix=f"at most {MOST_ELICITED:g}"
        )
    return weight


def _shares(d: Mapping[str, Any], states: Sequence[str], where: str) -> list[float]:
    if "n" in d:
        if tuple(states) != ("present", "absent"):
            raise KnowledgeError("Counts are for findings with two states.", where=where, fix="give each state")
        p = (float(d["k"]) + 0.5) / (float(d["n"]) + 1.0)
        return [p, 1.0 - p]
    given = {s: float(d[s]) for s in states if s in d}
    extra = set(d) - set(states) - {"weight", "source", "note"}
    if extra or not given or any(not 0.0 <= v <= 1.0 for v in given.values()) or sum(given.values()) > 1.001:
        fix = f"states are {', '.join(states)}; they add up to 1"
        raise KnowledgeError(
            "A likelihood does not fit its finding.", where=where, why=", ".join(sorted(extra)), fix=fix
        )
    rest = max(0.0, 1.0 - sum(given.values())) / max(1, len(states) - len(given))
    return [given.get(s, rest) for s in states]


def read_chance(d: Mapping[str, Any], states: Sequence[str], where: str) -> Chance:
    """The distribution over `states` that a TOML table writes; KnowledgeError without source or spread."""
    if "source" not in d:
        raise KnowledgeError("A number has no source.", where=where, fix="write source = 'elicited' or a quantity id")
    source = sources(d["source"], where)
    shares = [max(FLOOR, x) for x in _shares(d, states, where)]
    total = sum(shares)
    return Chance(tuple(states), tuple(x / total for x in shares), _weight(d, source, where), source)


@dataclass(frozen=True)
class Number:
    """One number with its spread (the effective number of cases) and its sources."""

    value: float
    weight: float
    source: tuple[str, ...]


def read_number(d: Mapping[str, Any], where: str) -> Number:
    """`{ value, weight, source }`; KnowledgeError where one of them is missing."""
    if not isinstance(d, Mapping) or "value" not in d or "source" not in d:
        raise KnowledgeError("A number lacks value or source.", where=where, fix="write { value, weight, source }")
    source = sources(d["source"], where)
    return Number(float(d["value"]), float(d.get("weight", 0.0)) or MOST_ELICITED, source)
