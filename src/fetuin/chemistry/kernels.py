"""The balances of `balance.py`, sixteen sera in lockstep, compiled: the same equations in the same order.

Every inner loop runs over the lanes of a block with a fixed count, so the compiler turns it into vector instructions;
activity coefficients are computed once per class of charge and ion size, with an exponential made of multiplications
alone. A block ends when each of its sera has converged, run away or run out of steps.
Its arrays are made once for a thread and passed on, which makes argument lists long; the file is longer than most because
compiled steps that call each other stand in one file. `tests/unit/chemistry/test_kernels.py` compares every answer with the
plain twin. The functions carry no annotations: numba infers its own types.
"""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np
from numba import njit, prange

LANES = 16
BLOCK = 128  # groups of lanes that one thread takes at a time
SETTLED = 1e-7  # relative change of ionic strength at which it is left alone
NEWTON = 3  # steps at one ionic strength
MOST_PROTONS, MOST_WATER = 4, 1  # powers kept either side of zero
FAST = {"contract", "reassoc", "arcp"}  # not nnan: a serum that runs away must be seen
LN10 = 2.302585092994046
(PH, STRENGTH, WATER, SALT, NET, SQUARE, SOLUTES, MOVED, WEIGHT, FALL, LAST, LAST_NEXT, GAS) = range(13)  # rows of `w`


