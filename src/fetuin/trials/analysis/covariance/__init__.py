"""How residuals of one person's visits vary together. ONE STRUCTURE PER FILE; each offers `structure`."""

from __future__ import annotations

from functools import cache

from fetuin.trials.analysis.covariance.contract import Structure

__all__ = ["Structure", "structure"]


@cache
def structure(name: str) -> Structure:
    """A structure by the name of its file: us, toep, toeph, ar1, ar1h, cs, csh, ad, adh, sp_exp, sp_gau."""
    import fetuin.trials.analysis.covariance as folder
    from fetuin.catalog import entries
    from fetuin.errors import InputError

    known = entries(folder, "structure")
    known.pop("__init__", None)
    if name not in known:
        raise InputError(
            f"no covariance structure called {name!r}",
            where="covariance",
            why=f"known: {', '.join(sorted(known))}",
            fix="name one of these",
        )
    found: Structure = known[name]
    return found
