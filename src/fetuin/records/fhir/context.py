"""What is at hand while one person's resources are read: the resources by id, the source's name, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fetuin.records.fhir.elements import items, obj, reference
from fetuin.records.record import Refusal, Source


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource, where it stands, and the names by which others refer to it."""

    resource: dict[str, Any]
    place: str
    names: frozenset[str]


def placed(resource: dict[str, Any], place: str, full_url: object = "") -> Placed:
    """A resource with its id and full address as names."""
    own = resource.get("id")
    names = (own if isinstance(own, str) else "", reference(full_url) if full_url and isinstance(full_url, str) else "")
    return Placed(resource, place, frozenset([n for n in names if n]))


@dataclass(slots=True)
class Context:
    """One person's resources while they are read."""

    file: str
    index: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def source(self, place: str) -> Source:
        """The source of a datum at `place`."""
        return Source(self.file, "fhir", place)

    def refuse(self, what: str, why: str, fix: str, place: str) -> None:
        """Note what was not read. `what` names the element, never the content."""
        self.refusals.append(Refusal(what, why, fix, self.source(place)))

    def follow(self, x: object, inside: dict[str, Any]) -> dict[str, Any]:
        """The resource a reference points to, contained in `inside` or in the bundle; {} where it is not at hand."""
        name = reference(x)
        if not name:
            return {}
        for contained in items(inside.get("contained")):
            if contained.get("id") == name:
                return contained
        return obj(self.index.get(name))
