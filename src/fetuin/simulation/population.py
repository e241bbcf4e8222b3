"""Virtual persons: drawn with their correlations, kept where plausible. Each candidate has its own seed.

Candidate k of a seed is the same person whatever n is and however the work is cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from fetuin.errors import FetuinError, NotEnoughDataError
from fetuin.knowledge.population import Population, Varies, population
from fetuin.simulation.person import Person
from fetuin.therapies.dialysis_prescription import Prescription

MOST_TRIES = 20


def draw(name: str, n: int, seed: int, base: Person | None = None) -> list[Person]:
    """`n` plausible persons of a population, each with its state at day 0. `base` overrides what the population says."""
    from fetuin.simulation.simulate import day_zero

    people: list[Person] = []
    stream, spec = candidates(name, seed, base), population(name)
    for _ in range(MOST_TRIES):
        batch = [next(stream) for _ in range(max(4, math.ceil(1.2 * (n - len(people)))))]
        people += [p for p, seen in day_zero(batch) if plausible(spec, seen)]
        if len(people) >= n:
            return people[:n]
    raise NotEnoughDataError(f"population {name}: only {len(people)} of {n} candidates are plausible.",
                             why="the limits of [[plausible]] fit too few", fix="widen them, or mend [[varies]]")  # fmt: skip


def plausible(spec: Population, seen: dict[str, float]) -> bool:
    """Do the values at day 0 lie within the limits?"""
    return all(low <= seen[a] <= high for a, low, high, _ in spec.plausible)


def candidates(name: str, seed: int, base: Person | None = None, first: int = 0) -> Iterator[Person]:
    """Candidates `first`, `first` + 1, ... without end; those without a healthy steady state are left out."""
    spec, k = population(name), first
    factor = np.linalg.cholesky(correlation(spec))
    while True:
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,)))
        scores = factor @ generator.standard_normal(len(spec.varies))
        person = person_of(spec, dict(zip((v.name for v in spec.varies), map(float, scores), strict=True)), k, base)
        k += 1
        try:
            person.solved()
        except FetuinError:
            continue
        yield person


def correlation(spec: Population) -> np.ndarray:
    """The correlation matrix of the normal scores, moved to the nearest that is positive definite."""
    names = [v.name for v in spec.varies]
    r = np.eye(len(names))
    for a, b, rho, _ in spec.together:
        i, j = names.index(a), names.index(b)
        r[i, j] = r[j, i] = rho
    values, vectors = np.linalg.eigh(r)
    if values.min() < 1e-6:
        r = vectors @ np.diag(np.maximum(values, 1e-4)) @ vectors.T
        d = np.sqrt(np.diag(r))
        r = r / np.outer(d, d)
    return r


def quantile(v: Varies, score: float) -> float:
    """The value of a normal score, within the limits."""
    if v.distribution == "normal":
        value = v.a + v.b * score
    elif v.distribution == "lognormal":
        value = v.a * math.exp(math.sqrt(math.log1p(v.b * v.b)) * score)
    else:
        value = v.a + (v.b - v.a) * 0.5 * math.erfc(-score / math.sqrt(2.0))
    return min(max(value, v.low), v.high)


def person_of(spec: Population, scores: dict[str, float], k: int, base: Person | None) -> Person:
    """The person of a set of scores."""
    values = {v.name: quantile(v, scores[v.name]) for v in spec.varies}
    gfr = values.pop("gfr", None)
    machine: dict[str, Any] = {
        n.removeprefix("dialysis."): values.pop(n) for n in list(values) if n.startswith("dialysis.")
    }
    prescription = replace(Prescription(), **machine) if spec.subject.get("dialysis") else None
    own: dict[str, Any] = {}
    if base is not None:
        own = {n: getattr(base, n) for n in ("disorders", "targets", "diet", "regimen", "deposits") if getattr(base, n)}
        gfr = base.gfr if base.gfr is not None else gfr
        values |= dict(base.parameters)
        if base.dialysis is not None:
            prescription = replace(
                base.dialysis,
                **{n: x for n, x in machine.items() if getattr(base.dialysis, n) == getattr(Prescription(), n)},
            )
    before = base.before if base is not None and base.before is not None else spec.subject.get("before_days")
    return Person(
        name=f"{spec.id} {k}", parameters=values, gfr=gfr, dialysis=prescription,
        peritoneal=bool(spec.subject.get("peritoneal", False)), before=before, **own,
    )  # fmt: skip