@njit(cache=True, inline="always", error_model="numpy", fastmath=FAST)
def _exp(e):
    """exp(e) for -12 < e < 4 by Taylor at e/1024 and ten squarings: relative error below 1e-12."""
    q = e * (1.0 / 1024.0)
    p = 1.0 + q * (1.0 + q * (0.5 + q * (1.0 / 6.0 + q * (1.0 / 24.0 + q * (1.0 / 120.0)))))
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    p = p * p
    return p * p


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _gammas(strength, charge, size, slope, a, b, g, gi):
    for k in range(len(charge)):
        z, r, s = -LN10 * a * charge[k] * charge[k], b * size[k], LN10 * slope[k]
        if charge[k] == 0.0:
            for v in range(LANES):
                g[k, v] = _exp(0.1 * LN10 * strength[v])
        elif size[k] < 0.0:
            for v in range(LANES):
                root = np.sqrt(strength[v])
                g[k, v] = _exp(z * (root / (1.0 + root) - 0.3 * strength[v]))
        else:
            for v in range(LANES):
                root = np.sqrt(strength[v])
                g[k, v] = _exp(z * root / (1.0 + r * root) + s * strength[v])
        for v in range(LANES):
            gi[k, v] = 1.0 / g[k, v]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _eliminate(jac, f, weight):
    """Solve the linear system of every lane into `f`; diagonally dominant, so that no pivot is needed."""
    nc = len(f)
    for p in range(nc):
        for r in range(p + 1, nc):
            for v in range(LANES):
                weight[v] = jac[r, p, v] / jac[p, p, v]
                f[r, v] -= weight[v] * f[p, v]
            for c in range(p + 1, nc):
                for v in range(LANES):
                    jac[r, c, v] -= weight[v] * jac[p, c, v]
    for p in range(nc - 1, -1, -1):
        for c in range(p + 1, nc):
            for v in range(LANES):
                f[p, v] -= jac[p, c, v] * f[c, v]
        for v in range(LANES):
            f[p, v] /= jac[p, p, v]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _newton(t, x, y, both, metal, base, jac, f, weight, fall, moved, mode, carbonate, gas_carbonate):
    """One Newton step for the free cations; `moved` is the largest relative move. Ligands are those of the old cations."""
    nc, nl = len(x), len(y)
    jac[:] = 0.0
    f[:] = metal
    for l in range(nl):
        for v in range(LANES):
            weight[v] = base[l, v]
        for c in range(nc):
            for v in range(LANES):
                weight[v] += both[c, l, v] * x[c, v]
        if l == carbonate and mode != 0:
            for v in range(LANES):
                y[l, v] = gas_carbonate[v]
                fall[v] = 0.0
        else:
            for v in range(LANES):
                y[l, v] = t[nc + l, v] / weight[v]
                fall[v] = y[l, v] / weight[v]
        for c in range(nc):
            if both[c, l, 0] == 0.0:
                continue
            for v in range(LANES):
                f[c, v] += both[c, l, v] * y[l, v]
            for d in range(nc):
                if both[d, l, 0] != 0.0:
                    for v in range(LANES):
                        jac[c, d, v] -= both[c, l, v] * fall[v] * x[c, v] * both[d, l, v]
    for c in range(nc):
        for v in range(LANES):
            jac[c, c, v] += f[c, v]
            f[c, v] = x[c, v] * f[c, v] - t[c, v]
    _eliminate(jac, f, weight)
    for v in range(LANES):
        moved[v] = 0.0
    for c in range(nc):
        for v in range(LANES):
            new = max(x[c, v] - f[c, v], 0.1 * x[c, v])
            moved[v] = max(moved[v], abs(new - x[c, v]) / max(x[c, v], 1e-30))
            x[c, v] = new


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _begin(first, count, totals, ph_given, salt_given, strength0, ion_charge, x, t, w, balanced):
    """The first guess of a block: totals, pH, ionic strength, cations half bound."""
    nc = len(x)
    for v in range(LANES):
        i = first + min(v, count - 1)
        for j in range(len(t)):
            t[j, v] = totals[i, j]
        w[PH, v], w[STRENGTH, v], w[WATER, v] = ph_given[i], strength0, 0.995
        balanced[v] = np.isnan(salt_given[i])
        w[SALT, v] = 0.1 if balanced[v] else salt_given[i]
        w[LAST, v], w[LAST_NEXT, v] = -1.0, -1.0
        for c in range(nc):
            x[c, v] = t[c, v] * (0.5 if ion_charge[c] > 1.0 else 0.95)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _proton_powers(ph, hp):
    """Powers of the proton activity, the row MOST_PROTONS being the power 0."""
    for v in range(LANES):
        hp[MOST_PROTONS, v] = 1.0
        hp[MOST_PROTONS + 1, v] = 10.0 ** (-ph[v])
        hp[MOST_PROTONS - 1, v] = 1.0 / hp[MOST_PROTONS + 1, v]
    for n in range(2, MOST_PROTONS + 1):
        for v in range(LANES):
            hp[MOST_PROTONS + n, v] = hp[MOST_PROTONS + n - 1, v] * hp[MOST_PROTONS + 1, v]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _constants(
    cation, ligand, protons, waters, k0, own, ion_class, sections, water, hp, wp, g, gi, k, both, metal, base
):
    """Constants in concentrations at this pH and ionic strength, gathered by pair, by cation and by ligand."""
    ns, (bare, paired, alone) = len(k), sections
    nc = len(metal)
    for v in range(LANES):
        wp[MOST_WATER, v], wp[MOST_WATER + 1, v], wp[MOST_WATER - 1, v] = 1.0, water[v], 1.0 / water[v]
    both[:] = 0.0
    metal[:] = 1.0
    base[:] = 1.0
    for s in range(ns):
        q, n, m, o = k0[s], MOST_PROTONS + protons[s], MOST_WATER + waters[s], own[s]
        for v in range(LANES):
            k[s, v] = q * hp[n, v] * wp[m, v] * gi[o, v]
    for s in range(paired):  # with a ligand
        l = ligand[s]
        o = ion_class[nc + l]
        for v in range(LANES):
            k[s, v] *= g[o, v]
    for s in range(bare, alone):  # with a cation
        o = ion_class[cation[s]]
        for v in range(LANES):
            k[s, v] *= g[o, v]
    for s in range(bare):
        for v in range(LANES):
            base[ligand[s], v] += k[s, v]
    for s in range(bare, paired):
        for v in range(LANES):
            both[cation[s], ligand[s], v] += k[s, v]
    for s in range(paired, alone):
        for v in range(LANES):
            metal[cation[s], v] += k[s, v]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _charges(x, y, k, cation, ligand, charge, ion_charge, sections, weight, net, square, solutes):
    """Add every ion and species to charge, ionic strength (twice) and solutes; those of the proton are there already."""
    nc, nl, (bare, paired, alone) = len(x), len(y), sections
    for c in range(nc):
        z = ion_charge[c]
        for v in range(LANES):
            net[v] += x[c, v] * z
            square[v] += x[c, v] * z * z
            solutes[v] += x[c, v]
    for l in range(nl):
        z = ion_charge[nc + l]
        for v in range(LANES):
            net[v] += y[l, v] * z
            square[v] += y[l, v] * z * z
            solutes[v] += y[l, v]
    for s in range(len(k)):
        z, l, c = charge[s], ligand[s], cation[s]
        for v in range(LANES):
            weight[v] = k[s, v]
        if s < paired:
            for v in range(LANES):
                weight[v] *= y[l, v]
        if bare <= s < alone:
            for v in range(LANES):
                weight[v] *= x[c, v]
        for v in range(LANES):
            net[v] += weight[v] * z
            square[v] += weight[v] * z * z
            solutes[v] += weight[v]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _advance(w, balanced, done, tolerance, per_mole):
    """Next ionic strength, water and salt of each lane; how many lanes have not settled."""
    waiting = 0
    for v in range(LANES):
        if balanced[v]:
            w[SALT, v] = max(w[NET, v], 0.0)
        new = 0.5 * (w[SQUARE, v] + w[SALT, v])
        w[WATER, v] = 1.0 - per_mole * (w[SOLUTES, v] + w[SALT, v])
        here = w[STRENGTH, v]
        shift = abs(new - here) / max(here, 1e-6)
        if np.isfinite(w[MOVED, v] + shift):
            done[v] = 0 if w[MOVED, v] < tolerance and shift < SETTLED else 1
            waiting += done[v]
        else:
            done[v] = 1
        # a secant step once two points are known and the map contracts
        ratio = (new - w[LAST_NEXT, v]) / (here - w[LAST, v]) if here != w[LAST, v] else 0.0
        secant = w[LAST_NEXT, v] > 0.0 and abs(ratio) < 0.5 and done[v] == 1
        w[STRENGTH, v] = new + (new - here) * ratio / (1.0 - ratio) if secant else new
        w[LAST, v], w[LAST_NEXT, v] = here, new
    return waiting


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _residuals(v, mode, carbonate, x, y, t, both, metal, base, protein, bound_to_protein):
    """(largest relative residual of a mass balance, total carbonate) of one lane; fills what each cation has on protein."""
    nc, nl, off, carbon = len(x), len(y), 0.0, 0.0
    for c in range(nc):
        bound, with_protein = x[c, v] * metal[c, v], 0.0
        for l in range(nl):
            part = x[c, v] * both[c, l, v] * y[l, v]
            bound += part
            with_protein += part * protein[l]
        off = max(off, abs(bound - t[c, v]) / max(t[c, v], 1e-12))
        bound_to_protein[c] = with_protein
    for l in range(nl):
        held = base[l, v]
        for c in range(nc):
            held += both[c, l, v] * x[c, v]
        if l == carbonate:
            carbon = held * y[l, v]
            if mode == 1:
                continue
        off = max(off, abs(held * y[l, v] - t[nc + l, v]) / max(t[nc + l, v], 1e-12))
    return off, carbon


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _tell(first, count, iteration, mode, carbonate, ion_class, protein, done, balanced, free, log_a, sums, status,
          g, x, y, t, both, metal, base, w):  # fmt: skip
    """What is told of each serum: free ions, log activities, and the sums and residuals of the balances."""
    nc, nl = len(x), len(y)
    for v in range(count):
        i = first + v
        status[i] = 2 if done[v] == 0 and balanced[v] and w[NET, v] < 0.0 else done[v]
        for c in range(nc):
            free[i, c] = x[c, v]
            log_a[i, c] = np.log10(max(x[c, v], 1e-300) * g[ion_class[c], v])
        for l in range(nl):
            free[i, nc + l] = y[l, v]
            log_a[i, nc + l] = np.log10(max(y[l, v], 1e-300) * g[ion_class[nc + l], v])
        log_a[i, nc + nl], log_a[i, nc + nl + 1] = -w[PH, v], np.log10(w[WATER, v])
        sums[i, 0], sums[i, 1], sums[i, 2], sums[i, 3] = w[STRENGTH, v], w[SALT, v], w[NET, v] - w[SALT, v], iteration
        sums[i, 4], sums[i, 5] = _residuals(v, mode, carbonate, x, y, t, both, metal, base, protein, sums[i, 6:])


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _lanes(first, count, totals, ph_given, pco2, salt_given, mode, gas, tolerance, most, per_mole, strength0,
           cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate, sections,
           class_charge, class_size, class_slope, a, b, protein, free, log_a, sums, status,
           g, gi, k, x, y, t, both, metal, base, jac, f, hp, wp, w):  # fmt: skip
    """Solve one block of lanes: constants, Newton, pH by the carbonate, charge and ionic strength, until all stand still."""
    nc, nl, ph, moved, gas_carbonate = len(x), len(y), w[PH], w[MOVED], w[GAS]
    done, balanced = np.ones(LANES, np.int64), np.zeros(LANES, np.int64)
    _begin(first, count, totals, ph_given, salt_given, strength0, ion_charge, x, t, w, balanced)
    iteration = 0
    while iteration < most:
        iteration += 1
        _gammas(w[STRENGTH], class_charge, class_size, class_slope, a, b, g, gi)
        if iteration == 1 or mode == 2:
            _proton_powers(ph, hp)
        _constants(
            cation, ligand, protons, waters, k0, own, ion_class, sections, w[WATER], hp, wp, g, gi, k, both, metal, base
        )
        if mode != 0:
            o = ion_class[nc + carbonate]
            for v in range(LANES):
                pressure = pco2[first + min(v, count - 1)] * gas
                gas_carbonate[v] = (
                    pressure * w[WATER, v] * gi[o, v] / (hp[MOST_PROTONS + 1, v] * hp[MOST_PROTONS + 1, v])
                )
        for _ in range(NEWTON):
            _newton(t, x, y, both, metal, base, jac, f, w[WEIGHT], w[FALL], moved, mode, carbonate, gas_carbonate)
            if np.max(moved) < tolerance:
                break
        if mode == 2:
            for v in range(LANES):
                have = base[carbonate, v]
                for c in range(nc):
                    have += both[c, carbonate, v] * x[c, v]
                ratio = t[nc + carbonate, v] / (have * y[carbonate, v])
                ph[v] += np.log10(ratio)
                moved[v] = max(moved[v], abs(ratio - 1.0))
        for v in range(LANES):
            w[NET, v] = hp[MOST_PROTONS + 1, v] * gi[ion_class[nc + nl], v]
            w[SQUARE, v] = w[SOLUTES, v] = w[NET, v]
        _charges(x, y, k, cation, ligand, charge, ion_charge, sections, w[WEIGHT], w[NET], w[SQUARE], w[SOLUTES])
        if _advance(w, balanced, done, tolerance, per_mole) == 0:
            break
    _tell(first, count, iteration, mode, carbonate, ion_class, protein, done, balanced, free, log_a, sums, status,
          g, x, y, t, both, metal, base, w)  # fmt: skip


