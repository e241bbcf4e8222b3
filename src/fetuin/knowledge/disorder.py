"""Disorders: one file each in `disorders/`: codes, mechanism labels, findings with likelihoods, deciding test, targets.

A disorder with `[[variant]]` tables is several states of the model (sarcoidosis and other granulomas, say): each variant
takes the likelihoods of the disorder and overrides some. Each number has a source and a spread, or the build stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fetuin.catalog import documents
from fetuin.knowledge.chance import Chance, KnowledgeError, Number, read_chance, read_number
from fetuin.knowledge.cited import sources
from fetuin.knowledge.finding import findings

AXES = ("tissue", "systemic")
MECHANISMS = ("dystrophic", "metastatic", "iatrogenic", "calciphylaxis", "hereditary", "idiopathic")
ANSWERS = (*MECHANISMS, "mixed", "none")
_WHOLE = Number(1.0, 10.0, ("assumption: the disorder has one form",))


@dataclass(frozen=True)
class Variant:
    """One form of a disorder: a state of the model. `share` is its part of the disorder."""

    id: str
    name: str
    group: str
    answer: str
    labels: tuple[str, ...]
    share: Number
    likelihoods: Mapping[str, Chance]


@dataclass(frozen=True)
class Disorder:
    """One disorder. `axis` says which question it answers: the state of the tissue, or of the serum and the system."""

    id: str
    name: str
    axis: str
    deciding_test: str
    exposure: str
    icd10cm: tuple[str, ...]
    quantities: tuple[str, ...]
    maturity: str
    note: str
    variants: tuple[Variant, ...]
    together: Mapping[str, Number] = field(default_factory=dict)


def _likelihoods(d: Mapping[str, Any], where: str) -> dict[str, Chance]:
    known = findings()
    for f in d:
        if f not in known:
            raise KnowledgeError(f"{f!r} is no finding.", where=where, fix="add findings/<name>.toml, or mend the name")
    return {f: read_chance(c, known[f].states, f"{where}, {f}") for f, c in d.items()}


def _variant(d: Mapping[str, Any], v: Mapping[str, Any], shared: dict[str, Chance], key: str) -> Variant:
    where = f"disorders/{key}.toml, variant {v.get('id', '')}"
    answer, labels = v.get("answer", d["answer"]), tuple(v.get("labels", d["labels"]))
    if answer not in ANSWERS or set(labels) - set(MECHANISMS):
        raise KnowledgeError(f"{answer!r} or {labels} is no mechanism.", where=where, fix=", ".join(ANSWERS))
    own = _likelihoods(v.get("likelihoods", {}), where)
    share = read_number(v["share"], where) if "share" in v else _WHOLE
    name, group = v.get("name", d["name"]), v.get("group", d["group"])
    return Variant(v.get("id", key), name, group, answer, labels, share, {**shared, **own})


def read_disorder(key: str, d: Mapping[str, Any]) -> Disorder:
    """The Disorder of one TOML file; KnowledgeError where a number lacks source or spread, or a name is unknown."""
    where = f"disorders/{key}.toml"
    if d["axis"] not in AXES:
        raise KnowledgeError(f"axis {d['axis']!r} is not known.", where=where, fix=f"one of {AXES}")
    shared = _likelihoods(d["likelihoods"], where)
    forms = tuple(_variant(d, v, shared, key) for v in d.get("variant", ({},)))
    if abs(sum(v.share.value for v in forms) - 1.0) > 1e-6:
        raise KnowledgeError("The shares of the variants do not add up to 1.", where=where, fix="mend share.value")
    return Disorder(
        id=key,
        name=d["name"],
        axis=d["axis"],
        deciding_test=d["deciding_test"],
        exposure=d["exposure"],
        icd10cm=tuple(d["icd10cm"]),
        quantities=sources(d["quantities"], where) if d["quantities"] else (),
        maturity=d["maturity"],
        note=d.get("note", ""),
        variants=forms,
        together={k: read_number(n, f"{where}, with.{k}") for k, n in d.get("with", {}).items()},
    )


@cache
def disorders() -> dict[str, Disorder]:
    """{id: Disorder} of the folder, in the order of the names."""
    return {k: read_disorder(k, d) for k, d in documents("fetuin.knowledge", "disorders").items()}
