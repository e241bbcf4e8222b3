"""The balances of one solution, solved in plain NumPy over many sera: the slow, obvious twin of `kernels.py`.

Given totals, the pH (or the pCO2) and a table of constants, find the free ions such that every total is met and, unless
chloride is given, the charges add up to zero. Ionic strength, activity of water and chloride follow by repeated
substitution around a Newton step for the free cations.
"""

from __future__ import annotations

import numpy as np

from fetuin.chemistry.system import DAVIES, Array, System

CARBONATE_TOTAL, GAS_AND_PH, GAS_AND_TOTAL = 0, 1, 2  # what is given of carbonate, pCO2 and pH
CONVERGED, NOT_CONVERGED, NO_CHLORIDE = 0, 1, 2
TOLERANCE = 1e-9
MOST_ITERATIONS = 200
WATER_PER_MOLE = 0.017  # fall of water activity per mol/kg of solutes, as in PHREEQC
START_IONIC_STRENGTH = 0.15


def log_gammas(ionic_strength: Array, charge: Array, size: Array, slope: Array, a: float, b: float) -> Array:
    """log10 activity coefficients, sera x species (see `activity.log_gamma`)."""
    strength = ionic_strength[:, None]
    root = np.sqrt(strength)
    square = -a * charge**2
    sized = square * root / (1.0 + b * np.abs(size) * root) + slope * strength
    davies = square * (root / (1.0 + root) - 0.3 * strength)
    return np.where(charge == 0, 0.1 * strength, np.where(size == DAVIES, davies, sized))


def conditional(s: System, strength: Array, ph: Array, water: Array) -> tuple[Array, Array]:
    """(constants in concentrations [kg/mol], sera x species; log10 gammas of the ions, sera x ions)."""
    ion = log_gammas(strength, s.ion_charge, s.ion_size, s.ion_slope, s.a, s.b)
    own = log_gammas(strength, s.charge, s.size, s.slope, s.a, s.b)
    n = len(s.cations)
    metal = np.where(s.cation >= 0, ion[:, s.cation], 0.0)
    base = np.where(s.ligand >= 0, ion[:, n + s.ligand], 0.0)
    log_k = s.log_k + metal + base - s.protons * ph[:, None] + s.water * np.log10(water)[:, None] - own
    return 10.0**log_k, ion


def pairs(s: System, k: Array) -> tuple[Array, Array, Array]:
    """(of cation and ligand, of cation alone (with 1), of ligand alone (with 1)): conditional constants summed."""
    n, nc, nl = len(k), len(s.cations), len(s.ligands)
    both, metal, base = np.zeros((n, nc, nl)), np.ones((n, nc)), np.ones((n, nl))
    for j, (c, l) in enumerate(zip(s.cation, s.ligand)):
        if c >= 0 and l >= 0:
            both[:, c, l] += k[:, j]
        elif c >= 0:
            metal[:, c] += k[:, j]
        elif l >= 0:
            base[:, l] += k[:, j]
    return both, metal, base


def _newton(
    x: Array, y_fixed: Array, totals: Array, both: Array, metal: Array, base: Array, s: System
) -> tuple[Array, Array]:
    """One Newton step for the free cations `x`; (new x, free ligands at the old x)."""
    nc = x.shape[1]
    weight = base + np.einsum("ncl,nc->nl", both, x)
    held = ~np.isnan(y_fixed)
    y = totals[:, nc:] / weight
    y[held, s.carbonate] = y_fixed[held]
    bound = metal + np.einsum("ncl,nl->nc", both, y)
    fall = y / weight
    fall[held, s.carbonate] = 0.0
    jacobian = -np.einsum("nc,ncl,nl,ndl->ncd", x, both, fall, both)
    jacobian[:, range(nc), range(nc)] += bound
    step = np.linalg.solve(jacobian, (x * bound - totals[:, :nc])[:, :, None])[:, :, 0]
    return np.maximum(x - step, 0.1 * x), y


