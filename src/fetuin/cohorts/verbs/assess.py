"""The left trunk over a cohort: facts in, one row a person out, with the reasons. Equal to `assess` person by person.

Intervals, next tests and warnings are given for one person by `fetuin assess`; here stand the answer, the probability of
each mechanism, the leading cause and the three readings that speak loudest for or against the answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.cohorts.contract import Verb
from fetuin.cohorts.evidence import STATES, Column, batch, columns
from fetuin.cohorts.people import People, load
from fetuin.cohorts.phrases import Phrases, understand
from fetuin.cohorts.said import Listener
from fetuin.cohorts.sources.contract import quoted
from fetuin.cohorts.staging import FACTS, PHRASE, Staged, connect, stage
from fetuin.diagnosis.answer import FIRM, NOTHING
from fetuin.diagnosis.batch import projected
from fetuin.diagnosis.model import ANSWERS, CALCIFIED, NONE, OTHER, model
from fetuin.knowledge.disorder import disorders
from fetuin.knowledge.finding import findings
from fetuin.runs.folder import RunFolder

REASONS = 3
WHY_NOT = ("", "findings fit none of the known causes", "no calcification reported, and nothing points firmly to a cause",
           "no mechanism is probable enough")  # fmt: skip


@cache
def phrases_of(folder: str) -> Phrases:
    """The phrases of a staged cohort; kept, for a process reads many parts."""
    con = connect(1)
    table = con.execute(f"SELECT * FROM read_parquet({quoted(Path(folder) / 'phrases.parquet')}) ORDER BY phrase")
    names = ("phrase", *PHRASE)
    rows = [dict(zip(names, r)) for r in table.fetchall()]
    con.close()
    return Phrases(np.array([r["phrase"] for r in rows], np.uint64), tuple(understand(rows)))


@cache
def _listener(folder: str, hide_tissue: bool) -> Listener:
    return Listener(phrases_of(folder), hide_tissue)


def listener_of(parameters: Mapping[str, Any]) -> Listener:
    """What this process remembers of the words of a staged cohort."""
    return _listener(parameters["staged"], parameters.get("hide_tissue", False))


def staged_of(parameters: Mapping[str, Any]) -> Staged:
    """Where the parts stand."""
    return Staged(Path(parameters["staged"]), parameters["parts"], parameters["facts"], parameters["source"])


def prepare(source: Path, folder: RunFolder, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Stage the input inside the run folder; one chunk a part."""
    staged = stage(source, folder.path / "staged", parameters.get("facts_a_part", FACTS))
    parts = sorted(int(p.name.split("=")[1]) for p in (staged.folder / "facts").iterdir())
    known = {"staged": str(staged.folder), "parts": staged.parts, "facts": staged.facts, "source": staged.source}
    return parameters | known, [{"part": k} for k in parts]


@cache
def _onto() -> np.ndarray:
    """Pairs x (answers, disorders): what a posterior is summed onto."""
    answers = np.eye(len(ANSWERS))[model().answers]
    members = np.stack([model().members(d) for d in disorders()], 1)
    return np.hstack([answers, members]).astype(np.float32)


def answered(p: People, found: list[Column], setting: str) -> dict[str, np.ndarray]:
    """Answer, why there is none, probabilities and leading cause of each person."""
    both = projected(batch(len(p), found), _onto(), setting)
    answers, causes = both[:, : len(ANSWERS)], both[:, len(ANSWERS) :]
    calcified = answers[:, : len(CALCIFIED)]
    leading, shares = calcified.argmax(1), calcified.sum(1)
    top = calcified.max(1) / np.maximum(shares, 1e-30)
    reported = np.zeros(len(p), bool)
    for c in found:
        reported[c.rows[c.state == STATES.index(("calcification_reported", "present"))]] = True
    outside, none = (answers[:, ANSWERS.index(x)] for x in (OTHER, NONE))
    why = np.select([outside > FIRM.outside, (none > 0.5) & ~reported, top < FIRM.top], [1, 2, 3], 0)
    cause = causes.argmax(1)
    return {
        "answer": np.where(why > 0, len(CALCIFIED), leading), "leading": leading, "why_not": why, "cause": cause,
        "p_cause": np.take_along_axis(causes, cause[:, None], 1)[:, 0], "answers": answers,
    }  # fmt: skip


def loudest(n: int, found: list[Column], leading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The readings that speak loudest of the leading mechanism: states [n, 3] (-1: none) and weights [n, 3]."""
    state, weight = np.full((n, REASONS), -1, np.int32), np.zeros((n, REASONS))
    if not found:
        return state, weight
    rows = np.concatenate([c.rows for c in found])
    states = np.concatenate([c.state for c in found])
    ratios = np.concatenate([c.loud[np.arange(len(c.rows)), leading[c.rows]] for c in found])
    order = np.lexsort((states, -np.abs(ratios), rows))
    rows, states, ratios = rows[order], states[order], ratios[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    keep = rank < REASONS
    state[rows[keep], rank[keep]], weight[rows[keep], rank[keep]] = states[keep], ratios[keep]
    return state, weight


def work(parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    """One part: from its facts to one Parquet file, a row a person in the order of ids."""
    con = connect(1, "400MB")
    listener = listener_of(parameters)
    p = load(staged_of(parameters), chunk["part"], listener.phrases, con)
    found = columns(p, listener, parameters["setting"])
    said = answered(p, found, parameters["setting"])
    state, weight = loudest(len(p), found, said["leading"])
    _write(con, p, said, state, weight, path)
    con.close()


def _write(con: Any, p: People, said: dict[str, np.ndarray], state: np.ndarray, weight: np.ndarray, path: Path) -> None:
    import pandas as pd

    table: dict[str, Any] = {"id": p.ids}
    table["answer"] = pd.Categorical.from_codes(said["answer"], [*CALCIFIED, NOTHING])
    table["most_probable"] = pd.Categorical.from_codes(said["answers"].argmax(1), list(ANSWERS))
    table["leading"] = pd.Categorical.from_codes(said["leading"], list(CALCIFIED))
    table["why_not"] = pd.Categorical.from_codes(said["why_not"], list(WHY_NOT))
    table |= {f"p_{a}": said["answers"][:, k] for k, a in enumerate(ANSWERS)}
    table["cause"] = pd.Categorical.from_codes(said["cause"], list(disorders()))
    table["p_cause"] = said["p_cause"]
    labels = [_label(f, s) for f, s in STATES]
    for k in range(REASONS):
        table[f"reason_{k + 1}"] = pd.Categorical.from_codes(state[:, k], labels)
        table[f"weight_{k + 1}"] = np.where(state[:, k] >= 0, weight[:, k], np.nan).astype(np.float32)
    table |= {"facts": p.facts.astype(np.int32), "refused": p.refused.astype(np.int32)}
    frame = pd.DataFrame(table)
    con.register("frame", frame)
    notes = json.dumps(p.why).replace("'", "''")
    con.execute(
        f"COPY (SELECT * FROM frame) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{refused: '{notes}'}})"
    )


def _label(finding: str, state: str) -> str:
    return (
        f"{findings()[finding].label}: {state.replace('_', ' ')}"
        if finding != "site"
        else f"Site: {state.replace('_', ' ')}"
    )


VERB = Verb("assess", "person", prepare, work)
