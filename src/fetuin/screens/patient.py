"""The Patient screen: a record becomes a timeline, an answer with its evidence, and the answer with a datum hidden or added.

Every datum has a key (`observation/3`): evidence points to the data it rests on, hiding names the key. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
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
from fetuin.records import Observation, Record, read_bytes
from fetuin.reports.reference import interval_of, name_of_analyte
from fetuin.units import to_canonical

KINDS = {"observation": "observations", "condition": "conditions", "medication": "medications",
         "procedure": "procedures", "tissue": "tissue", "variant": "variants"}  # fmt: skip
COURSE = "two-years-of-haemodialysis"
COURSE_WORDS = {
    "name": COURSE, "title": "Two years of haemodialysis (simulated)", "setting": "dialysis_unit", "url": "",
    "teaches": "A course of monthly values: phosphate and PTH rise while a finger calcifies.",
    "source": "simulated by fetuin, with biological and analytical scatter; no person",
}  # fmt: skip


def choices() -> dict[str, Any]:
    """What may be opened and added: shipped examples, settings, findings with their states, analytes with their units."""
    return {
        "examples": [
            {"name": e.name, "title": e.title, "teaches": e.teaches, "source": e.source, "url": e.url, "setting": e.setting}
            for e in shipped()
        ] + [COURSE_WORDS],
        "settings": [{"id": s.id, "label": s.label} for s in settings().values()],
        "findings": [
            {"id": f.id, "label": f.label, "layer": f.layer, "question": f.question, "states": list(f.states)}
            for f in findings().values()
        ],
        "analytes": {
            k: {"name": a.name, "canonical": a.canonical, "units": {u: float(x) for u, x in a.factors.items()}}
            for k, a in analytes().items()
        },
    }  # fmt: skip


def answer(request: Mapping[str, Any], file: bytes | None = None) -> dict[str, Any]:
    """{example, person, setting, hide, assumed, values} and perhaps a file -> the record, its timeline and the assessment.

    hide: keys of data; assumed: {finding: state}; values: [{analyte, value, unit}]; hide_tissue leaves its state out.
    """
    record, people, setting = _opened(request, file)
    changed = _added(_hidden(record, request.get("hide") or ()), request.get("values") or ())
    found = assess(
        changed, setting=setting, hide_tissue=bool(request.get("hide_tissue")), assumed=request.get("assumed") or {}
    )
    body: dict[str, Any] = found.to_dict()
    rows = list(_data(record))
    for e in body["evidence"]:
        e["data"] = _rests_on(e, rows)
        e["sources"] = [body["citations"].get(c, c) for c in e["citations"]]
    return {
        "assessment": body, "data": rows, "people": people, "setting": setting, "id": record.id,
        "sex": record.sex, "age": record.age, "series": _series(record),
    }  # fmt: skip


@cache
def course() -> bytes:
    """The simulated course as the tidy CSV that ships with the package (examples/maintenance/build_course.py)."""
    return files("fetuin.screens").joinpath(f"{COURSE}.csv").read_bytes()


def _rests_on(evidence: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Keys of the data behind a piece of evidence: those at the place that its datum names, else those that speak to it."""
    place = [d["key"] for d in rows if d["place"] and evidence["datum"].endswith(f", {d['place']})")]
    return place or [d["key"] for d in rows if evidence["finding"] in d["findings"]]


def _opened(request: Mapping[str, Any], file: bytes | None) -> tuple[Record, int, str]:
    """(the record, how many persons the file holds, the setting)."""
    setting = request.get("setting") or ""
    if (name := request.get("example")) == COURSE:
        records, setting = list(read_bytes(course(), f"{COURSE}.csv")), setting or "dialysis_unit"
    elif name:
        chosen = example(str(name))
        with chosen.path() as path:
            records = list(read_bytes(path.read_bytes(), path.name))
        setting = setting or chosen.setting
    else:
        if not file:
            raise InputError("No record was given.", where="file", fix="open a file, or one of the examples")
        records = list(read_bytes(file, str(request.get("name") or "record")))
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
            raise InputError(
                f"There is no datum '{str(key)[:40]}' to hide.", where="hide", fix="a key such as observation/0"
            )
        gone.setdefault(kind, set()).add(int(number))
    for kind, numbers in gone.items():
        name = "notes" if kind == "note" else KINDS[kind]
        kept = tuple(x for i, x in enumerate(getattr(record, name)) if i not in numbers)
        record = replace(record, **{name: kept})  # type: ignore[arg-type]
    return record


def _after(record: Record) -> datetime | None:
    """A day after the latest value; None where no value has a date: then the last one given is the newest."""
    dated = [o.time for o in record.observations if o.time]
    return max(dated, key=lambda t: t.timestamp()) + timedelta(days=1) if dated else None


def _added(record: Record, wanted: Any) -> Record:
    """The record with more values; what is added is the newest, and so the one that is read."""
    for what in wanted:
        known = analytes().get(str(what.get("analyte")))
        if known is None:
            raise InputError("One of the added values is of no analyte that is known.", where="values")
        value = to_canonical(float(what["value"]), str(what.get("unit") or ""), known, "values")
        words = f"{what['value']} {what.get('unit')} (assumed)"
        new = Observation(known.key, value, known.canonical, _after(record), printed=words)
        record = replace(record, observations=(*record.observations, new))
    return record
