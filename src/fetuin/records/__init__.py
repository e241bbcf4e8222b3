"""What is known of one person, in the words of FHIR."""

from fetuin.records.derived import Derived, derive
from fetuin.records.read import read_bytes, read_record, read_records, record_formats
from fetuin.records.record import (
    Condition,
    Medication,
    Observation,
    Procedure,
    Record,
    Refusal,
    Source,
    TissueFinding,
    Variant,
)

__all__ = [
    "Condition",
    "Derived",
    "Medication",
    "Observation",
    "Procedure",
    "Record",
    "Refusal",
    "Source",
    "TissueFinding",
    "Variant",
    "record_formats",
    "derive",
    "read_bytes",
    "read_record",
    "read_records",
]
