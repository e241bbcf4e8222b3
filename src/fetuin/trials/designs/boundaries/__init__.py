"""Families of boundaries. ONE FAMILY PER FILE: each offers `spend(t, alpha, parameter)` or `shape(t, parameter)`.

`spend` is the one-sided error spent by the information fraction t; `shape` the bound up to a constant that is solved for.
"""

from __future__ import annotations

from typing import Any


def family(name: str) -> Any:
    """A family's module by the name of its file."""
    from importlib import import_module

    import fetuin.trials.designs.boundaries as folder
    from fetuin.catalog import names
    from fetuin.errors import InputError

    known = sorted(names(folder))
    if name not in known:
        raise InputError(
            f"no boundary called {name!r}", where="boundary", why=f"known: {', '.join(known)}", fix="name one of these"
        )
    return import_module(f"{folder.__name__}.{name}")
