"""Published outcomes replayed: TOML -> persons and scenarios -> trajectories -> measured against the expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fetuin.errors import FetuinError, InputError
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation.person import Person
from fetuin.simulation.simulate import output_grid, simulate_many
from fetuin.validation.amounts import days
from fetuin.validation.curves import series
from fetuin.validation.identities import reading
from fetuin.validation.outcome import Outcome
from fetuin.validation.readout import across, amount, compared, form_of, times_of
from fetuin.validation.shapes import number, table
from fetuin.validation.synonyms import DIRECTIONS, known_as
from fetuin.validation.vocabulary import person, scenario

FINEST = 1.0 / 1440.0


@dataclass(frozen=True)
class Reading:
    """One read-out: what was expected, what the body did."""

    name: str
    expected: str
    simulated: float | None
    passed: bool
    unit: str
    low: float | None = None
    high: float | None = None
    spread: tuple[float, float] | None = None
    why: str = ""


@dataclass(frozen=True)
class Replay:
    """An outcome, its readings, and the trajectories behind them."""

    outcome: Outcome
    readings: tuple[Reading, ...]
    arms: Mapping[str, Trajectory] = field(default_factory=dict)
    reason: str = ""

    @property
    def passed(self) -> bool:
        """True where it could be run and every reading passes."""
        return not self.reason and bool(self.readings) and all(r.passed for r in self.readings)

    def to_dict(self) -> dict[str, Any]:
        """`name, expected, tolerance, simulated, pass, source` and the readings."""
        one = self.readings[0] if len(self.readings) == 1 else None
        first = self.outcome.readouts[0]
        return {
            "name": self.outcome.name, "title": self.outcome.title, "number": self.outcome.number,
            "expected": first.get("expected") if one else {r.name: r.expected for r in self.readings},
            "tolerance": first.get("tolerance") if one else None,
            "simulated": one.simulated if one else {r.name: r.simulated for r in self.readings},
            "pass": self.passed, "source": self.outcome.source, "evidence": self.outcome.evidence,
            "reason": self.reason or "; ".join(f"{r.name}: {r.why}" for r in self.readings if not r.passed),
            "readouts": [
                {"name": r.name, "expected": r.expected, "simulated": r.simulated, "unit": r.unit, "pass": r.passed,
                 "low": r.low, "high": r.high, "spread": r.spread} for r in self.readings
            ],
            "peer": dict(self.outcome.peer),
        }  # fmt: skip


def replay(outcome: Outcome) -> Replay:
    """Run one outcome. What cannot run yet, or is impossible, is reported as not passed with its reason."""
    if outcome.not_yet:
        return Replay(outcome, (), {}, f"not yet possible: {outcome.not_yet}")
    try:
        simulated = any("identity" not in r for r in outcome.readouts)
        arms = {name: _arm(outcome, name, a) for name, a in outcome.arms.items()} if simulated else {}
        readings = tuple(_reading(outcome, arms, k, r) for k, r in enumerate(outcome.readouts))
    except FetuinError as error:
        return Replay(outcome, (), {}, f"{error.what} {error.where} {error.why} {error.fix}".strip())
    return Replay(outcome, readings, arms)


def subjects(entry: Mapping[str, Any], where: str) -> list[Person]:
    """One person, or the virtual persons of a population."""
    if "population" in entry and (
        number(entry.get("n", 1), f"{where}, n") > 1 or entry["population"] not in ("healthy", "healthy_adult")
    ):
        from fetuin.simulation.population import draw

        own = {k: v for k, v in entry.items() if k not in ("population", "n", "seed")}
        return draw(
            str(entry["population"]),
            int(number(entry.get("n", 1), f"{where}, n")),
            int(number(entry.get("seed", 1), f"{where}, seed")),
            person(own, where) if own else None,
        )
    return [person({k: v for k, v in entry.items() if k != "population"}, where)]


def _arm(outcome: Outcome, name: str, arm: Mapping[str, Any]) -> Trajectory:
    where = f"{outcome.where}, arm {name}"
    own = {**outcome.subject, **table(arm.get("subject"), f"{where}, subject")}
    people = subjects(own, where)
    plan, span = scenario({k: v for k, v in arm.items() if k != "subject"}, people[0], where)
    wanted = [
        t
        for r in outcome.readouts
        if "identity" not in r and (r.get("arm", name) == name or "against" in r)
        for t in times_of(r, span, where)
    ]
    grid = np.unique(np.round(np.concatenate([output_grid(span), wanted, [0.0, span]]), 9))
    grid = np.unique(np.clip(grid[(grid >= 0) & (grid <= span + 1e-9)], 0.0, span))
    return simulate_many(people, plan, span, times=grid, failures="raise" if len(people) == 1 else "collect")


def _reading(outcome: Outcome, arms: Mapping[str, Trajectory], k: int, readout: Mapping[str, Any]) -> Reading:
    where = f"{outcome.where}, readout {k + 1}"
    name = str(readout.get("name", readout.get("analyte", readout.get("identity", "order"))))
    if "order" in readout:
        return _order(arms, readout, name, where)
    readout = with_units(readout, where)
    if "identity" in readout:
        value, unit = reading(readout, where)
        found = np.array([value])
    else:
        found, unit = compared(arms, readout, where)
    low, high = _limits(readout, where)
    said = _said(readout, low, high)
    if not np.all(np.isfinite(found)):
        return Reading(name, said, None, False, unit, low, high, why="never reached within the scenario")
    simulated = across(readout, found, where)
    fits = (low is None or simulated >= low) and (high is None or simulated <= high)
    direction = known_as(readout.get("direction", ""), DIRECTIONS)
    right = {"": True, "rises": simulated > 0, "falls": simulated < 0}.get(direction)
    if right is None:
        raise InputError(f"direction '{direction}' is not known.", where=where, fix="rises or falls")
    if direction and form_of(readout, where) in ("absolute", "ratio"):
        raise InputError("a direction is of a change.", where=where, fix='as = "change" or as = "percent"')
    spread = (float(np.percentile(found, 5)), float(np.percentile(found, 95))) if len(found) > 1 else None
    why = "" if fits and right else f"{simulated:.4g} {unit} is not {said}"
    return Reading(name, said, simulated, fits and right, unit, low, high, spread, why)


def with_units(readout: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The readout with plain numbers: `expected = "26 %"` gives its unit, `tolerance = "10 %"` is a share of it."""
    found, units = dict(readout), set()
    for word in ("expected", "low", "high"):
        if word in readout:
            found[word], unit = amount(readout[word], f"{where}.{word}")
            units |= {unit} - {""}
    if len(units) > 1:
        raise InputError(f"the readout has several units: {', '.join(sorted(units))}.", where=where)
    own = next(iter(units), str(readout.get("unit", "")))
    if "unit" in readout and own != str(readout["unit"]):
        raise InputError(f"the unit is '{readout['unit']}' and the number is in '{own}'.", where=where)
    if own:
        found["unit"] = own
    if "tolerance" in readout:
        width, unit = amount(readout["tolerance"], f"{where}.tolerance")
        if unit == "%" and own != "%" and "expected" in found:
            width *= abs(found["expected"]) / 100.0
        elif unit not in ("", own):
            raise InputError(f"the tolerance is in '{unit}' and the number in '{own}'.", where=where)
        found["tolerance"] = width
    return found