@njit(cache=True, parallel=True, error_model="numpy", fastmath=FAST)
def solve_all(totals, ph, pco2, salt, mode, gas, tolerance, most, per_mole, strength0,
              cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate, sections,
              class_charge, class_size, class_slope, a, b, protein, free, log_a, sums, status):  # fmt: skip
    """Solve every row of `totals` [mol/kg]; fills `free`, `log_a`, `sums` and `status` (see `speciation.py`).

    `sections` = (a, b, c): species [0, a) are a ligand with protons, [a, b) pairs, [b, c) a cation alone.
    """
    n, nc = len(totals), 0
    while nc < totals.shape[1] and ion_charge[nc] > 0.0:
        nc += 1
    nl, ns, m = totals.shape[1] - nc, len(k0), len(class_charge)
    step = BLOCK * LANES
    for block in prange((n + step - 1) // step):
        g, gi, k = np.empty((m, LANES)), np.empty((m, LANES)), np.empty((ns, LANES))
        x, y, t = np.empty((nc, LANES)), np.empty((nl, LANES)), np.empty((nc + nl, LANES))
        both, metal, base = np.empty((nc, nl, LANES)), np.empty((nc, LANES)), np.empty((nl, LANES))
        jac, f, w = np.empty((nc, nc, LANES)), np.empty((nc, LANES)), np.zeros((GAS + 1, LANES))
        hp, wp = np.empty((2 * MOST_PROTONS + 1, LANES)), np.empty((2 * MOST_WATER + 1, LANES))
        end = min((block + 1) * step, n)
        for first in range(block * step, end, LANES):
            _lanes(first, min(LANES, end - first), totals, ph, pco2, salt, mode, gas, tolerance, most, per_mole, strength0,
                   cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate, sections,
                   class_charge, class_size, class_slope, a, b, protein, free, log_a, sums, status,
                   g, gi, k, x, y, t, both, metal, base, jac, f, hp, wp, w)  # fmt: skip
