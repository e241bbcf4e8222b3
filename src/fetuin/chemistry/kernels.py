"""The balances of `balance.py`, one serum at a time, compiled: the same equations in the same order.

Activity coefficients are computed once per class of charge and ion size, powers of the proton activity by
multiplication, and the free cations by Newton with elimination in place, so a serum costs about two microseconds.
`tests/unit/chemistry/test_kernels.py` compares every answer with the plain twin. The functions
carry no annotations: numba infers its own types.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np
from numba import njit, prange

BLOCK = 2048
FAST = {"contract", "reassoc", "arcp"}  # not nnan: a serum that runs away must be seen
SETTLED = 1e-7  # relative change of ionic strength below which activity coefficients are kept
NEWTON = 3  # steps at one ionic strength
MOST_PROTONS, MOST_WATER = 4, 1  # powers kept either side of zero


@njit(cache=True, inline="always", error_model="numpy", fastmath=FAST)
def _gammas(strength, charge, size, slope, a, b, out, inverse):
    root = np.sqrt(strength)
    single = np.exp(-2.302585092994046 * a * (root / (1.0 + root) - 0.3 * strength))  # Davies, one charge
    neutral = np.exp(0.2302585092994046 * strength)
    for k in range(len(charge)):
        square = charge[k] * charge[k]
        if square == 0.0:
            out[k] = neutral
        elif size[k] < 0.0:
            fourth = single * single * single * single
            out[k] = single if square == 1.0 else fourth if square == 4.0 else fourth * fourth * single
        else:
            e = slope[k] * strength - a * square * root / (1.0 + b * size[k] * root)
            out[k] = np.exp(2.302585092994046 * e)
        inverse[k] = 1.0 / out[k]


@njit(cache=True, inline="always", error_model="numpy", fastmath=FAST)
def _eliminate(j, f, n):
    """Solve j step = f in place; the matrix is diagonally dominant, so no pivot is needed."""
    for p in range(n):
        for r in range(p + 1, n):
            ratio = j[r, p] / j[p, p]
            for c in range(p + 1, n):
                j[r, c] -= ratio * j[p, c]
            f[r] -= ratio * f[p]
    for p in range(n - 1, -1, -1):
        for c in range(p + 1, n):
            f[p] -= j[p, c] * f[c]
        f[p] /= j[p, p]


@njit(cache=True, inline="always", error_model="numpy", fastmath=FAST)
def _newton(i, totals, x, y, both, metal, base, jac, f, mode, carbonate, gas_carbonate):
    """One Newton step for the free cations; answers the largest relative move. Ligands are those of the old cations."""
    nc, nl = len(x), len(y)
    jac[:] = 0.0
    for c in range(nc):
        f[c] = metal[c]
    for l in range(nl):
        weight = base[l]
        for c in range(nc):
            weight += both[c, l] * x[c]
        if l == carbonate and mode != 0:
            y[l] = gas_carbonate
            fall = 0.0
        else:
            y[l] = totals[i, nc + l] / weight
            fall = y[l] / weight
        for c in range(nc):
            q = both[c, l]
            f[c] += q * y[l]
            q *= fall * x[c]
            for d in range(nc):
                jac[c, d] -= q * both[d, l]
    for c in range(nc):
        jac[c, c] += f[c]
        f[c] = x[c] * f[c] - totals[i, c]
    _eliminate(jac, f, nc)
    moved = 0.0
    for c in range(nc):
        new = max(x[c] - f[c], 0.1 * x[c])
        moved = max(moved, abs(new - x[c]) / max(x[c], 1e-30))
        x[c] = new
    return moved


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _one(i, totals, ph_given, pco2, salt_given, mode, gas, tolerance, most, per_mole, strength0,
         cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate,
         class_charge, class_size, class_slope, a, b, protein,
         free, log_a, sums, status, g, gi, k, x, y, both, metal, base, jac, f, hp, wp):  # fmt: skip
    nc, nl, ns = len(x), len(y), len(k)
    bare, paired, alone = 0, 0, ns  # species come sorted: ligand alone, pairs, cation alone, neither
    for s in range(ns):
        if cation[s] < 0 and ligand[s] >= 0:
            bare = s + 1
        elif cation[s] >= 0 and ligand[s] >= 0:
            paired = s + 1
        elif cation[s] < 0:
            alone = min(alone, s)
    given_salt = salt_given[i]
    balance_salt = np.isnan(given_salt)
    ph, strength, water = ph_given[i], strength0, 0.995
    salt = 0.1 if balance_salt else given_salt
    for c in range(nc):
        x[c] = totals[i, c] * (0.5 if ion_charge[c] > 1.0 else 0.95)
    done, net, ah, iteration, last_strength, last_next = 1, 0.0, 0.0, 0, -1.0, -1.0
    while iteration < most:
        iteration += 1
        _gammas(strength, class_charge, class_size, class_slope, a, b, g, gi)
        ah = 10.0 ** (-ph)
        hp[MOST_PROTONS], wp[MOST_WATER] = 1.0, 1.0
        for n in range(1, MOST_PROTONS + 1):
            hp[MOST_PROTONS + n] = hp[MOST_PROTONS + n - 1] * ah
        hp[MOST_PROTONS - 1] = 1.0 / ah
        wp[MOST_WATER + 1], wp[MOST_WATER - 1] = water, 1.0 / water
        both[:] = 0.0
        metal[:] = 1.0
        base[:] = 1.0
        for s in range(ns):
            k[s] = k0[s] * hp[MOST_PROTONS + protons[s]] * wp[MOST_WATER + waters[s]] * gi[own[s]]
        for s in range(bare):  # a ligand with protons alone
            k[s] *= g[ion_class[nc + ligand[s]]]
            base[ligand[s]] += k[s]
        for s in range(bare, paired):  # a cation with a ligand
            k[s] *= g[ion_class[nc + ligand[s]]] * g[ion_class[cation[s]]]
            both[cation[s], ligand[s]] += k[s]
        for s in range(paired, alone):  # a cation with hydroxide
            k[s] *= g[ion_class[cation[s]]]
            metal[cation[s]] += k[s]
        moved = 1.0
        for _ in range(NEWTON):
            moved = _newton(i, totals, x, y, both, metal, base, jac, f, mode, carbonate,
                            pco2[i] * gas * water * gi[ion_class[nc + carbonate]] / (ah * ah))  # fmt: skip
            if moved < tolerance:
                break
        if mode == 2:
            have = base[carbonate]
            for c in range(nc):
                have += both[c, carbonate] * x[c]
            ratio = totals[i, nc + carbonate] / (have * y[carbonate])
            ph += np.log10(ratio)
            moved = max(moved, abs(ratio - 1.0))
        h = ah * gi[ion_class[nc + nl]]
        net, square, solutes = h, h, h
        for c in range(nc):
            net += x[c] * ion_charge[c]
            square += x[c] * ion_charge[c] * ion_charge[c]
            solutes += x[c]
        for l in range(nl):
            net += y[l] * ion_charge[nc + l]
            square += y[l] * ion_charge[nc + l] * ion_charge[nc + l]
            solutes += y[l]
        for s in range(ns):
            v = k[s]
            if s < paired:
                v *= y[ligand[s]]
            if bare <= s < alone:
                v *= x[cation[s]]
            net += v * charge[s]
            square += v * charge[s] * charge[s]
            solutes += v
        if balance_salt:
            salt = max(net, 0.0)
        square = 0.5 * (square + salt)
        water = 1.0 - per_mole * (solutes + salt)
        shift = abs(square - strength) / max(strength, 1e-6)
        if not np.isfinite(moved + shift):
            break
        if moved < tolerance and shift < SETTLED:
            strength, done = square, 0
            break
        here = strength  # a secant step once two points are known and the map contracts
        ratio = (square - last_next) / (here - last_strength) if here != last_strength else 0.0
        secant = last_next > 0.0 and abs(ratio) < 0.5
        strength = square + (square - here) * ratio / (1.0 - ratio) if secant else square
        last_strength, last_next = here, square
    if done == 0 and balance_salt and net < 0.0:
        done = 2
    status[i] = done
    # what is told of this serum: free ions, log activities, and the sums and residuals of the balances
    for c in range(nc):
        free[i, c] = x[c]
        log_a[i, c] = np.log10(max(x[c], 1e-300) * g[ion_class[c]])
    for l in range(nl):
        free[i, nc + l] = y[l]
        log_a[i, nc + l] = np.log10(max(y[l], 1e-300) * g[ion_class[nc + l]])
    log_a[i, nc + nl], log_a[i, nc + nl + 1] = -ph, np.log10(water)
    sums[i, 0], sums[i, 1], sums[i, 2], sums[i, 3] = strength, salt, net - salt, iteration
    worst, carbon = 0.0, 0.0
    for c in range(nc):
        bound, with_protein = x[c] * metal[c], 0.0
        for l in range(nl):
            part = x[c] * both[c, l] * y[l]
            bound += part
            with_protein += part * protein[l]
        worst = max(worst, abs(bound - totals[i, c]) / max(totals[i, c], 1e-12))
        sums[i, 6 + c] = with_protein
    for l in range(nl):
        weight = base[l]
        for c in range(nc):
            weight += both[c, l] * x[c]
        if l == carbonate:
            carbon = weight * y[l]
            if mode == 1:
                continue
        worst = max(worst, abs(weight * y[l] - totals[i, nc + l]) / max(totals[i, nc + l], 1e-12))
    sums[i, 4], sums[i, 5] = worst, carbon


@njit(cache=True, parallel=True, error_model="numpy", fastmath=FAST)
def solve_all(totals, ph, pco2, salt, mode, gas, tolerance, most, per_mole, strength0,
              cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate,
              class_charge, class_size, class_slope, a, b, protein, free, log_a, sums, status):  # fmt: skip
    """Solve every row of `totals` [mol/kg]; fills `free`, `log_a`, `sums` and `status` (see `speciation.py`)."""
    n, nc = len(totals), 0
    while nc < totals.shape[1] and ion_charge[nc] > 0.0:
        nc += 1
    nl, ns = totals.shape[1] - nc, len(k0)
    for block in prange((n + BLOCK - 1) // BLOCK):
        g, gi = np.empty(len(class_charge)), np.empty(len(class_charge))
        k, x, y = np.empty(ns), np.empty(nc), np.empty(nl)
        both, metal, base = np.empty((nc, nl)), np.empty(nc), np.empty(nl)
        jac, f = np.empty((nc, nc)), np.empty(nc)
        hp, wp = np.empty(2 * MOST_PROTONS + 1), np.empty(2 * MOST_WATER + 1)
        for i in range(block * BLOCK, min((block + 1) * BLOCK, n)):
            _one(i, totals, ph, pco2, salt, mode, gas, tolerance, most, per_mole, strength0,
                 cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate,
                 class_charge, class_size, class_slope, a, b, protein,
                 free, log_a, sums, status, g, gi, k, x, y, both, metal, base, jac, f, hp, wp)  # fmt: skip
