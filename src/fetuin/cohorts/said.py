"""What words say of many people: each different set of phrases is read once, by the code that reads one record.

Phrases that say nothing to the engine are left out first, so that people who differ in hay fever alone share one reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fetuin.cohorts.people import People
from fetuin.cohorts.phrases import Phrases
from fetuin.diagnosis.evidence import Reading, Spoken, spoken
from fetuin.records.record import Condition, Medication, Procedure, Record, TissueFinding, Variant

NOTHING = Spoken((), None, False, False, ())
KEPT = 200_000  # different sets remembered


@dataclass
class Listener:
    """Remembers what each set of phrases means, over all parts that one process reads."""

    phrases: Phrases
    hide_tissue: bool = False
    keys: np.ndarray = field(init=False)
    speaks: np.ndarray = field(init=False)
    known: dict[int, Spoken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = np.random.Generator(np.random.Philox(20))
        self.keys = rng.integers(1, 2**63, len(self.phrases.meanings), dtype=np.uint64)
        quiet = [not m.words or self._heard([m.words]) == NOTHING for m in self.phrases.meanings]
        self.speaks = ~np.array(quiet, bool)

    def hear(self, p: People) -> tuple[list[Spoken], np.ndarray]:
        """(the different things said, which of them was said of each person [n])."""
        person, phrase = p.said
        loud = self.speaks[phrase]
        person, phrase = person[loud], phrase[loud]
        total = np.zeros(len(p), np.uint64)
        np.add.at(total, person, self.keys[phrase])
        different, first, which = np.unique(total, return_index=True, return_inverse=True)
        starts, ends = np.searchsorted(person, first), np.searchsorted(person, first, "right")
        if len(self.known) > KEPT:
            self.known.clear()
        return [self._one(int(k), phrase[a:b]) for k, a, b in zip(different, starts, ends)], which.ravel()

    def _one(self, key: int, phrase: np.ndarray) -> Spoken:
        if key not in self.known:
            self.known[key] = self._heard([self.phrases.meanings[k].words for k in phrase]) if len(phrase) else NOTHING
        return self.known[key]

    def _heard(self, words: list[tuple[Any, ...]]) -> Spoken:
        every = [x for w in words for x in w]

        def of(kind: type) -> tuple[Any, ...]:
            return tuple(dict.fromkeys(x for x in every if isinstance(x, kind)))

        record = Record(
            conditions=of(Condition), medications=of(Medication), procedures=of(Procedure),
            tissue=of(TissueFinding), variants=of(Variant), notes=of(str),
        )  # fmt: skip
        said = spoken(record.without_tissue_state() if self.hide_tissue else record)
        return _bare(said)


def _bare(said: Spoken) -> Spoken:
    """Without the words themselves: what is said alike is one."""

    def bare(r: Reading) -> Reading:
        return Reading(r.finding, r.weights, r.state, "", power=r.power)

    return Spoken(tuple(map(bare, said.tissue)), bare(said.kidney) if said.kidney else None, said.fails, said.reduced,
                  tuple(map(bare, said.others)))  # fmt: skip
