"""Curves that a paper reports and the body does not hold as such: markers of turnover, clearances, running balances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fetuin.errors import InputError
from fetuin.physiology import readings
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation.observation import MARKERS, truth
from fetuin.validation.amounts import MINERALS
from fetuin.validation.synonyms import ANALYTES, known_as

LEDGER = ("faeces", "urine", "dialysate")
BALANCE = {f"{m}_balance": m for m in MINERALS}
LITRES_A_DAY = 1.44  # of filtrate, per mL/min


def _balance(t: Trajectory, mineral: str) -> np.ndarray:
    """What entered less what left by stool, urine and dialysate since day 0 [mmol]."""
    out = sum(np.atleast_2d(t[f"{mineral}_{w}"]) for w in LEDGER)
    return np.asarray(np.atleast_2d(t[f"{mineral}_in"]) - out)


def _excreted(t: Trajectory, mineral: str) -> np.ndarray:
    """Share of what is filtered that is excreted: clearance of the mineral over filtration."""
    filtered = LITRES_A_DAY * np.atleast_2d(t["egfr"]) * np.atleast_2d(t[mineral])
    return np.asarray(np.atleast_2d(t[f"urine_{mineral}"]) / filtered)


DERIVED: dict[str, tuple[Callable[[Trajectory], np.ndarray], str]] = {
    **{name: (lambda t, m=m: _balance(t, m), "mmol") for name, m in BALANCE.items()},  # type: ignore[misc]
    **{name: (lambda t, n=name: truth(t, n)[0], MARKERS[name].unit) for name in MARKERS},  # type: ignore[misc]
    "calcium_clearance_ratio": (lambda t: _excreted(t, "calcium"), "1"),
    "fractional_excretion_phosphate": (lambda t: _excreted(t, "phosphate"), "1"),
    "tubular_reabsorption_phosphate": (lambda t: 1.0 - _excreted(t, "phosphate"), "1"),
}


def series(t: Trajectory, analyte: str, where: str) -> tuple[np.ndarray, str]:
    """(people, times) of an analyte by any of its names, and its unit. An unknown one lists what can be read."""
    name = analyte if analyte in t.curves or readings.unit(analyte) is not None else known_as(analyte, ANALYTES)
    if name in DERIVED:
        make, unit = DERIVED[name]
        return make(t), unit
    if name not in t.curves and readings.unit(name) is None:
        known = sorted({*t.curves, *DERIVED, *readings.names()})
        raise InputError(f"'{analyte}' cannot be read out.", where=where, fix=f"one of: {', '.join(known)}")
    return t.rows(name), t.unit(name)


def name_of(analyte: str) -> str:
    """The body's name of an analyte."""
    return known_as(analyte, ANALYTES)
