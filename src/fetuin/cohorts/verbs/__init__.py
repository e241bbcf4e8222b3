"""ONE COHORT VERB PER FILE: each offers `VERB`."""
