"""An assessment as one JSON-ready object: schema `assessment/1`, described in `docs/reference/cli.md`.

Probabilities are floats in [0, 1]; weights natural-log likelihood ratios; nothing is rounded. What was not known is
listed under `missing`, what could not be read under `refusals`: an empty list there means none.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fetuin.diagnosis.assessment import Assessment, Probability
from fetuin.notice import USE_LIMITATION
from fetuin.versions import keys

SCHEMA = "fetuin.assessment/1"


def _probabilities(ps: tuple[Probability, ...]) -> list[dict[str, Any]]:
    return [{"name": p.name, "label": p.label, "probability": p.value, "low": p.low, "high": p.high} for p in ps]


def _refusals(record: Any) -> list[dict[str, str]]:
    return [
        {"what": r.what, "why": r.why, "fix": r.fix, "place": r.source.place} for r in getattr(record, "refusals", ())
    ]


def to_dict(a: Assessment) -> dict[str, Any]:
    """The whole assessment, without the record itself."""
    return {
        "schema": SCHEMA,
        "record_id": a.record_id,
        "setting": a.setting,
        "answer": a.answer,
        "summary": a.summary,
        "abstained": a.abstained,
        "reason": a.reason,
        "mechanisms": _probabilities(a.mechanisms),
        "causes": [c | {"deciding_test": a.deciding_tests.get(c["name"], "")} for c in _probabilities(a.causes)],
        "tissue": _probabilities(a.tissue),
        "evidence": [asdict(e) for e in a.evidence],
        "missing": [asdict(m) for m in a.missing],
        "next_tests": [asdict(t) for t in a.next_tests],
        "flip": a.flip,
        "flags": [dict(f) for f in a.flags],
        "derived": [dict(d) for d in a.derived],
        "refusals": _refusals(a.record),
        "citations": dict(a.citations),
        "limits": list(a.limits),
        **keys(),
        "use_limitation": USE_LIMITATION,
    }
