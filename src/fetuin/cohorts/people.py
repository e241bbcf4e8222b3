"""A part of a cohort as arrays: the newest result of every analyte for every person, age, sex, and what was said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.cohorts.phrases import NAMES, Phrases, trap
from fetuin.cohorts.sources.contract import quoted
from fetuin.cohorts.staging import Staged
from fetuin.knowledge.analyte import analytes
from fetuin.records.fhir.person import YEAR

NO_TIME = -np.inf
UNKNOWN, FEMALE, MALE = 0, 1, 2
DOUBTED = "the value is outside what is seen in living people, or may be another analyte"
NO_VALUE = "it has neither a number nor a word such as high, low or normal"


@dataclass(frozen=True)
class People:
    """`n` people. Arrays [n, analytes] of the newest result: value (NaN: none), flag, censor, low, high."""

    ids: np.ndarray
    sex: np.ndarray
    age: np.ndarray
    value: np.ndarray
    flag: np.ndarray
    censor: np.ndarray
    low: np.ndarray
    high: np.ndarray
    facts: np.ndarray
    refused: np.ndarray
    said: tuple[np.ndarray, np.ndarray]  # (person, phrase) of words, each once, sorted
    why: dict[str, int]  # refusals of the part by their reason

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, analyte: str) -> np.ndarray:
        """Newest values of one analyte."""
        return self.value[:, NAMES.index(analyte)]

    def known(self, analyte: str) -> np.ndarray:
        """True where a number or a word of the analyte is known."""
        k = NAMES.index(analyte)
        return ~np.isnan(self.value[:, k]) | (self.flag[:, k] > 0)


def load(staged: Staged, part: int, phrases: Phrases, con: Any) -> People:
    """One part; people in the order of their ids."""
    files = quoted(staged.folder / "facts" / f"part={part}" / "*.parquet")
    con.execute(f"""CREATE OR REPLACE TEMP TABLE rows AS SELECT *, dense_rank() OVER (ORDER BY id) - 1 AS person
                    FROM read_parquet({files}, hive_partitioning = false)""")
    ids = con.execute("SELECT DISTINCT id FROM rows ORDER BY id").fetchnumpy()["id"]
    r = con.execute("SELECT person, phrase, value, low, high, seconds FROM rows").fetchnumpy()
    n = len(ids)
    numbers: dict[str, np.ndarray] = {
        k: np.ma.filled(np.ma.asarray(r[k], float), np.nan) for k in ("value", "low", "high", "seconds")
    }
    person, phrase = r["person"].astype(np.int64), phrases.index(r["phrase"])
    of = {k: a[phrase] for k, a in phrases.arrays.items()}
    results = _results(person, phrase, of, numbers, phrases)
    refused = of["refused"] | results.pop("bad")
    sex, age = _persons(person, phrase, numbers, phrases, n)
    why = _reasons(phrase, refused, of["refused"], phrases, results["without"])
    value, flag, censor, low, high = _newest(n, **results)
    return People(
        np.asarray(ids), sex, age, value, flag, censor, low, high, np.bincount(person, minlength=n),
        np.bincount(person[refused], minlength=n), _said(person, phrase, of["words"]), why,
    )  # fmt: skip


def _results(person: np.ndarray, phrase: np.ndarray, of: dict[str, np.ndarray], x: dict[str, np.ndarray],
             phrases: Phrases) -> dict[str, Any]:  # fmt: skip
    """Results in canonical units, doubtful numbers out; words of codes (flagged) are added."""
    keep = (of["analyte"] >= 0) & ~of["refused"]
    kept = np.flatnonzero(keep)
    a, flag, censor, factor = (of[k][kept] for k in ("analyte", "flag", "censor", "factor"))
    value, low, high = (np.round(x[k][kept] * factor, 12) for k in ("value", "low", "high"))
    bottom, top = (np.array([analytes()[k].plausible[i] for k in NAMES])[a] for i in (0, 1))
    doubt = (
        ((value < bottom) & (censor != 1))
        | ((value > top) & (censor != 2))
        | _trapped(a, value, flag, censor, low, high)
    )
    value[doubt] = np.nan
    without = np.isnan(value) & (flag == 0)
    bad = np.zeros(len(person), bool)
    bad[kept] = doubt | without
    use = ~without
    word = of["refused"] & (of["analyte"] >= 0) & (of["flag"] > 0)  # the unit is refused, the word is kept
    columns = {
        "person": [person[kept][use], person[word]], "analyte": [a[use], of["analyte"][word]],
        "value": [value[use], np.full(word.sum(), np.nan)], "flag": [flag[use], of["flag"][word]],
        "censor": [censor[use], np.zeros(word.sum(), np.int8)], "low": [low[use], np.full(word.sum(), np.nan)],
        "high": [high[use], np.full(word.sum(), np.nan)], "seconds": [x["seconds"][kept][use], x["seconds"][word]],
    }  # fmt: skip
    for row in np.flatnonzero(of["flagged"]):
        for analyte, f in phrases.meanings[phrase[row]].flagged:
            for name, v in zip(columns, (person[row], analyte, np.nan, f, 0, np.nan, np.nan, np.nan)):
                columns[name].append(np.array([v]))
    joined = {k: np.concatenate(v) for k, v in columns.items()}
    return joined | {"bad": bad, "without": int(without.sum() - (doubt & without).sum())}


def _trapped(a: np.ndarray, value: np.ndarray, flag: np.ndarray, censor: np.ndarray, low: np.ndarray,
             high: np.ndarray) -> np.ndarray:  # fmt: skip
    """A value in the band where it may be another analyte, which neither its word nor its own interval settles."""
    band = np.array([trap(analytes()[k]) for k in NAMES])[a]
    own = np.array([_own(k) for k in NAMES])[a]
    low_, high_ = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    middle = (low_ + high_) / 2
    settled = (flag == band[:, 2]) & (flag > 0) | (
        (own[:, 0] * 0.9 <= middle) & (middle <= own[:, 1] * 1.1) & (middle > 0)
    )
    return np.asarray((band[:, 0] <= value) & (value <= band[:, 1]) & (censor == 0) & ~settled)


def _own(key: str) -> tuple[float, float]:
    interval = analytes()[key].interval()
    return (interval.low, interval.high) if interval and interval.low and interval.high else (np.inf, -np.inf)


def _newest(n: int, person: np.ndarray, analyte: np.ndarray, value: np.ndarray, flag: np.ndarray, censor: np.ndarray,
            low: np.ndarray, high: np.ndarray, seconds: np.ndarray, without: int) -> tuple[np.ndarray, ...]:  # fmt: skip
    """The last of each (person, analyte) in the order of `records.gather`, as arrays [n, analytes]."""
    cell = person.astype(np.int64) * len(NAMES) + analyte.astype(np.int64)
    when = np.where(np.isnan(seconds), NO_TIME, seconds)
    number = np.nan_to_num(value)
    order = np.lexsort((censor, flag, number, ~np.isnan(value), when, cell))
    last = order[np.append(cell[order][1:] != cell[order][:-1], True)] if len(order) else order
    out = []
    for x, empty in ((value, np.nan), (flag, 0), (censor, 0), (low, np.nan), (high, np.nan)):
        table = np.full(n * len(NAMES), empty, x.dtype)
        table[cell[last]] = x[last]
        out.append(table.reshape(n, len(NAMES)))
    return tuple(out)


def _persons(
    person: np.ndarray, phrase: np.ndarray, x: dict[str, np.ndarray], phrases: Phrases, n: int
) -> tuple[np.ndarray, ...]:
    """Sex and age: as stated, or from the date of birth to the newest datum (results before tissue before the rest)."""
    sex, age, born = np.zeros(n, np.int8), np.full(n, np.nan), np.full(n, np.nan)
    for k, m in enumerate(phrases.meanings):
        if m.person == "age":
            rows = (phrase == k) & (x["value"] * m.factor >= 0) & (x["value"] * m.factor <= 130)
            age[person[rows]] = x["value"][rows] * m.factor
        elif m.person == "born":
            born[person[phrase == k]] = x["seconds"][phrase == k]
        elif m.person:
            sex[person[phrase == k]] = FEMALE if m.person.endswith("F") else MALE
    latest = np.full(n, np.nan)
    for level in (3, 2, 1, 0):
        rows = (phrases.arrays["dated"][phrase] == level) & ~np.isnan(x["seconds"])
        here = np.full(n, -np.inf)
        np.maximum.at(here, person[rows], x["seconds"][rows])
        latest = np.where(np.isfinite(here), here, latest)
    years = np.round(np.maximum((latest - born) / 86400 / YEAR, 0.0), 3)
    years[~((latest - born >= -0.01 * 86400 * YEAR) & (years <= 130))] = np.nan
    return sex, np.where(np.isnan(years), age, years)


def _said(person: np.ndarray, phrase: np.ndarray, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    both = np.unique(person[words] * (1 << 32) + phrase[words])
    return both >> 32, both & ((1 << 32) - 1)


def _reasons(
    phrase: np.ndarray, refused: np.ndarray, named: np.ndarray, phrases: Phrases, without: int
) -> dict[str, int]:
    found: dict[str, int] = {}
    for k, count in zip(*np.unique(phrase[named], return_counts=True)):
        why = phrases.meanings[int(k)].refused
        found[why] = found.get(why, 0) + int(count)
    doubted = int(refused.sum() - named.sum()) - without
    return found | ({DOUBTED: doubted} if doubted else {}) | ({NO_VALUE: without} if without else {})
