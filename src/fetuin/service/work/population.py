"""Thousands of virtual persons through a scenario: candidate k of a seed is one person however the work is cut."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from pydantic import Field

from fetuin.runs.worker import Work
from fetuin.service.body import Body
from fetuin.service.kinds import Kind

CHUNK = 64  # candidates a chunk; some seconds of work
KEPT = (
    "calcium",
    "calcium_ionised",
    "phosphate",
    "pth",
    "calcitriol",
    "fgf23",
    "egfr",
    "urine_calcium",
    "urine_phosphate",
)


class Parameters(Body):
    """Who, how many, what happens, how long."""

    population: str = Field("healthy_adult", max_length=60)
    n: int = Field(200, ge=1, le=100_000, description="candidates; the implausible among them are counted and left out")
    seed: int = Field(1, ge=0, le=2**31)
    scenario: dict[str, Any] = Field(default_factory=dict)
    days: float = Field(365.0, gt=0, le=40_000)


def count(p: Mapping[str, Any]) -> int:
    """Chunks; the words are read once, so that a wrong one is told at once."""
    from fetuin.knowledge.population import population

    population(p["population"])
    _plan(p)
    return -(-int(p["n"]) // CHUNK)


def _plan(p: Mapping[str, Any]) -> tuple[Any, float]:
    from fetuin.simulation.person import Person
    from fetuin.validation.vocabulary import scenario

    return scenario(
        {k: v for k, v in p["scenario"].items() if k not in ("days", "duration")} | {"days": p["days"]}, Person()
    )


def chunk(p: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The ends of one chunk's people: {curve: [value a person]}, how many were implausible, which could not be solved."""
    import numpy as np

    from fetuin.knowledge.population import population
    from fetuin.simulation.population import candidates, plausible
    from fetuin.simulation.simulate import day_zero, simulate_many

    spec, (plan, days) = population(p["population"]), _plan(p)
    first = number * CHUNK
    batch = list(islice(candidates(p["population"], p["seed"]), first, min(first + CHUNK, p["n"])))
    kept = [who for who, values in day_zero(batch) if plausible(spec, values)]
    if not kept:
        return {"ends": {k: [] for k in KEPT}, "rejected": len(batch), "failures": []}
    found = simulate_many(kept, plan, days, times=[0.0, days], rtol=1e-4, failures="collect")
    ends = {k: np.atleast_2d(found[k])[:, -1].tolist() for k in KEPT}
    return {"ends": ends, "rejected": len(batch) - len(kept), "failures": list(found.failures)}


def join(p: Mapping[str, Any], parts: list[Any]) -> dict[str, Any]:
    """Percentiles over all people at the last day."""
    import numpy as np

    from fetuin.errors import NotEnoughDataError

    ends = {k: [x for part in parts for x in part["ends"][k]] for k in KEPT}
    if not ends["calcium"]:
        raise NotEnoughDataError("no candidate is plausible.", fix="ask for more candidates")
    final = {k: dict(zip(("p05", "median", "p95"), map(float, np.percentile(v, (5, 50, 95))))) for k, v in ends.items()}
    return {
        "n": len(ends["calcium"]), "days": p["days"], "seed": p["seed"], "final": final, "people": ends,
        "rejected": sum(part["rejected"] for part in parts), "failures": [f for part in parts for f in part["failures"]],
    }  # fmt: skip


KIND = Kind("virtual persons of a population through a scenario", Parameters, Work(count, chunk, join))
