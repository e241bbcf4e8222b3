"""The verb of the left trunk: a record becomes readings, readings a differential, a differential an Assessment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fetuin.diagnosis.assessment import Assessment, Probability
from fetuin.diagnosis.differential import Differential, differential
from fetuin.diagnosis.evidence import Reading, readings
from fetuin.diagnosis.flags import flags
from fetuin.diagnosis.flip import smallest
from fetuin.diagnosis.model import ANSWERS, CALCIFIED, NONE, OTHER, Array, model
from fetuin.diagnosis.next_test import missing, rank
from fetuin.diagnosis.outlook import outlook
from fetuin.diagnosis.uncertainty import intervals, sampled_pairs
from fetuin.diagnosis.weights import leading_states, weigh
from fetuin.diagnosis.what_if import changed
from fetuin.diagnosis.words import percent
from fetuin.knowledge.cited import cited
from fetuin.knowledge.disorder import disorders
from fetuin.knowledge.finding import findings
from fetuin.knowledge.setting import setting_named
from fetuin.quantities import quantity
from fetuin.records.derived import derive
from fetuin.records.record import Record

NOTHING = "insufficient data"
LABELS = {NONE: "no cause of calcification at work", OTHER: "a cause that is not in the catalogue"}
LIMITS = (
    "Research software. Not a medical device; not for time-critical situations.",
    "Most of the published cases it was checked on lack most analytes, and rules written after reading them are optimistic on them.",
    "The state of the tissue was often read by someone who knew the diagnosis: look at the answer without it too (--hide tissue).",
    "Published cases give no base rates; priors are those of the chosen setting, elicited where no figure was read.",
    "Brain calcification of hypoparathyroidism is counted as metastatic; myositis ossificans is bone, a look-alike.",
    "Mixed has few published cases: no accuracy is claimed for it.",
)


@dataclass(frozen=True)
class Firm:
    """When an answer is given at all."""

    top: float = quantity(0.6, "1", "assumption: facts on the engine", "probability below which no answer is given")
    outside: float = quantity(
        0.3, "1", "elicited", "probability of an unknown cause above which no answer is given", (0.2, 0.4)
    )


FIRM = Firm()


def _probabilities(
    names: list[str], value: Array, low: Array, high: Array, labels: Mapping[str, str]
) -> tuple[Probability, ...]:
    """Probabilities, the largest first; an interval always holds its value."""
    inside = np.clip(
        [value, np.minimum(low, value), np.maximum(high, value)], 0.0, 1.0
    )  # rounding may carry past the ends
    rows = zip(names, inside.T.tolist(), strict=True)
    every = [Probability(n, v, lo, hi, labels.get(n, "")) for n, (v, lo, hi) in rows]
    return tuple(sorted(every, key=lambda p: (-p.value, p.name)))


def tissue_states(found: tuple[Reading, ...], pairs: Array) -> dict[str, float]:
    """P(state of the tissue | everything known), viable, damaged or mixed."""
    joint = model().tables["tissue_state"] @ pairs
    seen = [np.asarray(r.weights) for r in found if r.finding == "tissue_state"]
    if seen:
        joint = np.asarray(
            (model().tables["tissue_state"] * seen[0][:, None]) @ (pairs / (seen[0] @ model().tables["tissue_state"]))
        )
    return dict(zip(findings()["tissue_state"].states, (joint / joint.sum()).tolist(), strict=True))


def _why_not(answers: Mapping[str, float], leading: str, reported: bool) -> str:
    """The reason to give no answer, or ""."""
    shares = sum(answers[a] for a in CALCIFIED)
    if answers[OTHER] > FIRM.outside:
        return (
            f"the findings fit none of the causes known here ({answers[OTHER]:.0%} for a cause outside the catalogue)"
        )
    if answers[NONE] > 0.5 and not reported:
        return "no calcification was reported, and nothing in the record points firmly to a cause of it"
    if answers[leading] / max(shares, 1e-300) < FIRM.top:
        return f"no mechanism reaches {FIRM.top:.0%}: the leading one is {leading} with {answers[leading] / max(shares, 1e-300):.0%}"
    return ""


def _summary(answer: str, p: float, d: Differential, found: tuple[Reading, ...], reported: bool) -> str:
    t, s = leading_states(d.pairs)
    names = [x.variant.name for x in (t, s) if x.variant]
    cause = " with ".join(names) if names else "no cause named here"
    if answer == NOTHING:
        return f"The data do not suffice for an answer. The most probable explanation so far: {cause}."
    seen = "" if reported else " No calcification was reported: this is the kind to expect if there is one."
    return f"{answer.capitalize()} ({percent(p)}); most probable cause: {cause}.{seen}"


@cache
def _members() -> Array:
    """Pairs x disorders, 1 where a disorder contributes."""
    return np.stack([model().members(d) for d in disorders()], 1).astype(float)


def _causes(pairs: Array, keep: NDArray[np.int64], draws: Array) -> tuple[Probability, ...]:
    member = _members()
    low, high = intervals(draws, member[keep])
    labels = {k: d.name for k, d in disorders().items()}
    return _probabilities(list(disorders()), pairs @ member, low, high, labels)


def _tissue(found: tuple[Reading, ...], pairs: Array, keep: NDArray[np.int64], draws: Array) -> tuple[Probability, ...]:
    states = tissue_states(found, pairs)
    member = model().tables["tissue_state"].T[keep]
    low, high = intervals(draws, member)
    shift = np.array(list(states.values())) - pairs @ model().tables["tissue_state"].T
    return _probabilities(
        list(states), np.array(list(states.values())), np.clip(low + shift, 0, 1), np.clip(high + shift, 0, 1), {}
    )


def assess(
    record: Record, setting: str = "general", hide_tissue: bool = False, *, without: Collection[str] = (),
    assumed: Mapping[str, str] | None = None,
) -> Assessment:  # fmt: skip
    """What kind of calcification is it, how sure, why, and what to ask next.

    `setting` names a file of `knowledge/settings` (UsageError lists them); `hide_tissue` leaves the tissue's state out.
    What if: findings named in `without` are left out, {finding: state} `assumed` are taken as seen.
    Mechanisms exclude each other here ("mixed" is dystrophic and metastatic together) and add up to 1 with "none" and
    "other"; several causes may be at work at once, so causes do not.
    """
    setting = setting_named(setting).id
    record = record.without_tissue_state() if hide_tissue else record
    found = changed(readings(record), without, assumed)
    d = differential(found, setting)
    answers = d.answers()
    mechanisms = d.mechanisms()
    leading = max(CALCIFIED, key=lambda a: mechanisms[a])
    reported = any(r.finding == "calcification_reported" and r.state == "present" for r in found)
    reason = _why_not(answers, leading, reported)
    answer = NOTHING if reason else leading
    keep, draws = sampled_pairs(found, d.pairs, setting)
    to_answer = np.eye(len(ANSWERS))[model().answers]
    low, high = intervals(draws, to_answer[keep])
    view = outlook(found, d.pairs)
    causes = _causes(d.pairs, keep, draws)
    evidence = weigh(found, d.pairs, leading, setting)
    warned = flags(record, found, answers)
    return Assessment(
        record_id=record.id,
        setting=setting,
        answer=answer,
        summary=_summary(answer, mechanisms[leading], d, found, reported),
        abstained=bool(reason),
        reason=reason,
        mechanisms=_probabilities(list(ANSWERS), np.array([answers[a] for a in ANSWERS]), low, high, LABELS),
        causes=causes,
        tissue=_tissue(found, d.pairs, keep, draws),
        evidence=evidence,
        missing=missing(view, leading),
        next_tests=rank(view, leading),
        flip=smallest(found, view, setting, leading),
        flags=warned,
        derived=_derived(record),
        deciding_tests={k: d.deciding_test for k, d in disorders().items()},
        citations=_citations(evidence, warned, causes),
        limits=LIMITS,
        record=record,
    )


def _derived(record: Record) -> tuple[dict[str, object], ...]:
    return tuple(
        {"label": x.label, "value": x.value, "unit": x.unit, "rule": x.rule, "source": x.source, "note": x.note}
        for x in derive(record)
    )


def _citations(evidence: tuple, flagged: tuple, causes: tuple[Probability, ...]) -> dict[str, str]:  # type: ignore[type-arg]
    """Every quantity id that is named, with its citation in words."""
    ids = [q for e in evidence for q in e.quantities] + [f["citation"] for f in flagged]
    ids += [q for c in causes[:3] for q in disorders()[c.name].quantities if c.value > 0.05]
    return {i: cited()[i].text() for i in sorted(set(ids)) if i in cited()}
