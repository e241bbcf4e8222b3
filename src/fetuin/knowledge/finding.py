"""Findings: one file each in `findings/`: how it is recognised, its states, what it costs and harms to ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fetuin.catalog import documents
from fetuin.knowledge.chance import Chance, KnowledgeError, read_chance
from fetuin.knowledge.cited import sources

LAYERS = ("tissue", "serum", "history")
COMBINES = ("louder", "mixture", "pair")


@dataclass(frozen=True)
class Recognise:
    """What in a record means one state: regular expressions, ICD-10-CM and HPO codes, gene symbols."""

    text: tuple[str, ...] = ()
    icd10cm: tuple[str, ...] = ()
    hpo: tuple[str, ...] = ()
    gene: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One finding. `layer`: tissue, serum or history. `combine`: how two causes share it (see `diagnosis/model.py`)."""

    id: str
    label: str
    layer: str
    question: str
    states: tuple[str, ...]
    background: Chance
    test: str
    cost: float
    harm: float
    cost_source: str
    harm_source: str
    after: tuple[str, ...] = ()
    offer: bool = True
    analyte: tuple[str, ...] = ()
    combine: str = "louder"
    repeat: bool = False
    family: bool = False
    note: str = ""
    recognise: Mapping[str, Recognise] = field(default_factory=dict)


def _recognise(d: Mapping[str, Any], states: tuple[str, ...], where: str) -> dict[str, Recognise]:
    found = {}
    for state, r in d.items():
        if state not in states or set(r) - set(Recognise.__dataclass_fields__):
            raise KnowledgeError(f"recognise.{state} is not known.", where=where, fix=f"states: {', '.join(states)}")
        found[state] = Recognise(**{k: tuple(v) for k, v in r.items()})
    return found


def _priced(d: Mapping[str, Any], name: str, where: str) -> tuple[float, str]:
    try:
        value, _, source = float(d[name]["value"]), d[name]["unit"], d[name]["source"]
    except (KeyError, TypeError):
        raise KnowledgeError(f"ask.{name} lacks value, unit or source.", where=where, fix="give all three") from None
    return value, sources(source, where)[0]


def read_finding(key: str, d: Mapping[str, Any]) -> Finding:
    """The Finding of one TOML file; KnowledgeError where it is not as the house asks."""
    where = f"findings/{key}.toml"
    states, ask = tuple(d["states"]), d["ask"]
    combine = d.get("combine", "louder")
    if d["layer"] not in LAYERS or combine not in COMBINES or len(states) < 2:
        raise KnowledgeError(
            "layer, combine or states are wrong.", where=where, fix=f"{LAYERS}; {COMBINES}; two states"
        )
    (cost, cost_source), (harm, harm_source) = _priced(ask, "cost", where), _priced(ask, "harm", where)
    return Finding(
        id=key,
        label=d["label"],
        layer=d["layer"],
        question=d["question"],
        states=states,
        background=read_chance(d["background"], states, f"{where}, background"),
        test=ask["test"],
        cost=cost,
        harm=harm,
        cost_source=cost_source,
        harm_source=harm_source,
        after=tuple(ask.get("after", ())),
        offer=ask.get("offer", True),
        analyte=tuple(d.get("analyte", ())),
        combine=combine,
        repeat=d.get("repeat", False),
        family=d.get("family", False),
        note=d.get("note", ""),
        recognise=_recognise(d.get("recognise", {}), states, where),
    )


@cache
def findings() -> dict[str, Finding]:
    """{id: Finding} of the folder, in the order of the names."""
    return {k: read_finding(k, d) for k, d in documents("fetuin.knowledge", "findings").items()}
