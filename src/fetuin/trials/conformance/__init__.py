"""Reference results of other software replayed: SAS, rpact, East, published tables. ONE KIND OF RECORD PER FILE.

`conform(path)` reads a file of records (`id, kind, input or model, expected or output, tol`) and returns a row for each.
A record of an unknown kind, or one that cannot be computed, is a failed row with its reason; none is left out.
"""

from fetuin.trials.conformance.replay import conform

__all__ = ["conform"]
