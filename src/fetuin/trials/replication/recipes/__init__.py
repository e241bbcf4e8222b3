"""Recipes of replication. ONE PER FILE: `applies(record)`, `replicate(record, n, seed)`, and `RANK`, the order of trial."""
