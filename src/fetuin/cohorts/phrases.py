"""What each different phrase of a cohort means, understood once by the same code that reads one record.

A phrase is a laboratory result without its number (analyte, unit, bound, flag), or words: a condition, medicine, procedure,
tissue finding, variant or note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from fetuin.errors import UnitError
from fetuin.knowledge.analyte import Analyte, analytes, by_loinc, by_name, plain
from fetuin.records.formats.tidy_csv import KINDS, words_of_row
from fetuin.records.observe import censor_of, flag_of
from fetuin.records.record import Condition, Medication, Observation, Procedure, TissueFinding
from fetuin.units import to_canonical

NAMES = tuple(analytes())
FLAGS = ("", "H", "L", "N")  # their order is that of the letters: of two results at one time the later word is taken
CENSORS = ("", "<", ">")
EMPTY: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """One phrase: a result (`analyte` >= 0, `factor` to the canonical unit), words, part of a person, or refused."""

    analyte: int = -1
    factor: float = float("nan")
    flag: int = 0
    censor: int = 0
    words: tuple[Any, ...] = EMPTY  # parts of a Record, without observations
    flagged: tuple[tuple[int, int], ...] = ()  # (analyte, flag) that a code stands for
    person: str = ""  # "sex F", "age 1" (factor to years)
    refused: str = ""


@dataclass(frozen=True)
class Phrases:
    """Every phrase: `keys` sorted, and arrays in their order."""

    keys: np.ndarray
    meanings: tuple[Meaning, ...]
    counted: dict[str, int] = field(default_factory=dict)

    def index(self, keys: np.ndarray) -> np.ndarray:
        """Where each key stands in `meanings`."""
        return np.searchsorted(self.keys, keys)

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """analyte, factor, flag and censor of each phrase; `words`: it holds words or flags; `refused`."""
        m = self.meanings
        return {
            "analyte": np.array([x.analyte for x in m], np.int32),
            "factor": np.array([x.factor for x in m]),
            "flag": np.array([x.flag for x in m], np.int8),
            "censor": np.array([x.censor for x in m], np.int8),
            "words": np.array([bool(x.words) for x in m]),
            "flagged": np.array([bool(x.flagged) for x in m]),
            "refused": np.array([bool(x.refused) for x in m]),
            "dated": np.array([_dated(x) for x in m], np.int8),
        }


DATED = ((TissueFinding,), (Condition, Procedure), (Medication,))  # whose time tells a person's age, after results


def _dated(m: Meaning) -> int:
    """0: a result; 1 to 3: tissue, conditions and procedures, medicines; 9: its time tells nothing of the age."""
    if m.analyte >= 0:
        return 0
    return min((k for x in m.words for k, kinds in enumerate(DATED, 1) if isinstance(x, kinds)), default=9)


def _result(r: Mapping[str, str]) -> Meaning:
    analyte = by_loinc().get(r["code"]) or by_name().get(plain(r["name"]))
    if analyte is None:
        return Meaning(refused="no analyte has this name or code")
    flag = flag_of(r["flag"]) or (flag_of(r["said"]) if r["said"] else None)
    if r["said"] and flag is None:
        return Meaning(refused="its value is neither a number nor high, low or normal")
    k, f = NAMES.index(analyte.key), FLAGS.index(flag or "")
    if not r["counted"]:
        return Meaning(k, flag=f) if f else Meaning(refused="it has neither a number nor a word such as high or low")
    try:
        factor = to_canonical(1.0, r["unit"] or None, analyte)
    except UnitError:
        return Meaning(k, flag=f, refused="its unit is missing or not one of the analyte's")
    return Meaning(k, factor, f, CENSORS.index(censor_of(r["sign"]) or ""))


_YEARS = {"": 1.0, "a": 1.0, "y": 1.0, "mo": 1 / 12, "d": 1 / 365.2425}


def _person(r: Mapping[str, str]) -> Meaning:
    name, sex = plain(r["name"]), r["said"].strip().upper()[:1]
    if name == "sex":
        return Meaning(person=f"sex {sex}") if sex in ("F", "M") else Meaning()
    if name == "born":
        return Meaning(person="born")
    if name == "age":
        return Meaning(person="age", factor=_YEARS.get(r["unit"].replace("approximate", "").strip(), 1.0))
    return Meaning()


def understand(rows: Iterable[Mapping[str, str]]) -> list[Meaning]:
    """The meaning of each phrase, given as rows of the columns of a phrase."""
    out = []
    for r in rows:
        if r["kind"] == "refusal":  # a source could not read it, and says why
            out.append(Meaning(refused=r["said"] or "not readable"))
        elif r["kind"] not in ("", *KINDS):
            out.append(Meaning(refused="the kind of the fact is not known"))
        elif r["kind"] in ("", "observation"):
            out.append(_result(r))
        elif r["kind"] == "person":
            out.append(_person(r))
        else:
            found = words_of_row(r)
            seen = tuple(
                (NAMES.index(o.analyte), FLAGS.index(o.flag or "")) for o in found if isinstance(o, Observation)
            )
            out.append(Meaning(words=tuple(x for x in found if not isinstance(x, Observation)), flagged=seen))
    return out


def trap(analyte: Analyte) -> tuple[float, float, int]:
    """Band and settling flag of an analyte that is often confused with another; an empty band where there is none."""
    t = analyte.confusion
    return (t.low, t.high, FLAGS.index(t.settled_by)) if t else (1.0, 0.0, 0)
