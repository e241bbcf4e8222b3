"""Every number there is, with unit, source and spread: parameters in Python, and the knowledge in TOML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from fetuin.catalog import documents
from fetuin.errors import FetuinError
from fetuin.knowledge.cited import cited
from fetuin.knowledge.disorder import disorders
from fetuin.knowledge.finding import findings
from fetuin.knowledge.setting import settings

_ROOMS = (
    "records",
    "diagnosis",
    "validation",
    "physiology",
    "therapies",
    "chemistry",
    "simulation",
    "assays",
    "imaging",
    "trials",
)
_FOLDERS = ("analytes", "populations")  # knowledge whose numbers carry `value` or limits beside `source`


@dataclass(frozen=True)
class Line:
    """One number: where it stands, what it is, value, unit, source and spread in words."""

    where: str
    name: str
    value: float
    unit: str
    source: str
    spread: str = ""

    def fits(self, source: str, where: str) -> bool:
        """True where the source begins with `source` and the place holds `where`."""
        return self.source.lower().startswith(source.lower()) and where.lower() in f"{self.where}/{self.name}".lower()

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def _modules() -> Iterator[ModuleType]:
    for room in _ROOMS:
        package = import_module(f"fetuin.{room}")
        yield package
        for m in walk_packages(package.__path__, f"{package.__name__}."):
            if "kernels" in m.name:
                continue
            try:
                yield import_module(m.name)
            except (ImportError, FetuinError):  # an optional library is missing: its room has no numbers to show here
                continue


def parameters() -> Iterator[Line]:
    """Every `quantity` of every dataclass of parameters in the package."""
    for module in _modules():
        for thing in vars(module).values():
            if isinstance(thing, type) and is_dataclass(thing) and thing.__module__ == module.__name__:
                for f in fields(thing):
                    if "source" in f.metadata and isinstance(f.default, (int, float)):
                        m, place = f.metadata, f"{module.__name__.removeprefix('fetuin.')}.{thing.__name__}"
                        spread = f"{m['spread'][0]} to {m['spread'][1]}" if m.get("spread") else ""
                        yield Line(place, f.name, float(f.default), m["unit"], m["source"], spread)


def likelihoods() -> Iterator[Line]:
    """Backgrounds, costs, priors and likelihoods of the reasoning; the spread is the effective number of cases."""
    for f in findings().values():
        for state, p in zip(f.states, f.background.p, strict=True):
            yield Line(
                f"findings/{f.id}",
                f"background, {state}",
                p,
                "1",
                ", ".join(f.background.source),
                f"n {f.background.weight:g}",
            )
        yield Line(f"findings/{f.id}", "cost", f.cost, "1", f.cost_source)
        yield Line(f"findings/{f.id}", "harm", f.harm, "1", f.harm_source)
    for d in disorders().values():
        for v in d.variants:
            yield Line(
                f"disorders/{d.id}",
                f"share of {v.id}",
                v.share.value,
                "1",
                ", ".join(v.share.source),
                f"n {v.share.weight:g}",
            )
            for key, c in v.likelihoods.items():
                for state, p in zip(c.states, c.p, strict=True):
                    yield Line(
                        f"disorders/{d.id}", f"{v.id}: {key}, {state}", p, "1", ", ".join(c.source), f"n {c.weight:g}"
                    )
        for other, n in d.together.items():
            yield Line(
                f"disorders/{d.id}", f"together with {other}", n.value, "1", ", ".join(n.source), f"n {n.weight:g}"
            )
    for s in settings().values():
        three = {"none": s.none, "coincidence": s.coincidence, "outside": s.outside}
        for key, n in {**three, **s.prior}.items():
            yield Line(f"settings/{s.id}", key, n.value, "1", ", ".join(n.source), f"n {n.weight:g}")


def _walk(d: Any, where: str, name: str = "") -> Iterator[Line]:
    """Numbers of a TOML tree that stand beside a source."""
    if isinstance(d, list):
        for x in d:
            yield from _walk(x, where, name)
    if not isinstance(d, dict):
        return
    if "source" in d:
        spread = (
            f"{d['low']} to {d['high']}" if "value" in d and {"low", "high"} <= set(d) else str(d.get("spread", ""))
        )
        for key, x in d.items():
            if (
                isinstance(x, (int, float))
                and not isinstance(x, bool)
                and not ("value" in d and key in ("low", "high"))
            ):
                label = name if key == "value" else f"{name} {key}".strip()
                yield Line(where, label, float(x), str(d.get("unit", "")), str(d["source"]), spread)
    for key, x in d.items():
        yield from _walk(x, where, f"{name} {key}".strip())


def knowledge() -> Iterator[Line]:
    """Analytes and populations, and the sourced quantities that are single numbers."""
    for folder in _FOLDERS:
        for key, d in documents("fetuin.knowledge", folder).items():
            for line in _walk(d, f"{folder}/{key}"):
                yield Line(
                    line.where,
                    line.name,
                    line.value,
                    line.unit or str(d.get("canonical", "")),
                    line.source,
                    line.spread,
                )
    for q in cited().values():
        if isinstance(q.value, (int, float)):
            yield Line("quantities", q.quantity, float(q.value), "1", f"{q.id}, {q.source}")


def numbers() -> list[Line]:
    """Every number, by place and name."""
    every = [*parameters(), *likelihoods(), *knowledge()]
    return sorted(every, key=lambda n: (n.where, n.name))


__all__ = ["Line", "numbers"]
