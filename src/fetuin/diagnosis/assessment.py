"""The left trunk on one page: a record becomes evidence, evidence a differential, a differential an assessment.

`assess(record, setting)` is the verb. What it returns holds everything a report or a card may say, so that a reader can
review the basis of every statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Probability:
    """A probability in [0, 1] with the interval (2.5, 97.5 %) that comes from the spread of the inputs."""

    name: str
    value: float
    low: float
    high: float
    label: str = ""


@dataclass(frozen=True)
class Evidence:
    """One finding used: the datum, and how far it speaks for or against the leading answer.

    `weights` holds the log-likelihood ratio (natural log) of the finding for every mechanism against the rest; `weight`
    the one for the leading mechanism. `share` is what the finding carried of the way from the prior log odds of the
    leading mechanism to the final ones: the shares of all findings add up to that way. `citations` are source keys;
    `quantities` the ids of the numbers used.
    """

    finding: str
    label: str
    state: str
    layer: str  # "tissue", "serum" or "history"
    datum: str  # value, unit, date and origin in words
    weight: float
    weights: dict[str, float] = field(default_factory=dict)
    statement: str = ""
    citations: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    elicited: bool = False
    share: float = 0.0


@dataclass(frozen=True)
class Missing:
    """A finding nobody reported, and what it would change: the leading mechanism's probability in each state."""

    finding: str
    label: str
    effect: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class NextTest:
    """A test worth asking for: expected information gain in bits, cost and harm as in `knowledge/findings`."""

    test: str
    label: str
    gain_bits: float
    cost: float
    harm: float
    utility: float
    reason: str
    blocked_by: str = ""


@dataclass(frozen=True)
class Assessment:
    """What is it, how sure, why, and what to ask next.

    Mechanisms exclude each other ("mixed" is dystrophic and metastatic at once) and add up to 1 with "none" and "other";
    causes do not: one of the tissue and one of the body may be at work at once.
    """

    record_id: str
    setting: str
    answer: str  # the leading mechanism, "mixed", or "insufficient data"
    summary: str  # the answer in words
    abstained: bool
    reason: str  # why it abstained, or ""
    mechanisms: tuple[Probability, ...]  # most probable first; "mixed" is dystrophic and metastatic both true
    causes: tuple[Probability, ...]
    tissue: tuple[Probability, ...]
    evidence: tuple[Evidence, ...]
    missing: tuple[Missing, ...]
    next_tests: tuple[NextTest, ...]
    flip: str  # the smallest change that flips the answer
    flags: tuple[dict[str, str], ...]  # {"code", "text", "citation"}
    derived: tuple[dict[str, Any], ...]  # derived values with rule and source
    deciding_tests: dict[str, str]  # cause -> its deciding test
    citations: dict[str, str]  # source key -> citation in words
    limits: tuple[str, ...]
    record: Any = None  # the record assessed

    def to_dict(self) -> dict[str, Any]:
        """Everything above as one JSON-ready object (schema `assessment/1` of `docs/reference/cli.md`)."""
        from fetuin.diagnosis.as_json import to_dict

        return to_dict(self)

    def explain(self, name: str = "") -> str:
        """Why, in words: the whole answer, or one finding, mechanism, cause or test named by its key."""
        from fetuin.diagnosis.explanation import explain

        return explain(self, name)

    def plot(self, ax: Any = None) -> Any:
        """Probabilities of the mechanisms with their intervals on matplotlib axes (extra `plot`)."""
        from fetuin.diagnosis.rendering import plot

        return plot(self, ax)

    def _repr_html_(self) -> str:
        from fetuin.diagnosis.rendering import card_html

        return card_html(self)

    def __rich__(self) -> Any:
        from fetuin.diagnosis.rendering import card_rich

        return card_rich(self)
