"""The job table against a model of it: any sequence of what servers and workers may do, and any two of them at once.

`Model` is the table as a person would describe it, without a database: jobs in the order in which they came, each with its
state, fence and finished chunks. `Twins` do the same to it and to a real database and compare all of it after every step. A
race runs two steps at once on two connections; what is seen must be what one order of the two would give. `StoreMachine` lets
hypothesis choose the steps (and shorten what fails); the campaign draws them from a seed.
"""

from __future__ import annotations

import copy
import itertools
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fetuin.errors import FetuinError
from fetuin.runs import store
from fetuin.runs.database import Database, open_database

TENANTS = ("north", "south")
LIMITS = {"MOST_WAITING": 3, "MOST_ATTEMPTS": 3}  # small, so that sequences meet them
HOLDS, OUT = 3600.0, -1.0  # s: a lease that holds, one that has run out already
TOTAL = 4  # chunks of a job
STEPS = 30
OPEN = ("queued", "running")
Told = tuple[Any, ...]
WRITES = ("renew", "checkpoint", "finish", "fail")
TURNS = ("cancel", "resume", "delete", "lapse")


@dataclass
class ModelJob:
    """A job as it must be."""

    tenant: str
    key: str | None
    seed: int
    state: str = "queued"
    fence: int = 0
    attempts: int = 0
    out: bool = False  # its lease has run out
    chunks: dict[int, int] = field(default_factory=dict)
    result: int | None = None
    error: bool = False


@dataclass
class Model:
    """All jobs by their number, in the order in which they came. Every step gives what its caller is told."""

    jobs: dict[int, ModelJob] = field(default_factory=dict)
    came: int = 0

    def submit(self, tenant: str, key: str | None, seed: int) -> Told:
        for n, j in self.jobs.items():
            if key is not None and (j.tenant, j.key) == (tenant, key):
                return ("job", n) if j.seed == seed else ("UsageError",)
        if sum(j.tenant == tenant and j.state in OPEN for j in self.jobs.values()) >= LIMITS["MOST_WAITING"]:
            return ("LimitError",)
        self.came += 1
        self.jobs[self.came] = ModelJob(tenant, key, seed)
        return ("job", self.came)

    def claim(self, out: bool, passed_over: int | None = None) -> Told:
        """`passed_over`: a job that somebody is changing at this moment."""
        free = (n for n, j in self.jobs.items() if j.state == "queued" or (j.state == "running" and j.out))
        n = next((n for n in free if n != passed_over), None)
        if n is None:
            return ("none",)
        job = self.jobs[n]
        if job.attempts >= LIMITS["MOST_ATTEMPTS"]:
            job.state, job.error = "failed", True
            return ("none",)
        job.state, job.out, job.fence, job.attempts = "running", out, job.fence + 1, job.attempts + 1
        return ("job", n, job.fence)

    def _held(self, n: int, fence: int) -> ModelJob | None:
        job = self.jobs.get(n)
        return job if job and job.fence == fence and job.state == "running" else None

    def renew(self, n: int, fence: int, out: bool) -> Told:
        if (job := self._held(n, fence)) is None:
            return ("LeaseLost",)
        job.out = out
        return ("ok",)

    def checkpoint(self, n: int, fence: int, number: int, out: bool) -> Told:
        if (job := self._held(n, fence)) is None:
            return ("LeaseLost",)
        if number in job.chunks:
            return ("IntegrityError",)
        job.chunks[number], job.attempts, job.out = number * 7, 0, out
        return ("ok",)

    def finish(self, n: int, fence: int) -> Told:
        if (job := self._held(n, fence)) is None:
            return ("LeaseLost",)
        job.state, job.result = "done", n
        return ("ok",)

    def fail(self, n: int, fence: int) -> Told:
        if (job := self._held(n, fence)) is None:
            return ("LeaseLost",)
        job.state, job.error = "failed", True
        return ("ok",)

    def cancel(self, tenant: str, n: int) -> Told:
        job = self.jobs.get(n)
        if job is None or job.tenant != tenant:
            return ("InputError",)
        if job.state in OPEN:
            job.state, job.fence = "cancelled", job.fence + 1
        return ("ok",)

    def resume(self, tenant: str, n: int) -> Told:
        job = self.jobs.get(n)
        if job is None or job.tenant != tenant:
            return ("InputError",)
        if job.state in ("cancelled", "failed"):
            job.state, job.error, job.attempts, job.fence = "queued", False, 0, job.fence + 1
        return ("ok",)

    def delete(self, tenant: str, n: int) -> Told:
        job = self.jobs.get(n)
        if job is None or job.tenant != tenant:
            return ("InputError",)
        if job.state in OPEN:
            return ("UsageError",)
        del self.jobs[n]
        return ("ok",)

    def lapse(self, n: int) -> Told:
        if n in self.jobs:
            self.jobs[n].out = True
        return ("ok",)

    def seen(self) -> dict[int, Told]:
        """All that the tables must hold, without the moments."""
        return {
            n: (
                j.tenant,
                j.key,
                j.seed,
                j.state,
                j.fence,
                j.attempts,
                len(j.chunks),
                dict(j.chunks),
                j.result,
                j.error,
                j.out,
            )
            for n, j in self.jobs.items()
        }


