"""The Patient screen: a record becomes a timeline, an answer with its evidence, and the answer with a datum hidden or added.

Every datum has a key (`observation/3`): evidence points to the data it rests on, hiding names the key. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from fetuin.diagnosis import assess
from fetuin.diagnosis.evidence import printed
from fetuin.diagnosis.recognition import code_hits, gene_hits, hits
from fetuin.errors import InputError, NotEnoughDataError
from fetuin.examples import example
from fetuin.examples import examples as shipped
from fetuin.knowledge.analyte import analytes
from fetuin.knowledge.finding import findings
from fetuin.knowledge.setting import settings
from fetuin.records import Condition, Observation, Record, TissueFinding, read_bytes
from fetuin.reports.reference import interval_of, name_of_analyte
from fetuin.units import to_canonical

KINDS = {"observation": "observations", "condition": "conditions", "medication": "medications",
         "procedure": "procedures", "tissue": "tissue", "variant": "variants"}  # fmt: skip
FLAGS = {"high": "H", "severe": "H", "low": "L", "normal": "N", "suppressed": "L"}


def choices() -> dict[str, Any]:
    """What may be opened and added: shipped examples, settings, findings with their states, analytes with their units."""
    return {
        "examples": [
            {"name": e.name, "title": e.title, "teaches": e.teaches, "source": e.source, "url": e.url, "setting": e.setting}
            for e in shipped()
        ],
        "settings": [{"id": s.id, "label": s.label} for s in settings().values()],
        "findings": [
            {"id": f.id, "label": f.label, "layer": f.layer, "question": f.question, "states": list(states)}
            for f in findings().values() if (states := _addable(f.id))
        ],
        "analytes": {
            k: {"name": a.name, "canonical": a.canonical, "units": {u: float(x) for u, x in a.factors.items()}}
            for k, a in analytes().items()
        },
    }  # fmt: skip


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """{example | name and text, person, setting, hide, add} -> the record, its timeline and the assessment.

    hide: keys of data; add: [{finding, state}] or [{analyte, value, unit}]; hide_tissue leaves the tissue's state out.
    """
    record, people, setting = _opened(request)
    changed = _added(_hidden(record, request.get("hide") or ()), request.get("add") or ())
    found = assess(changed, setting=setting, hide_tissue=bool(request.get("hide_tissue")))
    body: dict[str, Any] = found.to_dict()
    rows = list(_data(record))
    for e in body["evidence"]:
        e["data"] = _rests_on(e, rows)
        e["sources"] = [body["citations"].get(c, c) for c in e["citations"]]
    return {
        "assessment": body, "data": rows, "people": people, "setting": setting, "id": record.id,
        "sex": record.sex, "age": record.age, "series": _series(record),
    }  # fmt: skip


def _rests_on(evidence: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Keys of the data behind a piece of evidence: those at the place that its datum names, else those that speak to it."""
    place = [d["key"] for d in rows if d["place"] and evidence["datum"].endswith(f", {d['place']})")]
    return place or [d["key"] for d in rows if evidence["finding"] in d["findings"]]


def _opened(request: Mapping[str, Any]) -> tuple[Record, int, str]:
    """(the record, how many persons the file holds, the setting)."""
    setting = request.get("setting") or ""
    if name := request.get("example"):
        chosen = example(str(name))
        with chosen.path() as path:
            records = list(read_bytes(path.read_bytes(), path.name))
        setting = setting or chosen.setting
    else:
        text = str(request.get("text") or "")
        if not text.strip():
            raise InputError("No record was given.", where="text", fix="open a file, or one of the examples")
        records = list(read_bytes(text.encode(), str(request.get("name") or "record")[:120]))
    person = int(request.get("person") or 1)
    if not records:
        raise NotEnoughDataError("The file holds no person.", where=str(request.get("name") or ""))
    if not 1 <= person <= len(records):
        raise InputError(f"There is no person {person}.", where="person", why=f"the file holds {len(records)}")
    return records[person - 1], len(records), setting or "general"


def _data(record: Record) -> Iterator[dict[str, Any]]:
    """Every datum with its key, words, time, place in the source and the findings it speaks to."""
    interval = interval_of(record)
    for i, o in enumerate(record.observations):
        low, high = interval(o)
        yield {
            "key": f"observation/{i}", "kind": "observation", "label": name_of_analyte(o.analyte), "analyte": o.analyte,
            "value": o.value, "unit": o.unit, "censor": o.censor, "flag": o.flag, "low": low, "high": high,
            "time": o.time.isoformat() if o.time else None, "words": o.printed, "place": o.source.place,
            "printed": printed(o), "findings": [f.id for f in findings().values() if o.analyte in f.analyte],
        }  # fmt: skip
    for kind in list(KINDS)[1:]:
        for i, item in enumerate(getattr(record, KINDS[kind])):
            yield {
                "key": f"{kind}/{i}", "kind": kind, "label": _label(kind, item), "presence": item.presence,
                "time": _time(item), "place": item.source.place, "printed": _label(kind, item),
                "findings": sorted(_speaks_to(kind, item)),
            }  # fmt: skip
    for i, note in enumerate(record.notes):
        yield {"key": f"note/{i}", "kind": "note", "label": note, "time": None, "place": record.source.place,
               "printed": note, "findings": sorted({f for f, _, _ in hits(note)})}  # fmt: skip


def _label(kind: str, item: Any) -> str:
    if kind == "tissue":
        return f"{item.site} {item.text}".strip() or f"tissue {item.state}"
    return f"{item.gene} {item.text}".strip() if kind == "variant" else str(item.text)


