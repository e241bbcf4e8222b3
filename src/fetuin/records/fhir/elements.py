"""The elements of FHIR, read forgivingly: an element of the wrong type is as if it were missing, and never a crash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fetuin.knowledge.valueset import column

LOINC = "http://loinc.org"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
HPO = "http://human-phenotype-ontology.org"
UCUM = "http://unitsofmeasure.org"
OWN = "urn:fetuin:code"
MAX_TEXT = 20_000
_LOINC_SYSTEMS = (LOINC, "urn:oid:2.16.840.1.113883.6.1", "")
_ORDER = (
    ICD10CM,
    "http://hl7.org/fhir/sid/icd-10",
    "http://snomed.info/sct",
    HPO,
    "http://purl.obolibrary.org/obo/mondo.owl",
    LOINC,
)
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


def obj(x: object) -> dict[str, Any]:
    """`x` where it is an object, or an empty one."""
    return x if isinstance(x, dict) else {}


def items(x: object) -> list[dict[str, Any]]:
    """The objects of a list; one object stands for a list of one."""
    if isinstance(x, dict):
        return [x]
    return [i for i in x if isinstance(i, dict)] if isinstance(x, list) else []


def text(x: object) -> str:
    """`x` where it is text, without needless spaces and bounded in length; "" otherwise."""
    return " ".join(x[:MAX_TEXT].split()) if isinstance(x, str) else ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A CodeableConcept: its text and its codings as (system, code, display)."""

    text: str
    codings: tuple[tuple[str, str, str], ...]

    def code(self) -> tuple[str, str] | None:
        """The coding of the best known system, whatever the order in which they were written."""
        found = [(s, c) for s, c, _ in self.codings if c]
        return min(found, key=lambda sc: (_ORDER.index(sc[0]) if sc[0] in _ORDER else len(_ORDER), sc), default=None)

    def loincs(self) -> list[str]:
        """Its LOINC codes; a coding without a system counts, for only codes that are known are looked up."""
        return sorted({c for s, c, _ in self.codings if s in _LOINC_SYSTEMS}) if self.codings else []

    def words(self) -> str:
        """What it says: the text, and each display that the text does not already hold."""
        said = self.text
        for _, _, display in sorted(self.codings)[:4]:
            if display and display.lower() not in said.lower():
                said = f"{said} ({display})" if said else display
        if not said:
            labels = (column("icd10cm", "code", "label").get(c, "") for s, c, _ in self.codings if s == ICD10CM)
            said = next(filter(None, labels), "") or next((c for _, c, _ in self.codings if c), "")
        return said


def concept(x: object) -> Concept:
    """A CodeableConcept, a Coding, or the `concept` of an R5 CodeableReference."""
    d = obj(x)
    d = obj(d["concept"]) if isinstance(d.get("concept"), dict) else d
    codings = items(d["coding"]) if "coding" in d else [d] if "code" in d else []
    said = [(text(c.get("system")), text(c.get("code")), text(c.get("display"))) for c in codings]
    return Concept(text(d.get("text")), tuple(said))


def codes(x: object) -> set[str]:
    """Every code and text of a concept, or of a list of concepts, in small letters; a plain code counts too."""
    if isinstance(x, str):
        return {x.strip().lower()}
    if x is None:
        return set()
    found = [concept(c) for c in items(x)]
    return {w.lower() for c in found for w in (c.text, *(code for _, code, _ in c.codings)) if w}


@lru_cache(maxsize=4096)
def time(value: str) -> datetime | None:
    """A FHIR date, partial date or dateTime with its zone (UTC where none is written); None where it is none."""
    m = _DATE.match(value)
    try:
        if m:
            return datetime(int(m[1]), int(m[2] or 1), int(m[3] or 1), tzinfo=UTC)
        found = datetime.fromisoformat(value)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.timestamp()
        return found
    except (ValueError, OverflowError):
        return None


def when(resource: dict[str, Any], *names: str) -> datetime | None:
    """The first of the named elements that is a time; of a period, its start (or its end where it has no start)."""
    for name in names:
        x = resource.get(name)
        for candidate in (x,) if isinstance(x, str) else (obj(x).get("start"), obj(x).get("end")):
            if isinstance(candidate, str) and (found := time(candidate[:40])):
                return found
    return None


def reference(x: object) -> str:
    """The last part of a reference, which names the resource: "Patient/7", "urn:uuid:7" and "#7" are all "7"."""
    said = x if isinstance(x, str) else obj(x).get("reference")
    if not isinstance(said, str):
        return ""
    said = said[:500].split("/_history/")[0].rstrip("/")
    return said[max(said.rfind("/"), said.rfind("#"), said.rfind(":")) + 1 :]