@dataclass
class Choice:
    """What is chosen of a step before it is known what it will meet; `Twins.made` turns it into one."""

    step: str
    tenant: str
    which: int
    number: int
    flag: bool
    key: str | None = None
    then: Choice | None = None  # at once with it


class Twins:
    """The model and a database that begins with empty tables. `steps` and `races` are counted."""

    def __init__(self, db: Database) -> None:
        self.db, self.model = db, Model()
        self.ids: dict[int, str] = {}  # the database's names of the model's jobs
        self.held: list[store.Job] = []  # what workers were given, long ago or now
        self.steps = self.races = 0
        with db.write() as c:
            c.execute(store.CHUNKS.delete())
            c.execute(store.JOBS.delete())
        self.step("submit", TENANTS[0], "k0", 0)

    def do(self, chosen: Choice) -> None:
        """A step, two at once, or a look; then all of both is compared."""
        if chosen.step == "look":
            self.look(chosen.tenant)
        elif (first := self.made(chosen)) is None:
            return
        elif (second := self.made(chosen.then)) and "submit" not in (first[0], second[0]):
            self.race(first, second)
        else:
            self.step(*first)
        assert self.stored() == self.model.seen()

    def made(self, c: Choice | None) -> Told | None:
        """The step of a choice: on one of the jobs, or a write of any worker that was ever given a job, in time or too late."""
        if c is None or c.step == "look":
            return None
        if c.step == "submit":
            return ("submit", c.tenant, c.key, c.number % 2)
        if c.step == "claim":
            return ("claim", c.flag)
        if c.step in TURNS:
            if not self.model.jobs:
                return None
            n = sorted(self.model.jobs)[c.which % len(self.model.jobs)]
            return ("lapse", n) if c.step == "lapse" else (c.step, c.tenant, n)
        if not self.held:
            return None
        job = self.held[-1 - c.which % min(6, len(self.held))]
        more = {"renew": (c.flag,), "checkpoint": (c.number, c.flag)}.get(c.step, ())
        return (c.step, self.number(job.id), job.fence, *more)

    def look(self, tenant: str) -> None:
        """A tenant sees its own jobs alone, the newest first."""
        own = [n for n, j in self.model.jobs.items() if j.tenant == tenant]
        assert [self.number(j.id) for j in store.listed(self.db, tenant)] == own[::-1]

    # --- one step on the database, told as the model tells it ---

    def told(self, step: str, *given: Any) -> Told:
        """What the caller of a step is told by the database."""
        try:
            return self._do(step, *given)
        except (FetuinError, IntegrityError) as error:
            return (type(error).__name__,)

    def _do(self, step: str, *given: Any) -> Told:
        db = self.db
        if step == "submit":
            tenant, key, seed = given
            return ("job", store.submit(db, tenant, "me", "sum", {"seed": seed}, TOTAL, key).id)
        if step == "claim":
            job = store.claim(db, "worker", OUT if given[0] else HOLDS)
            if job is None:
                return ("none",)
            self.held.append(job)
            return ("job", job.id, job.fence)
        if step in ("cancel", "resume", "delete"):
            {"cancel": store.cancel, "resume": store.resume, "delete": store.delete}[step](
                db, given[0], self.ids[given[1]]
            )
        elif step == "lapse":
            with db.write() as c:  # time passes
                c.execute(store.JOBS.update().where(store.JOBS.c.id == self.ids[given[0]]).values(lease_until=0.0))
        else:
            self._write(step, *given)
        return ("ok",)

    def _write(self, step: str, n: int, fence: int, *more: Any) -> None:
        job = next(j for j in self.held if (j.id, j.fence) == (self.ids[n], fence))
        if step == "renew":
            store.renew(self.db, job, OUT if more[0] else HOLDS)
        elif step == "checkpoint":
            store.checkpoint(self.db, job, more[0], more[0] * 7, OUT if more[1] else HOLDS)
        elif step == "finish":
            store.finish(self.db, job, n)
        else:
            store.fail(self.db, job, {"what": "no"})

    def number(self, identity: str) -> int:
        """The model's number of a job of the database."""
        return next(n for n, i in self.ids.items() if i == identity)

    def plain(self, told: Told) -> Told:
        """With the model's number in place of the database's name."""
        return ("job", self.number(told[1]), *told[2:]) if told[0] == "job" else told

    def step(self, name: str, *given: Any) -> None:
        """One step on both."""
        expected, told = getattr(self.model, name)(*given), self.told(name, *given)
        if name == "submit" and told[0] == "job" and told[1] not in self.ids.values():
            self.ids[self.model.came] = told[1]
        assert self.plain(told) == expected, (name, given)
        self.steps += 1

    def race(self, first: Told, second: Told) -> None:
        """Two steps at once: one order of the two explains all that is seen."""
        results: list[Told] = [(), ()]
        gate = threading.Barrier(2)

        def run(k: int, step: Told) -> None:
            gate.wait()
            results[k] = self.told(*step)

        threads = [threading.Thread(target=run, args=(k, s)) for k, s in enumerate((first, second))]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        got = tuple(self.plain(r) for r in results)
        self.held.sort(key=lambda j: (self.number(j.id), j.fence))  # whoever of the two was first
        stored = self.stored()
        for model, told in self.explanations((first, second)):
            if told == got and model.seen() == stored:
                self.model, self.races = model, self.races + 1
                return
        raise AssertionError(f"no order of {first} and {second} gives {got} and {stored}")

    def explanations(self, steps: tuple[Told, Told]) -> Iterator[tuple[Model, tuple[Told, ...]]]:
        """Each order of two steps, and what it leaves and tells.

        PostgreSQL passes over a row that another is changing: a claim may take the next job, or none, and come again.
        """
        passes = (False, True) if self.db.postgres else (False,)
        for order, over in itertools.product(((0, 1), (1, 0)), itertools.product(passes, passes)):
            model, told = copy.deepcopy(self.model), [(), ()]
            for k in order:
                name, *given = steps[k]
                if name == "claim" and over[k]:
                    other, said = steps[1 - k], told[1 - k]
                    n = said[1] if said and said[0] == "job" else other[2] if other[0] in TURNS[:3] else other[1]
                    given.append(n)
                told[k] = getattr(model, name)(*given)
            yield model, tuple(told)

    def stored(self) -> dict[int, Told]:
        """All that the tables hold, as the model has it."""
        with self.db.read() as c:
            jobs, chunks = c.execute(select(store.JOBS)).all(), c.execute(select(store.CHUNKS)).all()
        parts: dict[str, dict[int, int]] = {}
        now = time.time()
        for r in chunks:
            parts.setdefault(r.job, {})[r.number] = json.loads(r.result)
        assert set(parts) <= {r.id for r in jobs}
        return {
            self.number(r.id): (
                r.tenant, r.key, json.loads(r.parameters)["seed"], r.state, r.fence, r.attempts, r.done, parts.get(r.id, {}),
                json.loads(r.result) if r.result else None, r.error is not None,
                r.lease_until is not None and r.lease_until < now,
            )
            for r in jobs
        }  # fmt: skip