def _time(item: Any) -> str | None:
    when = getattr(item, "onset", None) or getattr(item, "start", None) or getattr(item, "time", None)
    return when.isoformat() if when else None


def _speaks_to(kind: str, item: Any) -> set[str]:
    found = {f for f, _, _ in hits(_label(kind, item))}
    code = getattr(item, "code", None)
    found |= {f for f, _ in code_hits(*code)} if code else set()
    found |= {f for f, _ in gene_hits(item.gene)} if kind == "variant" else set()
    found |= {f for f, _, _ in hits(item.inn)} if kind == "medication" and item.inn else set()
    return found | ({"tissue_state"} if kind == "tissue" and item.state != "not_reported" else set())


def _series(record: Record) -> list[dict[str, Any]]:
    """Dated numbers of each analyte, oldest first, with its interval: what the timeline draws."""
    interval, out = interval_of(record), []
    for analyte in dict.fromkeys(o.analyte for o in record.observations):
        dated = [o for o in record.of(analyte) if o.time and o.value is not None]
        if not dated:
            continue
        low, high = interval(dated[-1])
        out.append({
            "analyte": analyte, "name": name_of_analyte(analyte), "unit": dated[-1].unit, "low": low, "high": high,
            "times": [o.time.timestamp() for o in dated if o.time], "values": [o.value for o in dated],
            "keys": [f"observation/{record.observations.index(o)}" for o in dated],
        })  # fmt: skip
    return out


def _hidden(record: Record, keys: Any) -> Record:
    """The record without the data of those keys; an unknown key is refused."""
    gone: dict[str, set[int]] = {}
    for key in keys:
        kind, _, number = str(key).partition("/")
        have = record.notes if kind == "note" else getattr(record, KINDS.get(kind, ""), ())
        if not number.isdigit() or int(number) >= len(have):
            raise InputError(f"There is no datum '{str(key)[:40]}' to hide.", where="hide", fix="a key such as observation/0")
        gone.setdefault(kind, set()).add(int(number))
    for kind, numbers in gone.items():
        name = "notes" if kind == "note" else KINDS[kind]
        kept = tuple(x for i, x in enumerate(getattr(record, name)) if i not in numbers)
        record = replace(record, **{name: kept})  # type: ignore[arg-type]
    return record


def _added(record: Record, wanted: Any) -> Record:
    """The record with more findings; what is added outranks what was there by being newest."""
    for what in wanted:
        if "analyte" in what:
            record = replace(record, observations=(*record.observations, _value(what)))
        else:
            record = _with_finding(record, str(what.get("finding")), str(what.get("state", "present")))
    return record


def _latest(record: Record) -> Any:
    return max((o.time for o in record.observations if o.time), key=lambda t: t.timestamp(), default=None)


def _value(what: Mapping[str, Any]) -> Observation:
    known = analytes().get(str(what["analyte"]))
    if known is None:
        raise InputError(f"'{str(what['analyte'])[:40]}' is no analyte that is known.", where="add")
    value = to_canonical(float(what.get("value") or 0.0), what.get("unit"), known, "add")
    from datetime import UTC, datetime

    return Observation(known.key, value, known.canonical, datetime.now(UTC), printed=f"{what.get('value')} {what.get('unit')}")


def _with_finding(record: Record, name: str, state: str) -> Record:
    if name not in findings() or state not in (*findings()[name].states, "absent"):
        raise InputError(f"'{name[:40]}' in state '{state[:20]}' is no finding that is known.", where="add")
    f = findings()[name]
    if name == "tissue_state":
        others = tuple(replace(t, state="not_reported") for t in record.tissue)
        return replace(record, tissue=(*others, TissueFinding(text="added", state=state)))  # type: ignore[arg-type]
    if f.layer == "serum" and f.analyte:
        fresh = Observation(f.analyte[0], None, "", _latest(record), FLAGS[state])  # type: ignore[arg-type]
        kept = tuple(o for o in record.observations if o.analyte not in f.analyte)
        return replace(record, observations=(*kept, fresh))
    said = _phrase(name, "present" if state == "absent" else state)
    if said is None:
        raise InputError(f"'{name}' in state '{state}' cannot be added.", where="add", fix="one of those in the list")
    text, code = said
    if name == "site":
        return replace(record, tissue=(*record.tissue, TissueFinding(site=text)))
    return replace(
        record, conditions=(*record.conditions, Condition(text, code, "absent" if state == "absent" else "present"))
    )


@cache
def _addable(name: str) -> tuple[str, ...]:
    """The states that the screen can add: a flag of an analyte, the tissue's state, or words and codes that mean it."""
    f = findings()[name]
    if name == "tissue_state":
        return f.states
    if f.layer == "serum" and f.analyte:
        return tuple(s for s in f.states if s in FLAGS)
    told = tuple(s for s in f.states if s != "absent" and _phrase(name, s))
    return (*told, "absent") if told and set(f.states) == {"present", "absent"} else told


@cache
def _phrase(name: str, state: str) -> tuple[str, tuple[str, str] | None] | None:
    """Words that are recognised as this finding and as little else as can be, or a code with its system."""
    f = findings()[name]
    words = (f.label, f.id.replace("_", " "), f"{f.id} {state}".replace("_", " "), state.replace("_", " "))
    for text in words:
        found = hits(text)
        if (f.id, state, True) in found and {h[0] for h in found} == {f.id}:
            return text, None
    known = f.recognise.get(state)
    if known and known.icd10cm:
        return "added finding", ("ICD-10-CM", known.icd10cm[0])
    if known and known.hpo:
        return "added finding", ("HPO", known.hpo[0])
    return next(((t, None) for t in words if (f.id, state, True) in hits(t)), None)
