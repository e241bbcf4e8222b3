"""The estimand of a trial in the words of ICH E9(R1): what is to be estimated, in whom, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fetuin.errors import InputError
from fetuin.trials.words import Words

EVENTS = {
    "rescue": "a rescue phosphate binder is started",
    "discontinuation": "the study treatment is stopped",
    "death": "the patient dies",
}
STRATEGIES = {
    "treatment policy": "values count whatever happened",
    "hypothetical": "as if it had not happened: later values are set missing",
    "while on treatment": "the last value before it counts",
    "composite": "it is itself an outcome: the failure value counts from then on",
    "principal stratum": "only patients to whom it would not happen",
}
SUMMARIES = {
    "difference in means": "identity",
    "ratio of geometric means": "log",
    "difference in roots": "sqrt",
    "hazard ratio": "hazard",
}
"""How two arms are compared -> the scale on which they are analysed."""
BY_DEFAULT = {"rescue": "treatment policy", "discontinuation": "treatment policy", "death": "hypothetical"}


@dataclass(frozen=True)
class Estimand:
    """Population, treatment, variable in words; strategy of each intercurrent event; summary measure."""

    population: str
    treatment: str
    variable: str
    summary: str
    strategies: Mapping[str, str] = field(default_factory=lambda: dict(BY_DEFAULT))

    @property
    def scale(self) -> str:
        """identity, log, sqrt or hazard."""
        return SUMMARIES[self.summary]


def read_estimand(words: Words) -> Estimand:
    """The `[estimand]` block; every part of ICH E9(R1) must be said."""
    events = words.sub("intercurrent", EVENTS)
    strategies = {e: events.choice(e, STRATEGIES, BY_DEFAULT[e]) for e in EVENTS}
    if strategies["death"] == "treatment policy":
        raise InputError("treatment policy cannot be used for death.", where=events.at("death"),
                         why="there is no value after death", fix="hypothetical, while on treatment or composite")  # fmt: skip
    return Estimand(
        words.text("population"), words.text("treatment"), words.text("variable"),
        words.choice("summary", SUMMARIES), strategies,
    )  # fmt: skip
