"""What if: readings of a record without some findings, or with findings assumed, to see the answer move."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fetuin.diagnosis.evidence import Reading
from fetuin.errors import UsageError
from fetuin.knowledge.finding import findings
from fetuin.records.record import Source

ASSUMED = Source(name="assumed for this question")


def changed(
    found: tuple[Reading, ...], without: Collection[str] = (), assumed: Mapping[str, str] | None = None
) -> tuple[Reading, ...]:
    """The readings less those of the findings `without`, and with {finding: state} `assumed` in place of what was read.

    A finding assumed counts as certain. UsageError names a finding or a state that is not known.
    """
    assumed = assumed or {}
    known = findings()
    for f in (*without, *assumed):
        if f not in known:
            raise UsageError(f"{f[:40]!r} is no finding.", where="what if", fix=f"one of: {', '.join(sorted(known))}")
    new = []
    for f, state in assumed.items():
        states = known[f].states
        if state not in states:
            raise UsageError(f"{state[:40]!r} is no state of {f}.", where="what if", fix=f"one of: {', '.join(states)}")
        new.append(
            Reading(f, tuple(float(s == state) for s in states), state, f"{known[f].label}: {state} (assumed)", ASSUMED)
        )
    kept = [r for r in found if r.finding not in without and r.finding not in assumed]
    return tuple(sorted([*kept, *new], key=lambda r: (r.finding, r.state)))