def solve(
    s: System, totals: Array, ph: Array, pco2_atm: Array, mode: int, chloride: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Free ions of many sera: (free [mol/kg], sera x components; ionic strength; water activity; pH; chloride; status).

    `totals` [mol/kg] in the order `s.components`; `chloride` nan where electroneutrality decides it; `mode` says what
    of pH and carbonate is given. Status is CONVERGED, NOT_CONVERGED or NO_CHLORIDE.
    """
    n, nc = len(totals), len(s.cations)
    x = totals[:, :nc] * np.array([0.5 if z > 1 else 0.95 for z in s.ion_charge[:nc]])
    strength, water, ph = np.full(n, START_IONIC_STRENGTH), np.full(n, 0.995), ph.copy()
    salt = np.where(np.isnan(chloride), 0.1, chloride)
    gas = s.phase_log_k[s.phases.index("CO2(g)")]
    status = np.full(n, NOT_CONVERGED)
    y_total = totals[:, nc + s.carbonate]
    for _ in range(MOST_ITERATIONS):
        k, ion = conditional(s, strength, ph, water)
        both, metal, base = pairs(s, k)
        y_fixed = np.full(n, np.nan)
        if mode != CARBONATE_TOTAL:
            y_fixed = pco2_atm * 10.0 ** (gas + 2.0 * ph - ion[:, nc + s.carbonate]) * water
        new, y = _newton(x, y_fixed, totals, both, metal, base, s)
        moved = np.max(np.abs(new - x) / np.maximum(x, 1e-30), axis=1)
        x = new
        if mode == GAS_AND_TOTAL:
            have = y[:, s.carbonate] * (base[:, s.carbonate] + np.einsum("nc,nc->n", both[:, :, s.carbonate], x))
            ph = ph + np.log10(y_total / have)
            moved = np.maximum(moved, np.abs(y_total / have - 1.0))
        h = 10.0 ** (-ph - ion[:, -2])
        amounts = k * np.where(s.cation >= 0, x[:, s.cation], 1.0) * np.where(s.ligand >= 0, y[:, s.ligand], 1.0)
        charge = x @ s.ion_charge[:nc] + y @ s.ion_charge[nc:-2] + h + amounts @ s.charge
        salt = np.where(np.isnan(chloride), np.maximum(charge, 0.0), chloride)
        square = x @ s.ion_charge[:nc] ** 2 + y @ s.ion_charge[nc:-2] ** 2 + h + salt + amounts @ s.charge**2
        next_strength = 0.5 * square
        water = 1.0 - WATER_PER_MOLE * (x.sum(1) + y.sum(1) + h + salt + amounts.sum(1))
        moved = np.maximum(moved, np.abs(next_strength - strength) / np.maximum(strength, 1e-6))
        strength = next_strength
        status = np.where(moved < TOLERANCE, CONVERGED, NOT_CONVERGED)
        if not status.any():
            break
    status = np.where((status == CONVERGED) & np.isnan(chloride) & (charge < 0.0), NO_CHLORIDE, status)
    return np.hstack([x, y]), strength, water, ph, salt, status


def told(
    s: System, totals: Array, free: Array, strength: Array, water: Array, ph: Array, salt: Array, mode: int
) -> tuple[Array, Array, Array]:
    """(free, log activities, sums and residuals) of a solution, in the layout of `kernels.solve_all`.

    Sums: ionic strength, chloride, charge left over, iterations (0: not counted), worst relative residual of a total,
    carbonate in total, then what of each cation is bound to protein.
    """
    nc = len(s.cations)
    x, y = free[:, :nc], free[:, nc:]
    k, ion = conditional(s, strength, ph, water)
    both, metal, base = pairs(s, k)
    part = np.einsum("nc,ncl,nl->ncl", x, both, y)
    have = np.hstack([x * metal + part.sum(2), y * base + part.sum(1)])
    off = np.abs(have - totals) / np.maximum(totals, 1e-12)
    if mode == GAS_AND_PH:
        off[:, nc + s.carbonate] = 0.0
    amounts = k * np.where(s.cation >= 0, x[:, s.cation], 1.0) * np.where(s.ligand >= 0, y[:, s.ligand], 1.0)
    net = x @ s.ion_charge[:nc] + y @ s.ion_charge[nc:-2] + 10.0 ** (-ph - ion[:, -2]) + amounts @ s.charge
    log_a = np.hstack([np.log10(np.maximum(free, 1e-300)) + ion[:, :-2], -ph[:, None], np.log10(water)[:, None]])
    protein = part[:, :, [s.ligands.index(p) for p in ("Alb", "Glob")]].sum(2)
    sums = np.column_stack([strength, salt, net - salt, 0 * salt, off.max(1), have[:, nc + s.carbonate], protein])
    return free, log_a, sums
