"""Scoring sheets that a reader fills in: one file each, offering `SHEET`."""
