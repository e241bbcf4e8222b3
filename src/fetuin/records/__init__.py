"""What is known of one person, in the words of FHIR."""

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
    "Medication",
    "Observation",
    "Procedure",
    "Record",
    "Refusal",
    "Source",
    "TissueFinding",
    "Variant",
    "record_formats",
    "read_bytes",
    "read_record",
    "read_records",
]
