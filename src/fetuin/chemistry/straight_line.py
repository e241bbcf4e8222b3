"""Blood in a straight line: ionised calcium and the saturation indices in plain arithmetic, for use inside an equation.

The full solver (`speciation.py`) iterates; this one does a fixed number of steps from a good start, without a branch, at
a fixed ionic strength and fixed sodium, potassium, sulfate, lactate and globulin, so it can be traced by SymPy or
compiled inside the right-hand side of a differential equation. `m` is a maths namespace that offers `exp` and `log`.
Concentrations mmol/L, albumin and globulin g/L. How close it is to the full solver: `docs/explanation/chemistry.md`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

LN10 = math.log(10.0)
REFERENCE_PH = 7.4
POOLS = ("P", "C", "Citr", "Alb", "Glob", "SO4", "Lact")


@dataclass(frozen=True)
class Pool:
    """One ligand: polynomials in r = 10^(7.4 - pH), L/mmol. Zeroth to third power of r."""

    base: tuple[float, ...]  # of the ligand without calcium or magnesium (protons, sodium, potassium)
    calcium: tuple[float, ...]
    magnesium: tuple[float, ...]
    fixed_total: float  # mmol/L, where the ligand is not an input


@dataclass(frozen=True)
class BloodConstants:
    """Conditional constants of one table at 37 C and fixed ionic strength; make it with `blood_constants`."""

    pools: dict[str, Pool]
    carbonate_per_bicarbonate: float
    sites_per_gram_albumin: float  # mmol/g
    hpo4: float  # free HPO4 per free PO4 at r = 1
    log_gamma_ca: float
    log_gamma_po4: float
    log_water: float
    phases: dict[str, tuple[float, float, float, float, float]]  # Ca, P, H, H2O, log K


class Blood(NamedTuple):
    """What `blood` answers: mmol/L for the free ions, log10 for the saturation indices."""

    ionised_calcium: Any
    ionised_magnesium: Any
    hpo4: Any
    si_ocp: Any
    si_dcpd: Any
    si_hap: Any


@cache
def blood_constants(
    constants: str = "plasma37", sodium: float = 140.0, potassium: float = 4.2, sulfate: float = 0.33,
    lactate: float = 1.0, globulin: float = 28.0, ionic_strength: float = 0.1504,
) -> BloodConstants:  # fmt: skip
    """The numbers behind `blood`, computed from a table of constants; plain floats, so nothing is iterated later.

    Sodium to lactate mmol/L, globulin g/L, ionic strength mol/kg: the healthy adult of `plasma_si.csv` by default.
    """
    import numpy as np

    from fetuin.chemistry.balance import conditional
    from fetuin.chemistry.system import system

    s = system(constants, 37.0)
    water = 0.99492
    k, ion = conditional(s, np.array([ionic_strength]), np.array([REFERENCE_PH]), np.array([water]))
    free = {"Na": 0.9915 * sodium / 1000.0, "K": 0.998 * potassium / 1000.0}
    component = s.table.components
    totals = {"SO4": sulfate, "Lact": lactate, "Glob": globulin * component["Glob"].per_unit}
    pools = {}
    for name in POOLS:
        rows: dict[str, list[float]] = {"base": [1.0, 0, 0, 0], "Ca": [0.0] * 4, "Mg": [0.0] * 4}
        for j in np.flatnonzero(s.ligand == s.ligands.index(name)):
            metal = s.cations[s.cation[j]] if s.cation[j] >= 0 else ""
            power, value = int(s.protons[j]), float(k[0, j])
            where = metal if metal in ("Ca", "Mg") else "base"
            rows[where][power] += value * free.get(metal, 1e-3 if metal else 1.0)
        pools[name] = Pool(tuple(rows["base"]), tuple(rows["Ca"]), tuple(rows["Mg"]), totals.get(name, 0.0))
    gamma = {n: float(g) for n, g in zip((*s.components, "H", "Cl"), ion[0])}
    place = [*s.components, "H", "H2O"]
    phases = {}
    for name in ("OCP", "Brushite_DCPD", "Hydroxyapatite"):
        i = s.phases.index(name)
        amounts = [float(s.phase_stoichiometry[i, place.index(c)]) for c in ("Ca", "P", "H", "H2O")]
        phases[name] = (amounts[0], amounts[1], amounts[2], amounts[3], float(s.phase_log_k[i]))
    hpo4 = float(k[0, s.species.index("HPO4-2")])
    return BloodConstants(
        pools, component["C"].per_unit, component["Alb"].per_unit, hpo4, gamma["Ca"], gamma["P"], math.log10(water), phases
    )  # fmt: skip


def _polynomial(coefficients: tuple[float, ...], r: Any) -> Any:
    """c0 + c1 r + c2 r^2 + ...; leaves out what is zero, so that a traced expression stays short."""
    total: Any = 0.0
    power: Any = 1.0
    for i, c in enumerate(coefficients):
        power = power * r if i else 1.0
        if c:
            total = total + c * power
    return total


def blood(
    m: Any, calcium: Any, magnesium: Any, phosphate: Any, albumin: Any, ph: Any, bicarbonate: Any, citrate: Any,
    p: BloodConstants, steps: int = 1,
) -> Blood:  # fmt: skip
    r"""Free ions and saturation indices of blood at 37 C from totals [mmol/L], albumin [g/L] and pH; all above zero.

    Each ligand L binds calcium x and magnesium y one to one beside its protons, so its free part is known:

    .. math:: x\Big(1 + \sum_L \frac{a_L T_L}{w_L + a_L x + b_L y}\Big) = T_{Ca}

    and the same for magnesium. The start takes the ligands at x = 0.5 T_Ca, y = 0.55 T_Mg; each of `steps` Newton steps
    then moves x, and y follows by substitution.
    """
    r = m.exp(LN10 * (REFERENCE_PH - ph))
    totals = {
        "P": phosphate, "C": p.carbonate_per_bicarbonate * bicarbonate, "Citr": citrate,
        "Alb": p.sites_per_gram_albumin * albumin,
    }  # fmt: skip
    pools = [
        (totals.get(n, q.fixed_total), *(_polynomial(c, r) for c in (q.base, q.calcium, q.magnesium)))
        for n, q in p.pools.items()
    ]
    x, y = 0.5 * calcium, 0.55 * magnesium
    free = [t / (w + a * x + b * y) for t, w, a, b in pools]
    x = calcium / (1.0 + sum(f * a for f, (_, _, a, _) in zip(free, pools)))
    y = magnesium / (1.0 + sum(f * b for f, (_, _, _, b) in zip(free, pools)))
    for _ in range(steps):
        weights = [w + a * x + b * y for _, w, a, b in pools]
        free = [t / w for (t, _, _, _), w in zip(pools, weights)]
        bound = sum(f * a for f, (_, _, a, _) in zip(free, pools))
        slope = sum(f * a * (w - a * x) / w for f, w, (_, _, a, _) in zip(free, weights, pools))
        x = x - (x * (1.0 + bound) - calcium) / (1.0 + slope)
        y = magnesium / (1.0 + sum(f * b for f, (_, _, _, b) in zip(free, pools)))
    total, weight, a, b = pools[0]
    po4 = total / (weight + a * x + b * y)
    return Blood(x, y, p.hpo4 * r * po4, *_indices(m, x, po4, ph, p))


def _indices(m: Any, calcium: Any, po4: Any, ph: Any, p: BloodConstants) -> list[Any]:
    """Saturation indices of OCP, brushite and hydroxyapatite from free ions [mmol/L]: log10 IAP - log10 Ksp."""
    log_ca = m.log(calcium) / LN10 - 3.0 + p.log_gamma_ca
    log_po4 = m.log(po4) / LN10 - 3.0 + p.log_gamma_po4
    return [c * log_ca + q * log_po4 - h * ph + w * p.log_water - k for c, q, h, w, k in p.phases.values()]
