"""FHIR R4 resources as plain dictionaries: one kind of resource per file, tolerant when reading, exact when writing."""