CHOICE = st.builds(
    Choice, st.sampled_from(["submit", "claim", "claim", *WRITES, "checkpoint", *TURNS, "look"]), st.sampled_from(TENANTS), st.integers(0, 11),
    st.integers(0, TOTAL - 1), st.booleans(), st.sampled_from([None, "k0", "k1"]),
)  # fmt: skip


def drawn(draw: Random) -> Choice:
    """A choice from a seed; one in five has another at once with it."""
    step = draw.choice(("submit", "claim", "claim", "claim", *WRITES, "checkpoint", "checkpoint", *TURNS, "look"))
    then = drawn(draw) if draw.random() < 0.2 else None
    return Choice(step, draw.choice(TENANTS), draw.randrange(12), draw.randrange(TOTAL), draw.random() < 0.5,
                  draw.choice((None, "k0", "k1")), then)  # fmt: skip


class StoreMachine(RuleBasedStateMachine):
    """Steps that hypothesis chooses. `url` is set by who runs it; `runs`, `steps` and `races` are counted.

    What is chosen never depends on what a race left: `Twins.made` turns it into a step.
    """

    url = ""
    runs = steps = races = 0
    db: Database | None = None  # one for all sequences

    def __init__(self) -> None:
        super().__init__()
        if self.db is None:
            type(self).db = open_database(self.url, store.TABLES)
        self.twins = Twins(self.db)
        type(self).runs += 1

    def teardown(self) -> None:
        type(self).steps += self.twins.steps
        type(self).races += self.twins.races

    @rule(chosen=CHOICE)
    def one(self, chosen: Choice) -> None:
        self.twins.do(chosen)

    @rule(chosen=CHOICE, then=CHOICE)
    def two_at_once(self, chosen: Choice, then: Choice) -> None:
        self.twins.do(replace(chosen, then=then))

    @rule()
    def restart(self) -> None:
        self.db.close()
        type(self).db = self.twins.db = open_database(self.url, store.TABLES)
