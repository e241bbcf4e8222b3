"""Plasma: amounts become concentrations, and concentrations become ions, in straight-line arithmetic (`chemistry`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from fetuin.chemistry.straight_line import LN10, REFERENCE_PH, BloodConstants, blood, blood_constants
from fetuin.physiology import acid_base
from fetuin.quantities import quantity


@dataclass(frozen=True)
class Plasma:
    """What of plasma is given and not simulated."""

    volume: float = quantity(
        15.0,
        "L",
        "assumption: extracellular volume of 70-75 kg",
        "distribution volume of calcium, phosphate and magnesium",
        (11.0, 20.0),
    )
    albumin: float = quantity(40.0, "g/L", "textbook: 35-50 g/L", "albumin", (36.0, 45.0))
    citrate: float = quantity(0.12, "mmol/L", "facts B3: plasma citrate 0.12 mM", "citrate", (0.08, 0.16))
    fluid_turnover: float = quantity(
        8.0,
        "/d",
        "assumption: a healthy kidney excretes surplus fluid within hours",
        "excretion of surplus extracellular fluid at healthy filtration",
        (3.0, 20.0),
    )


@cache
def constants() -> BloodConstants:
    """The constants of blood at 37 C, made once."""
    return blood_constants()


def protein_bound(m: Any, ionised: Any, ionised_magnesium: Any, albumin: Any, ph: Any) -> Any:
    """Calcium on albumin and globulin [mmol/L], which does not pass a filter."""
    table = constants()
    r = m.exp(LN10 * (REFERENCE_PH - ph))
    bound = 0.0
    for name, total in (("Alb", table.sites_per_gram_albumin * albumin), ("Glob", table.pools["Glob"].fixed_total)):
        pool = table.pools[name]
        base, calcium, magnesium = (
            c[0] + r * (c[1] + r * (c[2] + r * c[3])) for c in (pool.base, pool.calcium, pool.magnesium)
        )
        bound = bound + total * calcium * ionised / (base + calcium * ionised + magnesium * ionised_magnesium)
    return bound


def plasma(m: Any, x: Any, p: Any) -> SimpleNamespace:
    """Concentrations [mmol/L] and ions of the plasma from the states of the body."""
    s = SimpleNamespace()
    s.ca, s.p, s.mg = x.calcium / x.volume, x.phosphate / x.volume, x.magnesium / x.volume
    s.albumin = p.plasma.albumin * p.plasma.volume / x.volume
    s.co2 = acid_base.carbon_dioxide(x.bicarbonate, p.healthy.bicarbonate, p.acid_base)
    s.ph = acid_base.ph(m, x.bicarbonate, s.co2)
    found = blood(m, s.ca, s.mg, s.p, s.albumin, s.ph, x.bicarbonate, p.plasma.citrate, constants())
    s.ionised, s.ionised_mg = found.ionised_calcium, found.ionised_magnesium
    s.si_ocp, s.si_dcpd, s.si_hap = found.si_ocp, found.si_dcpd, found.si_hap
    s.ultrafiltrable = s.ca - protein_bound(m, s.ionised, s.ionised_mg, s.albumin, s.ph)
    return s
