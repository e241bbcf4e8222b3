"""A case for teaching: before each step what may be guessed, after it the engine's answer, why, and what it would ask next.

The probabilities of a step are those of `fetuin case play`; the evidence and the tests are those of an assessment of what is
known by then. Nothing is kept of a learner.
"""

from __future__ import annotations

from typing import Any

from fetuin.diagnosis import assess
from fetuin.diagnosis.assessment import Assessment
from fetuin.diagnosis.model import CALCIFIED
from fetuin.diagnosis.reveal import reveal, stages
from fetuin.diagnosis.words import brief, by_weight, side
from fetuin.examples import Example
from fetuin.records.record import Record

REASONS, RANKED = 6, 8  # lines shown of each


def played(record: Record, setting: str, about: Example | None) -> dict[str, Any]:
    """The steps of a case (schema fetuin.case/1), each with `offered`: the tests among which the learner chooses before it."""
    steps, before = [], assess(Record(id=record.id), setting)
    for step, (_, _, _, known) in zip(reveal(record, setting), stages(record), strict=True):
        after = assess(known, setting)
        steps.append(
            vars(step)
            | {"leading": step.leading, "offered": sorted(t["label"] for t in _tests(before)), "ranked": _tests(before)}
            | {"next": _tests(after)[:3], "why": _why(after), "summary": after.summary, "abstained": after.abstained}
        )
        before = after
    told = (
        {k: getattr(about, k) for k in ("title", "teaches", "source")}
        if about
        else {"title": "", "teaches": "", "source": ""}
    )
    return {"case": about.name if about else "", "setting": setting, "published": about.mechanism if about else "",
            "kinds": list(CALCIFIED), "steps": steps} | told  # fmt: skip


def _tests(a: Assessment) -> list[dict[str, Any]]:
    """What the engine would ask next, best first."""
    return [{"label": t.label, "gain_bits": t.gain_bits, "reason": t.reason} for t in a.next_tests[:RANKED]]


def _why(a: Assessment) -> list[dict[str, Any]]:
    """The loudest findings, for and against the leading kind."""
    return [
        {"label": e.label, "datum": brief(e, a), "share": e.share, "side": side(e.share)}
        for e in by_weight(a.evidence)[:REASONS]
    ]
