"""Laboratory values of many people as soft classes: the twins of `diagnosis/interpretation.py`, a column at a time.

Each function gives, for all people of a part, the rows that are known and the likelihood of the datum under each class.
The scalar functions are the reference; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from scipy.special import ndtr

from fetuin.cohorts.people import FEMALE, MALE, People
from fetuin.cohorts.phrases import FLAGS, NAMES
from fetuin.diagnosis.evidence import REDUCED
from fetuin.diagnosis.interpretation import EDGES, NOISE, NOMOGRAM, from_flag
from fetuin.knowledge.analyte import analytes
from fetuin.knowledge.finding import findings

LESS, MORE = (0.2, 0.5, 0.8, 0.95), (1.05, 1.25, 1.6, 2.2)  # as `graded`: where beyond a bound the value may lie
LEAST = 1e-6
NORMAL, REDUCED_KIDNEY, FAILURE = 0, 1, 2
Array = np.ndarray


def soft(value: Array, edges: Array, cv: float) -> Array:
    """`interpretation.soft` for values [n] and rising edges [n, m]: [n, m + 1]."""
    sd = np.maximum(np.abs(value) * cv, 1e-12)[:, None]
    below = ndtr((edges - value[:, None]) / sd)
    ends = np.zeros((len(value), 1)), np.ones((len(value), 1))
    return np.maximum(np.diff(np.hstack([ends[0], below, ends[1]])), 0.0)


def graded(value: Array, censor: Array, edges: Array, cv: float) -> Array:
    """`interpretation.graded`: a bound is spread over what lies beyond it."""
    out = soft(value, edges, cv)
    for code, factors in ((1, LESS), (2, MORE)):
        rows = censor == code
        if rows.any():
            out[rows] = np.mean([soft(value[rows] * f, edges[rows], cv) for f in factors], axis=0)
    return out


@cache
def _interval(analyte: str, age: float | None, sex: str | None) -> tuple[float, float]:
    i = analytes()[analyte].interval(age, sex)
    low, high = (i.low, i.high) if i else (None, None)
    return 0.0 if low is None else low, np.inf if high is None else high


def limits(p: People, k: int) -> Array:
    """Lower and upper limit [n, 2]: those the laboratory printed, else the interval for age and sex."""
    keys = np.stack([np.nan_to_num(p.age, nan=-1.0), p.sex], 1)
    different, which = np.unique(keys, axis=0, return_inverse=True)
    sexes = {FEMALE: "F", MALE: "M"}
    own = np.array([_interval(NAMES[k], None if a < 0 else float(a), sexes.get(int(s))) for a, s in different])
    found = own[which.ravel()]
    for j, printed in enumerate((p.low[:, k], p.high[:, k])):
        found[:, j] = np.where(np.isnan(printed), found[:, j], printed)
    return found


def words(p: People, k: int, rows: Array, states: tuple[str, ...], out: Array) -> None:
    """Classes of a word instead of a number, written where there is no number."""
    for code, flag in enumerate(FLAGS):
        mine = rows & np.isnan(p.value[:, k]) & (p.flag[:, k] == code)
        if code and mine.any():
            out[mine] = from_flag(flag, states)


def _of(p: People, finding: str, k: int, rows: Array, edges: Array, cv: float) -> Array:
    """Classes of a finding from analyte `k` for `rows`, with its edges [n, m]."""
    states = findings()[finding].states
    out = np.ones((len(p), len(states)))
    numbers = rows & ~np.isnan(p.value[:, k])
    out[numbers] = graded(p.value[numbers, k], p.censor[numbers, k], edges[numbers], cv)
    words(p, k, rows, states, out)
    return np.maximum(out, LEAST)


def _fixed(p: People, *edges: float) -> Array:
    return np.tile(np.array(edges), (len(p), 1))


def calcium_edges(p: People, k: int) -> Array:
    """Edges of calcium: low, high, severe; ionised by its own limits."""
    if NAMES[k] == "calcium_ionised":
        e = _fixed(p, EDGES.ionised_low, EDGES.ionised_high, EDGES.ionised_severe)
        for j, printed in enumerate((p.low[:, k], p.high[:, k])):
            e[:, j] = np.where(np.isnan(printed) | (printed == 0), e[:, j], printed)
        return e
    both = limits(p, k)
    return np.hstack([both, np.maximum(EDGES.calcium_severe, both[:, 1:])])


def pth_edges(p: People, k: int, kidney: Array) -> Array:
    """Edges of PTH: by the nomogram, or by multiples of the assay's limit in kidney failure."""
    calcium = np.where(np.isnan(p.of("calcium_adjusted")), p.of("calcium"), p.of("calcium_adjusted"))
    calcidiol = np.where(np.isnan(p.of("calcidiol")), NOMOGRAM.usual_calcidiol, p.of("calcidiol"))
    age, n = np.where(np.isnan(p.age), NOMOGRAM.usual_age, p.age), NOMOGRAM
    line = (
        n.intercept
        + n.calcium * n.calcium_factor * calcium
        + n.calcidiol * n.calcidiol_factor * calcidiol
        + n.age * age
    )
    limit = np.where(np.isnan(calcium), EDGES.pth_uln, np.maximum(n.lowest, line)) * np.where(
        kidney == REDUCED_KIDNEY, 1.5, 1
    )
    own = np.stack([np.minimum(EDGES.pth_suppressed, 0.8 * limit), limit, EDGES.pth_very_high * limit], 1)
    uln = np.where(np.isnan(p.high[:, k]) | (p.high[:, k] == 0), EDGES.pth_uln, p.high[:, k])
    failure = uln[:, None] * np.array([EDGES.ckd_low, EDGES.ckd_target_low, EDGES.ckd_target_high])
    return np.where((kidney == FAILURE)[:, None], failure, own)


