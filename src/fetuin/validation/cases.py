"""Published cases with a known diagnosis: each asked, each answer beside its label.

The label is read here and nowhere else. A case counts for the mechanism where its label has one and is not marked weak;
for the cause where it has a cause group. The mechanism is asked among the seven; a case was published for its calcification.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.diagnosis.differential import differential
from fetuin.diagnosis.evidence import readings
from fetuin.diagnosis.model import CALCIFIED, Array, model
from fetuin.errors import InputError, NotEnoughDataError
from fetuin.records import Record, read_records


@dataclass(frozen=True)
class Label:
    """What the source says: mechanism (None: hypercalcaemia without calcification), cause group, firm or weak, source."""

    id: str
    mechanism: str | None
    group: str | None
    weak: bool
    source: str

    @property
    def firm(self) -> bool:
        """True where the mechanism may be judged."""
        return self.mechanism in CALCIFIED and not self.weak


@dataclass(frozen=True)
class Row:
    """One case asked: probabilities of the mechanisms and of the cause groups, beside the label."""

    label: Label
    mechanisms: dict[str, float]
    groups: dict[str, float]

    @property
    def ranked(self) -> list[str]:
        """Mechanisms, most probable first."""
        return sorted(self.mechanisms, key=lambda m: (-self.mechanisms[m], m))

    @property
    def ranked_groups(self) -> list[str]:
        """Cause groups, most probable first."""
        return sorted(self.groups, key=lambda g: (-self.groups[g], g))


@cache
def group_members() -> tuple[tuple[str, ...], Array]:
    """Names of the cause groups and a matrix pairs x groups, 1 where a pair contributes to the group."""
    m = model()
    forms = [x.variant for x in (*m.tissue, *m.systemic) if x.variant]
    names = tuple(sorted({v.group for v in forms}))
    member = np.zeros((m.pairs, len(names)))
    for k in range(m.pairs):
        for x in (m.tissue[m.pair_t[k]], m.systemic[m.pair_s[k]]):
            if x.variant:
                member[k, names.index(x.variant.group)] = 1.0
    return names, member


def ask(record: Record, label: Label, setting: str = "general") -> Row:
    """The probabilities for one record."""
    d = differential(readings(record), setting)
    names, member = group_members()
    return Row(label, d.mechanisms(), dict(zip(names, (d.pairs @ member).tolist(), strict=True)))


def _label(d: Any, where: str) -> Label:
    given = d.get("label") if isinstance(d, dict) else None
    if not isinstance(given, dict):
        raise InputError("The case has no label.", where=where, fix="give label = {mechanism, cause_group, weak}")
    source = d.get("source") if isinstance(d.get("source"), dict) else {}
    key = str(source.get("url") or source.get("citation") or d.get("id") or where)
    mechanism, group = given.get("mechanism"), given.get("cause_group")
    return Label(str(d.get("id") or where), mechanism, group, bool(given.get("weak")), key)


def read_labels(path: Path) -> list[Label]:
    """The labels of a file of cases, one a line; InputError names the line that has none."""
    found = []
    for n, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                found.append(_label(json.loads(line), f"{path.name}, line {n}"))
            except ValueError:
                where = f"{path.name}, line {n}"
                raise InputError("The line is not JSON.", where=where, fix="give one object a line") from None
    return found


def ask_all(path: Path, setting: str = "general", hide_tissue: bool = False) -> list[Row]:
    """Every case of a file asked; NotEnoughDataError where the file holds none."""
    if not path.is_file():
        raise InputError("There is no such file.", where=path.name, fix="check the path")
    records = list(read_records(path))
    labels = read_labels(path)
    if len(labels) != len(records):
        raise InputError("Records and labels differ in number.", where=path.name, fix="give one case a line")
    if not any(x.firm or x.group for x in labels):
        raise NotEnoughDataError("No case has a label.", where=path.name, fix="see docs/reference/record-formats.md")
    return [ask(hidden(r, hide_tissue), x, setting) for r, x in zip(records, labels, strict=True)]


def hidden(record: Record, hide_tissue: bool) -> Record:
    """The record, without the state of its tissue where that is asked."""
    return record.without_tissue_state() if hide_tissue else record


def firm(rows: Iterable[Row]) -> Sequence[Row]:
    """The rows whose mechanism may be judged."""
    return [r for r in rows if r.label.firm]
