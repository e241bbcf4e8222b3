"""FHIR R4: a Bundle, one resource, or NDJSON with one resource a line; R5 spellings of the same elements are understood.

A Bundle holds one person for `read_record`; `read_records` yields each person of it in turn. In NDJSON a line may be a
resource or a whole Bundle; resources of one person may stand on any line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fetuin.errors import InputError, LimitError
from fetuin.records.fhir.context import Context, Placed, placed
from fetuin.records.fhir.elements import obj, text
from fetuin.records.fhir.person import READERS, contained_patient, record_of, specimens, subject_of
from fetuin.records.fhir.write import to_json
from fetuin.records.formats.contract import Format
from fetuin.records.formats.front_door import MAX_BYTES, load
from fetuin.records.record import Record

FORMAT_NAME = "fhir"
MAX_ENTRIES = 10_000
_FIX = "give a FHIR R4 Bundle, one resource, or one resource a line"


def entries_of(bundle: dict[str, Any], place: str) -> list[Placed]:
    """The resources of a Bundle with their places; LimitError where there are more than `MAX_ENTRIES`."""
    listed = bundle.get("entry")
    if listed is not None and not isinstance(listed, list):
        raise InputError("Bundle.entry is not a list.", where=f"{place}.entry", fix="write Bundle.entry as a list")
    if len(listed or ()) > MAX_ENTRIES:
        raise LimitError(f"The Bundle has more than {MAX_ENTRIES} entries.", where=f"{place}.entry", fix="use NDJSON")
    found = []
    for i, entry in enumerate(listed or ()):
        e = obj(entry)
        if isinstance(e.get("resource"), dict):
            found.append(placed(e["resource"], f"{place}.entry[{i}].resource", e.get("fullUrl")))
    return found


def _resources(value: Any, place: str, depth: int = 0) -> list[Placed]:
    d = obj(value)
    kind = d.get("resourceType")
    if not isinstance(kind, str) or not kind:
        raise InputError("The JSON is not a FHIR resource.", where=place, why="it has no resourceType", fix=_FIX)
    if kind != "Bundle":
        return [placed(d, place)]
    inner = entries_of(d, place)
    if depth:
        return inner
    return [
        x
        for p in inner
        for x in (_resources(p.resource, p.place, 1) if p.resource.get("resourceType") == "Bundle" else [p])
    ]


def _lines(data: bytes, name: str) -> Iterator[tuple[Any, str]]:
    for n, line in enumerate(data.splitlines(), 1):
        if line.strip():
            yield load(line, f"{name}, line {n}", 4 * 2**20), f"line {n}"


def _people(resources: list[Placed], file: str) -> Iterator[Record]:
    """One Record for each person that the resources are about."""
    patients = [p for p in resources if p.resource.get("resourceType") == "Patient"]
    index = specimens(resources)
    clinical = [p for p in resources if text(p.resource.get("resourceType")) in READERS]
    if not patients and len(subjects := {subject_of(p.resource) for p in clinical} - {""}) <= 1:
        inner = contained_patient(clinical)
        who = placed(inner, "contained") if inner else Placed({"id": next(iter(subjects), "")}, "", frozenset())
        if clinical:
            yield record_of(who, clinical, Context(file, index))
        return
    claimed: set[int] = set()
    for patient in patients:
        context = Context(file, index)
        lone = len(patients) == 1
        mine = [
            p
            for p in clinical
            if (s := subject_of(p.resource)) in patient.names or (lone and (not s or not patient.names))
        ]
        claimed |= {id(p) for p in mine}
        if lone:
            _foreign([p for p in clinical if id(p) not in claimed], context)
        yield record_of(patient, mine, context)
    if len(patients) != 1:
        yield from _orphans([p for p in clinical if id(p) not in claimed], file, index)


def _foreign(left: list[Placed], c: Context) -> None:
    for p in left:
        kind = text(p.resource.get("resourceType"))
        c.refuse(kind, "its subject is not the Patient of this Bundle", "give one person a Bundle", p.place)


def _orphans(left: list[Placed], file: str, index: dict[str, dict[str, Any]]) -> Iterator[Record]:
    """People without a Patient resource, one for each subject; what has no subject among several people is an error."""
    groups: dict[str, list[Placed]] = {}
    for p in left:
        groups.setdefault(subject_of(p.resource), []).append(p)
    if nobody := groups.pop("", None):
        where = f"{file}, {nobody[0].place}"
        raise InputError("A resource among several people names no subject.", where=where, fix="give it a subject")
    for name, mine in groups.items():
        yield record_of(Placed({"id": name}, "", frozenset({name})), mine, Context(file, index))


def read_value(value: Any, name: str) -> Iterator[Record]:
    """The records in parsed JSON (a Bundle or one resource): for a service that has passed it through `front_door`."""
    found = list(
        _people(_resources(value, "Bundle" if obj(value).get("resourceType") == "Bundle" else "resource"), name)
    )
    if not found:
        why = "it holds no Patient, no result, condition, medicine, procedure or report"
        raise InputError("The FHIR data speak of no person.", where=name, why=why, fix=_FIX)
    yield from found


def _is_lines(data: bytes) -> bool:
    """True where the first line is one whole object and another begins after it."""
    start = data.lstrip()[:1] == b"{" and data.find(b"\n", data.find(b"{"))
    return bool(start and start > 0 and data[:start].rstrip().endswith(b"}") and data[start:].lstrip()[:1] == b"{")


def read(data: bytes, name: str) -> Iterator[Record]:
    """One Record a person. InputError and LimitError name the line, column or element."""
    if name.lower().endswith(".ndjson") or _is_lines(data):
        resources: list[Placed] = []
        for value, place in _lines(data, name):
            found = _resources(value, place)
            if obj(value).get("resourceType") == "Bundle":
                yield from _people(found, name)
            else:
                resources += found
        yield from _people(resources, name)
        return
    yield from read_value(load(data, name, MAX_BYTES), name)


def recognises(name: str, head: bytes) -> bool:
    """JSON that names a resourceType near its beginning."""
    return head.lstrip()[:1] in (b"{", b"[") and b'"resourceType"' in head


FORMAT = Format(FORMAT_NAME, "FHIR R4 Bundle, resource or NDJSON", recognises, read, to_json)
