"""The mineral economy behind the sliders: the course of one person, remembered, and a band of people like them."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from fetuin.reports.envelope import envelope
from fetuin.service.body import Body, described, json_body
from fetuin.service.hurry import within
from fetuin.service.principal import Needs, Principal
from fetuin.service.records import Given, one

ROUTER = APIRouter(prefix="/api", tags=["simulate"])
T = TypeVar("T")
MOST_DAYS = 40_000.0
KEPT = 256  # answers remembered in a process; assumption
BAND = (5.0, 95.0)  # percentiles


class Memory:
    """The answers last given, by what was asked."""

    def __init__(self, most: int = KEPT) -> None:
        self.most, self.found, self.lock = most, OrderedDict[Hashable, Any](), threading.Lock()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for the key, or made now."""
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
                return self.found[key]  # type: ignore[no-any-return]
        made = make()
        with self.lock:
            self.found[key] = made
            while len(self.found) > self.most:
                self.found.popitem(last=False)
        return made


STARTS, COURSES = Memory(), Memory()


class Simulate(Body):
    """Words of a person and a scenario as in docs/reference/outcome-vocabulary.md, or a record in place of a person."""

    person: dict[str, Any] = Field(
        default_factory=dict, description="gfr, diet, dialysis, disorders, regimen, values, ..."
    )
    record: Given | None = Field(None, description="a record whose values set the person")
    scenario: dict[str, Any] = Field(
        default_factory=dict, description="diet, gfr, clamp, infusion, regimen, dialysis, disorders"
    )
    days: float = Field(365.0, gt=0, le=MOST_DAYS)
    curves: list[str] = Field(default_factory=list, max_length=500, description="names of curves; all where empty")
    points: int = Field(400, ge=2, le=5000, description="at most so many times")


class Band(Simulate):
    """People like this person, drawn from a virtual population."""

    population: str = Field("healthy_adult", max_length=60)
    n: int = Field(24, ge=4, le=200)
    seed: int = Field(1, ge=0, le=2**31)


def asked(body: Simulate) -> tuple[Any, Any, float]:
    """(Person, Scenario, days) of a body."""
    from fetuin.simulation.from_record import person_of
    from fetuin.validation.vocabulary import person, scenario

    who = person_of(one(body.record)) if body.record is not None else person(body.person)
    table = {k: v for k, v in body.scenario.items() if k not in ("days", "duration")}
    plan, days = scenario(table | {"days": body.days}, who)
    return who, plan, days


def course(body: Simulate) -> dict[str, Any]:
    """The body of the answer."""
    from fetuin.simulation.simulate import day_zero, simulate_many

    who, plan, days = asked(body)
    started = STARTS.of(repr(who), lambda: day_zero([who], rtol=1e-6)[0][0])
    found = simulate_many([replace(started, name=who.name)], plan, days)
    return shown(found, body, lambda c: c[0])


def shown(found: Any, body: Simulate, take: Callable[[Any], Any]) -> dict[str, Any]:
    """Some curves of a trajectory at some times; `take` makes one line of the people's."""
    import numpy as np

    names = body.curves or sorted(found.curves)
    keep = np.unique(np.linspace(0, len(found.times) - 1, min(body.points, len(found.times))).round().astype(int))
    lines = {n: take(np.atleast_2d(found[n]))[..., keep] for n in names}
    return {
        "days": float(found.times[-1]), "n": len(found.labels), "times": found.times[keep], "curves": lines,
        "units": {n: found.units.get(n, "1") for n in names}, "final": {n: c[..., -1] for n, c in lines.items()},
        "failures": list(found.failures),
    }  # fmt: skip


@ROUTER.post("/simulate", openapi_extra=described(Simulate))
async def simulated(
    request: Request, response: Response, _: Annotated[Principal, Depends(Needs("viewer", cost=2.0))],
    body: Annotated[Simulate, Depends(json_body(Simulate))],
) -> Response:  # fmt: skip
    """The course of one person. Schema fetuin.simulate/1. The same question again is answered from memory.

    503 with a `job` to ask for where it takes longer than `simulate_seconds`.
    """
    begun = time.perf_counter()
    key = body.model_dump_json()
    remembered = key in COURSES.found
    seconds = request.app.state.service.settings.limits.simulate_seconds
    text = await within(
        seconds, COURSES.of, key, lambda: json.dumps(envelope("simulate/1", course(body)), allow_nan=False)
    )
    spent = 1000 * (time.perf_counter() - begun)
    return Response(text, media_type="application/json",
                    headers={"X-Fetuin-Memory": "hit" if remembered else "miss", "X-Fetuin-Model-Ms": f"{spent:.1f}"})  # fmt: skip


@ROUTER.post("/simulate/band", openapi_extra=described(Band))
async def band(
    request: Request,
    _: Annotated[Principal, Depends(Needs("viewer", cost=20.0))],
    body: Annotated[Band, Depends(json_body(Band))],
) -> dict[str, Any]:
    """5th, 50th and 95th percentile of every curve over `n` people like this one. Schema fetuin.simulate-band/1."""

    def made() -> dict[str, Any]:
        import numpy as np

        from fetuin.simulation.population import draw
        from fetuin.simulation.simulate import simulate_many

        who, plan, days = asked(body)
        people = STARTS.of(
            (repr(who), body.population, body.n, body.seed), lambda: draw(body.population, body.n, body.seed, who)
        )
        found = simulate_many(people, plan, days, rtol=1e-4, failures="collect")
        told = shown(found, body, lambda c: np.percentile(c, (BAND[0], 50.0, BAND[1]), axis=0))
        parts = {k: dict(zip(("p05", "median", "p95"), v)) for k, v in told.pop("curves").items()}
        told.pop("final")
        return told | {"curves": parts, "seed": body.seed, "population": body.population}

    seconds = request.app.state.service.settings.limits.simulate_seconds
    return envelope("simulate-band/1", await within(seconds, made))


@ROUTER.get("/simulate/curves")
async def curves(_: Annotated[Principal, Depends(Needs("viewer"))]) -> dict[str, Any]:
    """Every curve of the model with its unit."""

    def names() -> dict[str, str]:
        from fetuin.simulation.simulate import simulate

        found = STARTS.of("curves", lambda: simulate(days=0.1))
        return {n: found.units.get(n, "1") for n in sorted(found.curves)}

    return envelope("curves/1", {"curves": await run_in_threadpool(names)})
