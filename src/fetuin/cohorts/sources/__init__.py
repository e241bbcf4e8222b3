"""ONE COHORT SOURCE PER FILE: each offers `SOURCE`."""
