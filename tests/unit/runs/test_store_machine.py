"""A short run of the campaign on sequences of the job table (benchmarks/store_sequences.py), on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.unit.runs.store_machine import LIMITS, STEPS, StoreMachine

from fetuin.errors import FetuinError
from fetuin.runs import store

SHORT = settings(max_examples=20, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck),
                 phases=[Phase.generate])  # fmt: skip


@pytest.fixture
def machine(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[StoreMachine]]:
    for name, value in LIMITS.items():
        monkeypatch.setattr(store, name, value)
    made = type("Machine", (StoreMachine,), {"url": url, "runs": 0, "steps": 0, "races": 0, "db": None})
    yield made
    made.db.close()


def test_any_sequence_and_any_two_steps_at_once_are_as_the_model_says(machine: type[StoreMachine]) -> None:
    run_state_machine_as_test(machine, settings=SHORT)
    assert machine.runs >= 20
    assert machine.races > 0


def test_the_machine_sees_a_fence_that_is_not_asked(
    machine: type[StoreMachine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that lets any worker write is found out."""

    def anyone(db: object, c: object, job: store.Job, values: dict[str, object]) -> None:
        c.execute(store.JOBS.update().where(store.JOBS.c.id == job.id).values(values | {"changed": 0.0}))  # type: ignore[attr-defined]

    monkeypatch.setattr(store, "_held", anyone)
    with pytest.raises((AssertionError, FetuinError, ExceptionGroup)):
        run_state_machine_as_test(machine, settings=settings(SHORT, max_examples=300))
