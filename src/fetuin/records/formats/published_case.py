"""Published cases, one JSON object a line: what a paper says of one person, facts only.

Two kinds of line: a case with laboratory values and phrases, and a case of HPO terms (`"kind": "phenopacket"`). What is
read is what a clinician would have had; `label`, `disease` and the curator's `notes` hold the answer and are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fetuin.errors import InputError
from fetuin.knowledge.analyte import by_name, plain
from fetuin.records.formats.contract import Format
from fetuin.records.formats.front_door import load
from fetuin.records.gather import gather
from fetuin.records.hpo import chemistry
from fetuin.records.observe import Printed, censor_of, flag_of, number, observe
from fetuin.records.phrases import read_phrase
from fetuin.records.record import (
    Condition,
    Observation,
    Record,
    Refusal,
    Source,
    TissueFinding,
    TissueState,
    Variant,
)

FORMAT_NAME = "published_case"
_STATES: dict[str, TissueState] = {"viable": "viable", "damaged": "damaged", "mixed": "mixed"}


def _lab(key: str, lab: dict[str, Any], source: Source) -> list[Observation | Refusal]:
    analyte = by_name().get(plain(key))
    if analyte is None:
        return [Refusal(f"labs.{key[:40]}", "no analyte has this name", "see docs/reference/analytes.md", source)]
    unit = lab.get("unit")
    return observe(
        analyte,
        Printed(
            number(lab.get("value")),
            unit if isinstance(unit, str) else None,
            censor_of(lab.get("censor") if isinstance(lab.get("censor"), str) else None),
            flag_of(lab.get("flag")),
            number(lab.get("ref_low")),
            number(lab.get("ref_high")),
            curated=True,
            source=source,
        ),
    )


def _labs(labs: object, source: Source) -> list[Observation | Refusal]:
    pairs = labs.items() if isinstance(labs, dict) else ()
    return [x for k, v in pairs if isinstance(v, dict) for x in _lab(k, v, source)]


def _list(x: object) -> list[Any]:
    return x if isinstance(x, list) else []


def _strings(x: object) -> list[str]:
    return [s for s in _list(x) if isinstance(s, str)]


def _tissue(f: object, source: Source) -> tuple[TissueFinding, ...]:
    if not isinstance(f, dict):
        return ()
    state = _STATES.get(str(f.get("tissue_state")), "not_reported")
    sites = _strings(f.get("sites"))
    found = [TissueFinding(site=s, state=state, source=source) for s in sites]
    for modality in ("histology", "imaging"):
        if isinstance(f.get(modality), str):
            found.append(TissueFinding(f[modality], state=state, modality=modality, source=source))
    if not found and state != "not_reported":
        found = [TissueFinding(state=state, source=source)]
    return tuple(found)


def _age(d: dict[str, Any]) -> float | None:
    age = number(d.get("age_years"))
    return float(age) if age is not None and 0 <= age <= 130 else None


def _head(d: dict[str, Any], source: Source) -> dict[str, Any]:
    return {
        "id": str(d.get("id") or ""),
        "sex": d.get("sex") if d.get("sex") in ("F", "M") else None,
        "age": _age(d),
        "age_approximate": d.get("age_approximate") is True,
        "source": source,
    }


def read_case(d: dict[str, Any], source: Source) -> Record:
    """The record of one published case with laboratory values and phrases."""
    labs = _labs(d.get("labs"), source)
    said = [x for p in _strings(d.get("history")) for x in read_phrase(p, source)]
    return Record(
        **_head(d, source),
        **gather([*labs, *said, *_tissue(d.get("findings"), source)]),
    )


def read_hpo_case(d: dict[str, Any], source: Source) -> Record:
    """The record of one published case of HPO terms, present and excluded."""
    terms = {k: [t for t in _list(d.get(k)) if isinstance(t, list) and len(t) == 2] for k in _HPO_LISTS}
    present, absent = terms["mineral_terms_present"], terms["mineral_terms_excluded"]
    found = [o for code, _ in present for o in chemistry(str(code), source)]
    system = "http://human-phenotype-ontology.org"
    gene = d.get("gene")
    terms_of = ((present, "present"), (absent, "absent"))
    said = [Condition(str(n), (system, str(c)), p, source=source) for group, p in terms_of for c, n in group]  # type: ignore[arg-type]
    tissue = [TissueFinding(str(n), code=(system, str(c)), source=source) for c, n in terms["calcification"]]
    genes = [Variant(gene, source=source)] if isinstance(gene, str) and gene else []
    return Record(**_head(d, source), **gather([*found, *said, *tissue, *genes]))


_HPO_LISTS = ("calcification", "mineral_terms_present", "mineral_terms_excluded")


def read(data: bytes, name: str) -> Iterator[Record]:
    """One Record a line; InputError names the line that is not a case."""
    for n, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        place = f"line {n}"
        d = load(line, f"{name}, {place}", 2**20)
        if not isinstance(d, dict) or not ("labs" in d or "findings" in d or d.get("kind") == "phenopacket"):
            fix = "give one object a line with id, findings, labs and history (docs/reference/record-formats.md)"
            raise InputError("The line is not a published case.", where=f"{name}, {place}", fix=fix)
        source = Source(name, FORMAT_NAME, place)
        yield read_hpo_case(d, source) if d.get("kind") == "phenopacket" else read_case(d, source)


def recognises(name: str, head: bytes) -> bool:
    """JSON Lines whose first object has the keys of a case and is no FHIR resource."""
    first = head.lstrip()[:65536].split(b"\n", 1)[0]
    case = b'"findings"' in first and (b'"labs"' in first or b'"history"' in first)
    hpo = b'"kind"' in first and b'"phenopacket"' in first and b'"calcification"' in first
    return first.startswith(b"{") and b'"resourceType"' not in first and (case or hpo)


FORMAT = Format(FORMAT_NAME, "Published cases, JSON Lines", recognises, read, suffix=".jsonl")