def _limits(readout: Mapping[str, Any], where: str) -> tuple[float | None, float | None]:
    if "expected" in readout and "tolerance" in readout:
        middle, width = float(readout["expected"]), abs(float(readout["tolerance"]))
        return middle - width, middle + width
    if not {"low", "high", "direction"} & set(readout):
        raise InputError("a readout needs expected and tolerance, or low or high, or a direction.", where=where)
    return tuple(float(readout[w]) if w in readout else None for w in ("low", "high"))  # type: ignore[return-value]


def _said(readout: Mapping[str, Any], low: float | None, high: float | None) -> str:
    if "expected" in readout:
        return f"{readout['expected']:g} +- {readout.get('tolerance', 0):g}"
    bounds = " and ".join(f"{w} {v:g}" for w, v in (("at least", low), ("at most", high)) if v is not None)
    return " ".join(x for x in (readout.get("direction", ""), bounds) if x)


def _order(arms: Mapping[str, Trajectory], readout: Mapping[str, Any], name: str, where: str) -> Reading:
    """Analytes that pass a change in the published order: `order = [{ analyte, percent }, ...]`; equals may share a rank."""
    t = arms[str(readout.get("arm", next(iter(arms))))]
    passed: list[tuple[str, float, int]] = []
    for k, step in enumerate(readout["order"]):
        rows, _ = series(t, str(step["analyte"]), where)
        change, level = 100.0 * (np.median(rows, axis=0) / np.median(rows[:, 0]) - 1.0), float(step["percent"])
        over = change >= level if level > 0 else change <= level
        day = float(t.times[int(np.argmax(over))]) if over.any() else float("inf")
        passed.append((str(step["analyte"]), day, int(step.get("rank", k))))
    right = all(a[1] <= b[1] for a in passed for b in passed if a[2] < b[2]) and passed[0][1] < float("inf")
    said = " then ".join(a for a, _, _ in passed)
    found = ", ".join(f"{a} day {d:.0f}" if d < float("inf") else f"{a} never" for a, d, _ in passed)
    return Reading(name, said, 1.0 if right else 0.0, right, "order", why="" if right else found)


__all__ = ["Reading", "Replay", "days", "replay", "subjects"]
