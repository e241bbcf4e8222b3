"""A bank of virtual patients: each simulated under every arm, so that what a treatment does to a person is known.

    bank.curves["t50"]  [people, arms, days]

Arms are those of the study, then the same with the rescue regimen added, if there is one. Days are whole weeks from
randomisation, so that people on dialysis are read at the same place of their week. A chunk of people is a pure function of
the study's bank part and the chunk's number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.errors import InputError, NumericalError

if TYPE_CHECKING:
    from fetuin.simulation.person import Person
    from fetuin.trials.study import Study

Array = np.ndarray
WEEK = 7.0  # days
CHUNK = 64  # people
RTOL = 1e-4
MOST_CAC = 20_000.0  # mm3, above any score seen
MOST_LOST = 0.2  # share of people whose equations may fail before the bank is refused


@dataclass(frozen=True)
class Bank:
    """Curves {reading: [people, arms, days]} at `days`; `lost` people could not be simulated."""

    days: Array
    curves: Mapping[str, Array]
    lost: int = 0

    @property
    def people(self) -> int:
        """How many."""
        return len(next(iter(self.curves.values())))

    def at(self, reading: str, who: Array, arm: Array, days: Array) -> Array:
        """Values [T, n, V] of people `who` [T, n] under arms `arm` [T, n] on `days` [V], by linear interpolation."""
        low = np.clip(np.searchsorted(self.days, days, side="right") - 1, 0, len(self.days) - 2)
        part = np.clip((days - self.days[low]) / WEEK, 0.0, 1.0)
        rows = self.curves[reading][who, arm]
        return rows[..., low] * (1 - part) + rows[..., low + 1] * part

    def lagged(self, reading: str, who: Array, arm: Array, lag: Array) -> Array:
        """The same at days of each person's own [T, n, V]."""
        rows = self.curves[reading][who, arm % self.curves[reading].shape[1]]
        low = np.clip((lag / WEEK).astype(int), 0, len(self.days) - 2)
        part = np.clip(lag / WEEK - low, 0.0, 1.0)
        a, b = (np.take_along_axis(rows, k, axis=2) for k in (low, low + 1))
        return a * (1 - part) + b * part


def part(study: Study) -> dict[str, Any]:
    """All that the bank of a study depends on, JSON-ready."""
    arms: list[dict[str, Any]] = [{"regimen": dict(a.regimen), "dialysate": dict(a.dialysate)} for a in study.arms]
    if study.conditions.rescues and study.conditions.rescue_regimen:
        arms += [{**a, "regimen": {**a["regimen"], **study.conditions.rescue_regimen}} for a in arms]
    p = study.patients
    readings = sorted({"phosphate", "t50", "cac"})
    return {
        "population": p.population,
        "size": p.size,
        "seed": p.seed,
        "days": study.plan.follow_up,
        "arms": arms,
        "readings": readings,
        "cac": [p.cac_median, p.cac_log_sd],
    }


def name(what: Mapping[str, Any]) -> str:
    """A short name of a bank: the same for the same people, arms and days."""
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12]


def chunks(what: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The chunks of people."""
    whole, rest = divmod(what["size"], CHUNK)
    sizes = [CHUNK] * whole + ([rest] if rest else [])
    return [{"chunk": k, "people": n} for k, n in enumerate(sizes)]


def work(parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    """Simulate one chunk of people under every arm and write their curves."""
    from fetuin.simulation.population import draw
    from fetuin.simulation.scenario import Scenario
    from fetuin.simulation.simulate import simulate_many
    from fetuin.trials.readings import read

    seed = int(np.random.SeedSequence(parameters["seed"], spawn_key=(chunk["chunk"],)).generate_state(1)[0])
    people = _calcified(draw(parameters["population"], chunk["people"], seed), tuple(parameters["cac"]), seed)
    days = _days(parameters["days"])
    found: dict[str, list[Array]] = {r: [] for r in parameters["readings"]}
    alive = np.ones(len(people), bool)
    labels = {p.name: k for k, p in enumerate(people)}
    for arm in parameters["arms"]:
        t = simulate_many(
            [_under(p, arm) for p in people],
            Scenario(regimen=arm["regimen"]),
            float(days[-1]),
            times=days,
            rtol=RTOL,
            failures="collect",
        )
        at = [labels[x] for x in t.labels]
        alive &= np.isin(np.arange(len(people)), at)
        for r in found:
            curve = np.full((len(people), len(days)), np.nan)
            curve[at] = read(r, t, seed, at)
            found[r].append(curve)
    _save(path, days, int((~alive).sum()), {r: np.stack(c, axis=1)[alive] for r, c in found.items()})


def _save(path: Path, days: Array, lost: int, curves: Mapping[str, Array]) -> None:
    arrays: dict[str, Any] = {"lost": np.array(lost), "days": days, **curves}
    with path.open("wb") as stream:
        np.savez(stream, **arrays)


def keep(bank: Bank, path: Path) -> Path:
    """Write a bank whole."""
    part = path.with_suffix(".part")
    _save(part, bank.days, bank.lost, bank.curves)
    return part.replace(path)


def _days(last: float) -> Array:
    return np.arange(0.0, max(last, WEEK) + WEEK - 1e-9, WEEK)


def _calcified(people: list[Person], volume: tuple[float, ...], seed: int) -> list[Person]:
    """The people with coronary calcium found at day 0, of lognormal volume; median 0 leaves what formed before."""
    median, log_sd = volume
    if median == 0:
        return people
    from fetuin.physiology.scan import calcium_of

    scores = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,))).standard_normal(len(people))
    volumes = np.minimum(median * np.exp(log_sd * scores), MOST_CAC)
    return [
        replace(p, deposits={**p.deposits, "coronary": calcium_of(float(v), "mm3") or 0.0})
        for p, v in zip(people, volumes)
    ]


def _under(person: Person, arm: Mapping[str, Any]) -> Person:
    """The person with the arm's dialysate."""
    if not arm["dialysate"]:
        return person
    if person.dialysis is None:
        raise InputError("a dialysate is given to people who are not on haemodialysis.", where="arms.dialysate",
                         why=person.name, fix="patients.population = 'haemodialysis'")  # fmt: skip
    return replace(person, dialysis=replace(person.dialysis, **arm["dialysate"]))


def join(files: list[Path]) -> Bank:
    """The bank of all chunks."""
    parts = [np.load(f) for f in files]
    lost = sum(int(p["lost"]) for p in parts)
    readings = [k for k in parts[0].files if k not in ("lost", "days")]
    bank = Bank(parts[0]["days"], {r: np.concatenate([p[r] for p in parts]) for r in readings}, lost)
    if lost > MOST_LOST * (lost + bank.people) or bank.people < 2:
        raise NumericalError(f"{lost} of {lost + bank.people} virtual patients could not be simulated.", where="bank",
                             why="their equations have no solution under some arm", fix="another population, seed or dose")  # fmt: skip
    return bank
