"""Who takes what, when: acts of any number of therapies become one schedule of the body's inputs.

Fluxes add and folds multiply at every moment; inputs of a machine or a plate are held by the last act that names them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise

import fetuin.therapies
from fetuin.catalog import entries, names
from fetuin.engine.schedule import Added, Event, Held, Schedule, make_schedule
from fetuin.errors import InputError
from fetuin.physiology.targets import FLUXES, NAMES, NEUTRAL, Targets, joined
from fetuin.therapies.contract import Act, Therapy

LONGEST = 40_000.0  # days


def therapy(name: str) -> Therapy:
    """A therapy by its name; an unknown one lists what there is."""
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    known = entries(fetuin.therapies, "THERAPY")
    if key not in known:
        raise InputError(f"'{name}' is no therapy that is known.", fix=f"one of: {', '.join(sorted(known))}")
    return known[key]


def known_therapies() -> list[str]:
    """Names of the therapies, without importing them all."""
    return sorted(names(fetuin.therapies))


def acts_of(regimen: Mapping[str, float], horizon: float) -> list[Act]:
    """{therapy: dose in its unit} from the first day on."""
    return [a for name, dose in regimen.items() for a in therapy(name).given(dose, horizon=horizon)]


def schedule(acts: Iterable[Act], inputs: Mapping[str, float], days: float, always: Targets = NEUTRAL) -> Schedule:
    """The schedule of `days` from acts and resting inputs; `always` are Targets that never end (a lesion)."""
    if not 0 < days <= LONGEST:
        raise InputError(f"{days:g} days cannot be simulated.", fix=f"more than 0 and at most {LONGEST:g}")
    listed = list(acts)
    events: list[Event] = []
    for act in listed:
        events += [
            Held(name, value, act.start, act.duration, act.every, act.until) for name, value in act.inputs.items()
        ]
    single = [a for a in listed if a.every is None and a.targets != NEUTRAL]
    repeated = [a for a in listed if a.every is not None and a.targets != NEUTRAL]
    base = {**inputs, **_targets(joined([always, *(a.targets for a in single if a.start <= 0 and a.duration >= days)]))}
    changing = [a for a in single if not (a.start <= 0 and a.duration >= days)]
    events += _pieces(changing, joined([always, *(a.targets for a in single if a not in changing)]), days)
    events += _repeated(repeated, base)
    return make_schedule(days, events, base)


def _targets(t: Targets) -> dict[str, float]:
    return {f"targets.{n}": getattr(t, n) for n in NAMES if getattr(t, n) != getattr(NEUTRAL, n)}


def _pieces(acts: list[Act], base: Targets, days: float) -> list[Event]:
    """Between the edges of acts that begin or end, the joined value of every target that some act moves."""
    edges = sorted({0.0, days} | {t for a in acts for t in (a.start, a.start + a.duration) if 0 < t < days})
    moved = {n for a in acts for n in NAMES if getattr(a.targets, n) != getattr(NEUTRAL, n)}
    found: list[Event] = []
    for begin, end in pairwise(edges):
        here = [a.targets for a in acts if a.start <= begin + 1e-9 and a.start + a.duration >= end - 1e-9]
        if here:
            now = joined([base, *here])
            found += [Held(f"targets.{n}", getattr(now, n), begin, end - begin) for n in sorted(moved)]
    return found


def _repeated(acts: list[Act], base: Mapping[str, float]) -> list[Event]:
    found: list[Event] = []
    for a in acts:
        for n in NAMES:
            value = getattr(a.targets, n)
            if value == getattr(NEUTRAL, n):
                continue
            name = f"targets.{n}"
            if n in FLUXES:
                found.append(Added(name, value, a.start, a.duration, a.every, a.until))
            else:
                found.append(Held(name, value * base.get(name, 1.0), a.start, a.duration, a.every, a.until))
    return found


def until(acts: Iterable[Act], day: float) -> list[Act]:
    """The acts cut at a day."""
    return [
        Act(a.targets, a.inputs, a.start, min(a.duration, day - a.start) if a.every is None else a.duration, a.every,
            min(a.until, day), a.name) for a in acts if a.start < day
    ]  # fmt: skip


FOREVER = math.inf
