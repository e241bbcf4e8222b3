"""FHIR bundles (JSON) and bulk export (NDJSON)."""

from __future__ import annotations

from pathlib import Path
from random import Random

from fuzz_fhir import mutant
from guided.contract import ROOT, Target, of

DATA = ROOT / "tests" / "data" / "records"


def seeds() -> list[bytes]:
    """The samples of the tests and the shipped examples."""
    samples = [(DATA / "bundle.json").read_bytes(), *(DATA / "bulk.ndjson").read_bytes().splitlines()]
    return samples + of("src/fetuin/examples", ".json")


def read(data: bytes, _: Path) -> object:
    """As a file of one bundle, and as a line of a bulk export."""
    from fetuin.cohorts.sources.fhir_ndjson import rows_of_lines
    from fetuin.records.read import read_bytes

    rows_of_lines(data.splitlines(), "bulk.ndjson", 1, {})
    return list(read_bytes(data, "bundle.json"))


def spoil(data: bytes, draw: Random) -> bytes:
    """A mutation of the campaign on bundles."""
    return mutant(data.decode(), draw)[1]


WORDS = ("resourceType", "Bundle", "entry", "resource", "Patient", "Observation", "valueQuantity", "valueString", "component",
         "valueRange", "valueRatio", "valueSampledData", "comparator", "interpretation", "referenceRange", "effectiveDateTime",
         "effectivePeriod", "birthDate", "deceasedDateTime", "MedicationRequest", "dosageInstruction", "Procedure", "Condition",
         "onsetAge", "DiagnosticReport", "contained", "reference", "http://loinc.org", "17861-6", "mmol/L", "mg/dL", "unit", "system",
         "dataAbsentReason", "FamilyMemberHistory", "1e400", "-0", "null", "2020-02-30", "9999-12-31T23:59:60Z")  # fmt: skip
TARGET = Target(seeds, read, ("json", "decimal"), WORDS, spoil)