def edges(p: People, finding: str, k: int, kidney: Array) -> tuple[Array, float]:
    """Edges [n, classes - 1] and noise of one serum finding read from analyte `k`."""
    if finding == "calcium":
        return calcium_edges(p, k), NOISE.calcium
    if finding == "pth":
        return pth_edges(p, k, kidney), NOISE.pth
    if finding == "calcidiol":
        return _fixed(p, EDGES.calcidiol_low, EDGES.calcidiol_high, EDGES.calcidiol_toxic), NOISE.other
    if finding == "calcium_clearance":
        return _fixed(p, EDGES.clearance_low), NOISE.other
    both = limits(p, k)
    chosen = {("low", "normal", "high"): both, ("normal", "high"): both[:, 1:], ("low", "normal"): both[:, :1]}
    return chosen[findings()[finding].states], NOISE.phosphate if finding == "phosphate" else NOISE.other


def _first(p: People, order: tuple[str, ...]) -> Iterator[tuple[int, Array]]:
    """(analyte, rows) where it is the first of `order` that is known; an analyte that is named twice comes once."""
    left = np.ones(len(p), bool)
    for name in (x for x in order if x in NAMES):  # a finding may name an analyte that no file of ours describes yet
        rows = left & p.known(name)
        left &= ~rows
        yield NAMES.index(name), rows


def serum(p: People, finding: str, kidney: Array) -> tuple[Array, Array]:
    """(rows that are known, classes [n, states]) of one serum finding."""
    f = findings()[finding]
    seen, out = np.zeros(len(p), bool), np.ones((len(p), len(f.states)))
    orders = [(f.analyte, np.ones(len(p), bool))]
    if finding == "calcium":  # adjusted calcium is never used in kidney failure
        bad = kidney == FAILURE
        orders = [(("calcium_ionised", "calcium", "calcium_adjusted"), bad), (("calcium_ionised", "calcium_adjusted", "calcium"), ~bad)]  # fmt: skip
    for order, whom in orders:
        for k, rows in _first(p, order):
            mine = rows & whom
            if mine.any():
                e, cv = edges(p, finding, k, kidney)
                out[mine] = _of(p, finding, k, mine, e, cv)[mine]
                seen |= mine
    return seen, out


def egfr_2021(creatinine: Array, age: Array, female: Array) -> Array:
    """`interpretation.egfr_2021` for arrays."""
    k, a = np.where(female, 0.7, 0.9), np.where(female, -0.241, -0.302)
    ratio = creatinine / 88.4 / k
    return (
        142.0 * np.minimum(ratio, 1.0) ** a * np.maximum(ratio, 1.0) ** -1.2 * 0.9938**age * np.where(female, 1.012, 1)
    )


def kidney(p: People, reduced: Array) -> tuple[Array, Array]:
    """(rows with a number or a word, classes normal, reduced, failure [n, 3]); `reduced`: words said so too."""
    g, c = NAMES.index("egfr"), NAMES.index("creatinine")
    two, tail = _fixed(p, EDGES.egfr_failure, EDGES.egfr_reduced), EDGES.other_tail
    out, seen = np.ones((len(p), 3)), np.zeros(len(p), bool)
    for k, rows in _first(p, ("egfr", "creatinine")):
        seen |= rows
        number = rows & ~np.isnan(p.value[:, k])
        worse = rows & ~number & (p.flag[:, k] == FLAGS.index("L" if k == g else "H"))
        out[rows & ~number], out[worse] = (1.0, tail, tail), (tail, 1.0, 0.25)
        if k == g:
            out[number] = graded(p.value[number, k], p.censor[number, k], two[number], NOISE.other)[:, ::-1]
            continue
        grown = number & (p.age >= 18)
        rate = egfr_2021(p.value[grown, c], p.age[grown], p.sex[grown] == FEMALE)
        out[grown] = soft(rate, two[grown], NOISE.other)[:, ::-1]
        young, high = number & ~grown, limits(p, c)[:, 1:]
        out[young] = graded(p.value[young, c], p.censor[young, c], np.hstack([high, 5 * high])[young], NOISE.other)
    out[reduced & seen] *= REDUCED
    out /= np.maximum(out.sum(1, keepdims=True), 1e-300)
    return seen, np.maximum(out, LEAST)


def discordance(p: People) -> tuple[Array, Array]:
    """(rows, classes present, absent [n, 2]): total calcium high while ionised calcium is not."""
    t, i = NAMES.index("calcium"), NAMES.index("calcium_ionised")
    rows = p.known("calcium") & p.known("calcium_ionised")
    high = []
    for k in (t, i):
        found = (p.flag[:, k] == FLAGS.index("H")).astype(float)
        number = rows & ~np.isnan(p.value[:, k])
        w = graded(p.value[number, k], p.censor[number, k], calcium_edges(p, k)[number], NOISE.calcium)
        found[number] = w[:, 2:].sum(1) / w.sum(1)
        high.append(found)
    present = high[0] * (1 - high[1])
    return rows, np.stack([np.maximum(present, 1e-3), np.maximum(1 - present, 1e-3)], 1)
