"""The other record formats: phenopacket, published cases, tidy CSV. The first byte says which."""

from __future__ import annotations

from pathlib import Path

from guided.contract import ROOT, Target

DATA = ROOT / "tests" / "data" / "records"
NAMES = ("phenopacket.json", "cases.jsonl", "tidy.csv")


def seeds() -> list[bytes]:
    """The samples of the tests, each behind the byte that names it."""
    return [bytes([k]) + (DATA / name).read_bytes() for k, name in enumerate(NAMES)]


def read(data: bytes, _: Path) -> object:
    """As a file of that name."""
    from fetuin.records.read import read_bytes

    return list(read_bytes(data[1:], NAMES[data[0] % len(NAMES)])) if data else None


WORDS = ("id,kind,name,value,unit", "observation", "condition", "person", "medication", "measurement", "phenotypicFeatures",
         "metaData", "subject", "timeAtLastEncounter", "P40Y", "ontologyClass", "quantity", "mg/dL", "\"\"", "NaN", "1,5", "label")  # fmt: skip
TARGET = Target(seeds, read, ("csv", "json"), WORDS)
