import random

import pytest

from fetuin.engine import Added, Bolus, Held, Model, Multiplied, Schedule, make_schedule
from fetuin.errors import InputError

MODEL = Model("m", {"s": 0.0}, {}, {"a": 0.0, "b": 1.0}, lambda m, x, p, u: {"s": u.a})


def test_a_week_is_folded_and_its_edges_are_the_events():
    session = Held("a", 1.0, start=0.25, duration=0.5, every=7)
    schedule = make_schedule(70, [session])
    (period,) = schedule.periods
    assert period.repeats == 10
    assert [s.duration for s in period.segments] == pytest.approx([0.25, 0.5, 6.25])
    assert [s.inputs.get("a", 0.0) for s in period.segments] == [0.0, 1.0, 0.0]


def test_held_replaces_added_adds_and_boluses_at_one_instant_add_up():
    events = [Held("b", 3.0), Added("b", 2.0, 1.0, 1.0), Bolus("s", 0.5, 1.0), Bolus("s", 0.25, 1.0)]
    segments = make_schedule(3, events).periods[0].segments
    assert [s.inputs["b"] for s in segments] == [3.0, 5.0, 3.0]
    assert [s.boluses.get("s", 0.0) for s in segments] == [0.0, 0.75, 0.0]


def test_an_event_ends_at_until_and_a_last_short_period_is_kept():
    schedule = make_schedule(17.5, [Bolus("s", 1.0, 0.0, every=1, until=3.0)])
    given = sum(s.boluses.get("s", 0.0) * p.repeats for p in schedule.periods for s in p.segments)
    assert given == 3.0
    assert schedule.duration == pytest.approx(17.5)


def test_folding_equals_writing_every_cycle_out(monkeypatch):
    rng = random.Random(3)
    for _ in range(40):
        events = [_random_event(rng) for _ in range(5)]
        folded = make_schedule(131, events)
        with monkeypatch.context() as patch:
            patch.setattr("fetuin.engine.schedule._same_as_before", lambda e, p, d, count: [False] * count)
            assert folded == make_schedule(131, events)


def _random_event(rng):
    every = rng.choice([1, 3.5, 7, None])
    start, until = round(rng.uniform(0, 40), 2), rng.choice([float("inf"), round(rng.uniform(45, 90), 2)])
    duration = round(rng.uniform(0.05, 0.9), 2) if every else rng.choice([2.5, 30.0, float("inf")])
    kind = rng.randrange(3)
    if kind == 0:
        return Held("a", 2.0, start, duration, every, until)
    return Added("b", 1.0, start, duration, every, until) if kind == 1 else Bolus("s", 0.5, start, every, until)


@pytest.mark.parametrize(
    "event",
    [Held("a", float("nan")), Held("a", 1.0, start=-1.0), Bolus("s", 1.0, every=0.0), Added("a", 1.0, 0.0, 2.0, 1.0)],
)
def test_impossible_events_are_refused(event):
    with pytest.raises(InputError, match="event"):
        make_schedule(10, [event])


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(InputError, match="'dialysis'"):
        make_schedule(1, [Held("dialysis", 1.0)]).arrays(MODEL)
    with pytest.raises(InputError, match="cannot last"):
        make_schedule(-1.0)
    assert Schedule.rest(5, {"a": 2.0}).arrays(MODEL)[0][1].tolist() == [[2.0, 1.0]]


def test_multiplied_comes_after_held_and_added():
    events = [Multiplied("b", 0.5, 1.0, 1.0), Held("b", 3.0), Added("b", 1.0, 1.0, 1.0), Multiplied("b", 0.5, 1.0, 1.0)]
    segments = make_schedule(3, events, {"b": 1.0}).periods[0].segments
    assert [s.inputs["b"] for s in segments] == [3.0, 1.0, 3.0]
