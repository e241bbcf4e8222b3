"""Two samples of numbers, checked: one treated, one control."""

from __future__ import annotations

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError

Array = np.ndarray


def pair(treated: object, control: object, least: int = 2) -> tuple[Array, Array]:
    """Both as float arrays; refused where a value is missing or an arm has fewer than `least` people."""
    a, b = np.asarray(treated, float).ravel(), np.asarray(control, float).ravel()
    for name, values in (("treated", a), ("control", b)):
        if not np.isfinite(values).all():
            raise InputError(
                "a value is missing or infinite",
                where=name,
                why=f"{int((~np.isfinite(values)).sum())} of {len(values)}",
                fix="leave these people out by decision, or use an analysis that takes missing or censored values",
            )
        if len(values) < least:
            raise NotEnoughDataError("an arm is too small", where=name, why=f"{len(values)} of at least {least} people")
    return a, b


def same_length(**columns: object) -> list[Array]:
    """Columns of one table as float arrays; refused where they differ in length or a value is missing."""
    found = {k: np.asarray(v, float).ravel() for k, v in columns.items()}
    sizes = {k: len(v) for k, v in found.items()}
    if len(set(sizes.values())) != 1 or 0 in sizes.values():
        raise InputError("columns must have one length", where=", ".join(found), why=f"{sizes}", fix="one row a person")
    for name, values in found.items():
        if not np.isfinite(values).all():
            raise InputError("a value is missing or infinite", where=name, fix="leave these rows out by decision")
    return list(found.values())


def two_arms(treated: object) -> Array:
    """An arm as booleans; refused where it is not 0 and 1, or one arm is empty."""
    z = np.asarray(treated, float).ravel()
    if not np.isin(z, (0.0, 1.0)).all():
        raise InputError("an arm must be 0 or 1", where="treated", fix="1 for treated, 0 for control")
    if z.all() or not z.any():
        raise InputError("one arm is empty", where="treated", why=f"{int(z.sum())} of {len(z)} are treated")
    return z.astype(bool)
