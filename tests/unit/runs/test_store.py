"""The job table: what is acknowledged stays, a lease that ran out is taken over, an old fence is refused, tenants are apart."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from fetuin.errors import InputError, LimitError, UsageError
from fetuin.runs import store
from fetuin.runs.database import Database, open_database
from fetuin.runs.worker import Work, run


def submitted(db: Database, tenant: str = "a", total: int = 3, key: str | None = None, **parameters: Any) -> store.Job:
    return store.submit(db, tenant, "me", "sum", {"seed": 1} | parameters, total, key)


def test_a_job_is_there_after_the_database_is_opened_again(url: str) -> None:
    db = open_database(url, store.TABLES)
    job = submitted(db)
    db.close()
    again = open_database(url, store.TABLES)
    assert store.find(again, "a", job.id).state == "queued"
    again.close()


def test_the_same_key_is_the_same_job_and_another_question_is_refused(db: Database) -> None:
    first = submitted(db, key="k")
    assert submitted(db, key="k").id == first.id
    assert submitted(db, tenant="b", key="k").id != first.id
    with pytest.raises(UsageError, match="another job"):
        submitted(db, key="k", seed=2)


def test_one_key_sent_by_many_at_once_makes_one_job(db: Database) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(submitted(db, key="once").id)) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_two_workers_never_hold_one_job(db: Database) -> None:
    for k in range(6):
        submitted(db, seed=k)
    held: list[str] = []

    def take() -> None:
        while (job := store.claim(db, threading.current_thread().name)) is not None:
            held.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(held) == len(set(held)) == 6


def test_a_lease_that_ran_out_is_taken_over_and_the_old_worker_writes_nothing(db: Database) -> None:
    submitted(db)
    slow = store.claim(db, "slow", lease=0.0)
    assert slow is not None
    store.checkpoint(db, slow, 0, "kept", lease=-1.0)
    quick = store.claim(db, "quick")
    assert quick is not None
    assert (quick.id, quick.fence) == (slow.id, slow.fence + 1)
    for write in (lambda: store.checkpoint(db, slow, 1, "late"), lambda: store.finish(db, slow, 1), lambda: store.renew(db, slow),
                  lambda: store.fail(db, slow, {})):  # fmt: skip
        with pytest.raises(store.LeaseLost):
            write()
    assert store.finished(db, quick) == {0: "kept"}


def test_a_lease_that_holds_is_not_taken_over(db: Database) -> None:
    submitted(db)
    assert store.claim(db, "one") is not None
    assert store.claim(db, "two") is None


def test_cancelled_keeps_its_chunks_and_goes_on_from_them(db: Database) -> None:
    job = submitted(db)
    held = store.claim(db, "w")
    assert held is not None
    store.checkpoint(db, held, 0, 0)
    assert store.cancel(db, "a", job.id).state == "cancelled"
    with pytest.raises(store.LeaseLost):
        store.checkpoint(db, held, 1, 1)
    assert store.claim(db, "w") is None
    assert store.resume(db, "a", job.id).state == "queued"
    again = store.claim(db, "w")
    assert again is not None
    assert store.finished(db, again) == {0: 0}


def test_a_chunk_that_always_kills_its_worker_ends_as_a_failure(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_ATTEMPTS", 3)
    job = submitted(db)
    for _ in range(3):
        assert store.claim(db, "w", lease=-1.0) is not None
    assert store.claim(db, "w") is None
    found = store.find(db, "a", job.id)
    assert (found.state, found.error and found.error["code"]) == ("failed", "FET-X071")


def test_another_tenant_sees_and_moves_nothing(db: Database) -> None:
    job = submitted(db)
    assert store.listed(db, "b") == []
    for touch in (store.find, store.cancel, store.resume, store.delete):
        with pytest.raises(InputError, match="no such job"):
            touch(db, "b", job.id)
    assert store.find(db, "a", job.id).state == "queued"


def test_only_what_has_ended_is_removed_with_its_chunks(db: Database) -> None:
    job = submitted(db)
    with pytest.raises(UsageError, match="not ended"):
        store.delete(db, "a", job.id)
    held = store.claim(db, "w")
    assert held is not None
    store.checkpoint(db, held, 0, 1)
    store.finish(db, held, 1)
    store.delete(db, "a", job.id)
    assert store.finished(db, held) == {}


def test_a_job_that_two_remove_at_once_is_removed_once(db: Database) -> None:
    """Found by the campaign on PostgreSQL: both were told that it was they."""
    for _ in range(8):
        job = submitted(db)
        store.cancel(db, "a", job.id)
        gate, told = threading.Barrier(2), []

        def take(job: store.Job = job, gate: threading.Barrier = gate, told: list[str] = told) -> None:
            gate.wait()
            try:
                store.delete(db, "a", job.id)
                told.append("removed")
            except InputError:
                told.append("no such job")

        threads = [threading.Thread(target=take) for _ in range(2)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert sorted(told) == ["no such job", "removed"]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_no_more_jobs_wait_than_the_limit(db: Database, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    monkeypatch.setattr(store, "MOST_WAITING", 2)
    for k in range(min(n, 2)):
        submitted(db, seed=k)
    if n == 3:
        with pytest.raises(LimitError):
            submitted(db, seed=9)
    assert len(store.listed(db, "a")) == min(n, 2)


def test_a_worker_does_what_is_left_and_the_result_is_that_of_an_unbroken_run(db: Database) -> None:
    done: list[int] = []

    def chunk(p: Any, k: int) -> float:
        done.append(k)
        return (p["seed"] + 0.1) ** k / 3.0

    work = Work(lambda p: 5, chunk, lambda p, parts: sum(parts))
    whole = work.join({}, [chunk({"seed": 1}, k) for k in range(5)])
    done.clear()
    job = submitted(db, total=5)
    looks = iter([False, False, False, True])
    run(db, {"sum": work}, lambda: next(looks, True), lease=0.01)
    assert 0 < len(done) < 5
    threading.Event().wait(0.05)
    ended = iter([False] * 6 + [True] * 9)
    run(db, {"sum": work}, lambda: next(ended), lease=30.0)
    found = store.find(db, "a", job.id)
    assert (found.state, found.done, found.result) == ("done", 5, whole)
    assert sorted(done) == [0, 1, 2, 3, 4]


def test_a_chunk_that_fails_says_why_without_its_words(db: Database) -> None:
    def chunk(p: Any, k: int) -> None:
        raise RuntimeError("Jane Doe, MRN 123")

    job = submitted(db)
    looks = iter([False, False, True])
    run(db, {"sum": Work(lambda p: 3, chunk, lambda p, parts: None)}, lambda: next(looks, True))
    found = store.find(db, "a", job.id)
    assert found.state == "failed"
    assert "Jane" not in str(found.error)


def test_a_later_database_is_refused(url: str) -> None:
    db = open_database(url, store.TABLES)
    with db.write() as c:
        c.exec_driver_sql("INSERT INTO fetuin_tables (version) VALUES (99)")
    db.close()
    with pytest.raises(InputError, match="version 99"):
        open_database(url, store.TABLES)


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(UsageError, match="neither SQLite nor PostgreSQL"):
        open_database("mysql://u@h/n", store.TABLES)
