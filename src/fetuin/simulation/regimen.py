"""Who takes what, when: acts of any number of therapies become one schedule of the body's inputs.

Fluxes add and folds multiply at every moment; inputs of a machine or a plate are held by the last act that names them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import fetuin.therapies
from fetuin.catalog import entries, names
from fetuin.engine.schedule import Added, Event, Held, Multiplied, Schedule, make_schedule
from fetuin.errors import InputError
from fetuin.physiology.targets import FLUXES, NAMES, NEUTRAL, Targets, joined
from fetuin.therapies.contract import Act, Therapy

LONGEST = 40_000.0  # days


@cache
def _known() -> dict[str, Therapy]:
    return entries(fetuin.therapies, "THERAPY")


def therapy(name: str) -> Therapy:
    """A therapy by its name; an unknown one lists what there is."""
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    known = _known()
    key = next((k for k, t in known.items() if key in t.aliases), key)
    if key not in known:
        raise InputError(f"'{name}' is no therapy that is known.", fix=f"one of: {', '.join(sorted(known))}")
    return known[key]


def known_therapies() -> list[str]:
    """Names of the therapies, without importing them all."""
    return sorted(names(fetuin.therapies))


def acts_of(regimen: Mapping[str, Any], horizon: float) -> list[Act]:
    """{therapy: dose} from the first day on; a dose is a number in the therapy's unit, a text, or a Dose."""
    return [a for name, dose in regimen.items() for a in therapy(name).given(dose, horizon=horizon)]


def cautions(taken: Iterable[str]) -> dict[str, str]:
    """{therapy: what a report must say beside its effect}, of those that have a caution or are not established."""
    found = {}
    for t in sorted({therapy(name).name for name in taken}):
        one = therapy(t)
        said = one.caution if one.maturity == "established" else f"{one.maturity}. {one.caution}".strip()
        if said:
            found[t] = said
    return found


def continued(regimen: Mapping[str, Any], before: float, horizon: float, stopped: Collection[str] = ()) -> list[Act]:
    """Acts of what was begun `before` days before day 0; what is `stopped` is given no more, but may act on."""
    found: list[Act] = []
    for name, dose in regimen.items():
        t = therapy(name)
        length = before if t.name in stopped else math.inf
        if length > 0:
            found += [a for act in t.given(dose, 0.0, length, before + horizon) for a in _since(act, before)]
    return found


def _since(act: Act, day: float) -> list[Act]:
    """An act with its time counted from `day`; what is over by then is left out."""
    start, until = act.start - day, act.until - day
    if until <= 0:
        return []
    if start >= 0:
        return [replace(act, start=start, until=until)]
    if act.every is None:
        left = start + act.duration
        return [replace(act, start=0.0, duration=left, until=until)] if left > 1e-9 else []
    phase = start % act.every
    found = [replace(act, start=phase, until=until)] if phase < until else []
    left = phase - act.every + act.duration
    if left > 1e-9:
        found.append(replace(act, start=0.0, duration=left, every=None, until=until))
    return found


def schedule(acts: Iterable[Act], inputs: Mapping[str, float], days: float, always: Targets = NEUTRAL) -> Schedule:
    """The schedule of `days` from acts and resting inputs; `always` are Targets that never end (a lesion)."""
    if not 0 < days <= LONGEST:
        raise InputError(f"{days:g} days cannot be simulated.", fix=f"more than 0 and at most {LONGEST:g}")
    listed = [a for a in acts if a.start < days]
    events: list[Event] = [
        Held(name, value, a.start, a.duration, a.every, a.until) for a in listed for name, value in a.inputs.items()
    ]
    moving = [a for a in listed if a.targets != NEUTRAL]
    lasting = [a.targets for a in moving if a.every is None and a.start <= 0 and min(a.duration, a.until) >= days]
    base = {**inputs, **_targets(joined([always, *lasting]))}
    for a in moving:
        if a.every is not None or a.start > 0 or min(a.duration, a.until) < days:
            events += _moved(a)
    return make_schedule(days, events, base)


def _targets(t: Targets) -> dict[str, float]:
    return {f"targets.{n}": getattr(t, n) for n in NAMES if getattr(t, n) != getattr(NEUTRAL, n)}


def _moved(a: Act) -> list[Event]:
    """What an act adds to fluxes and multiplies folds by, while it lasts."""
    return [
        (Added if name.removeprefix("targets.") in FLUXES else Multiplied)(
            name, value, a.start, a.duration, a.every, a.until
        )
        for name, value in _targets(a.targets).items()
    ]


def until(acts: Iterable[Act], day: float) -> list[Act]:
    """The acts cut at a day."""
    return [
        Act(a.targets, a.inputs, a.start, min(a.duration, day - a.start) if a.every is None else a.duration, a.every,
            min(a.until, day), a.name) for a in acts if a.start < day
    ]  # fmt: skip


FOREVER = math.inf
