"""The balances of `balance.py`, sixteen sera in lockstep, compiled: the same equations in the same order.

Every inner loop runs over the lanes of a block with a fixed count, so the compiler turns it into vector instructions;
activity coefficients are computed once per class of charge and ion size, with an exponential made of multiplications
alone. A block ends when each of its sera has converged, run away or run out of steps. One function is long because a
block's arrays would otherwise be passed through every call. `tests/unit/chemistry/test_kernels.py` compares every answer
with the plain twin. The functions carry no annotations: numba infers its own types.
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
    for p in range(nc):  # diagonally dominant: no pivot is needed
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
    for v in range(LANES):
        moved[v] = 0.0
    for c in range(nc):
        for v in range(LANES):
            new = max(x[c, v] - f[c, v], 0.1 * x[c, v])
            moved[v] = max(moved[v], abs(new - x[c, v]) / max(x[c, v], 1e-30))
            x[c, v] = new


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _lanes(first, count, totals, ph_given, pco2, salt_given, mode, gas, tolerance, most, per_mole, strength0,
           cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate, sections,
           class_charge, class_size, class_slope, a, b, protein, free, log_a, sums, status,
           g, gi, k, x, y, t, both, metal, base, jac, f, hp, wp, w):  # fmt: skip
    nc, nl, ns = len(x), len(y), len(k)
    bare, paired, alone = sections
    ph, strength, water, salt, net, square, solutes, moved = w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
    weight, fall, last, last_next, gas_carbonate = w[8], w[9], w[10], w[11], w[12]
    done = np.ones(LANES, np.int64)
    balanced = np.zeros(LANES, np.int64)
    for v in range(LANES):
        i = first + min(v, count - 1)
        for j in range(nc + nl):
            t[j, v] = totals[i, j]
        ph[v], strength[v], water[v] = ph_given[i], strength0, 0.995
        balanced[v] = np.isnan(salt_given[i])
        salt[v] = 0.1 if balanced[v] else salt_given[i]
        last[v], last_next[v] = -1.0, -1.0
        for c in range(nc):
            x[c, v] = t[c, v] * (0.5 if ion_charge[c] > 1.0 else 0.95)
    iteration = 0
    while iteration < most:
        iteration += 1
        _gammas(strength, class_charge, class_size, class_slope, a, b, g, gi)
        if iteration == 1 or mode == 2:
            for v in range(LANES):
                hp[MOST_PROTONS, v] = 1.0
                hp[MOST_PROTONS + 1, v] = 10.0 ** (-ph[v])
                hp[MOST_PROTONS - 1, v] = 1.0 / hp[MOST_PROTONS + 1, v]
            for n in range(2, MOST_PROTONS + 1):
                for v in range(LANES):
                    hp[MOST_PROTONS + n, v] = hp[MOST_PROTONS + n - 1, v] * hp[MOST_PROTONS + 1, v]
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
        o = ion_class[nc + carbonate]
        if mode != 0:
            for v in range(LANES):
                i = first + min(v, count - 1)
                gas_carbonate[v] = (
                    pco2[i] * gas * water[v] * gi[o, v] / (hp[MOST_PROTONS + 1, v] * hp[MOST_PROTONS + 1, v])
                )
        for _ in range(NEWTON):
            _newton(t, x, y, both, metal, base, jac, f, weight, fall, moved, mode, carbonate, gas_carbonate)
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
        o = ion_class[nc + nl]
        for v in range(LANES):
            net[v] = hp[MOST_PROTONS + 1, v] * gi[o, v]
            square[v] = net[v]
            solutes[v] = net[v]
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
        for s in range(ns):
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
        waiting = 0
        for v in range(LANES):
            if balanced[v]:
                salt[v] = max(net[v], 0.0)
            new = 0.5 * (square[v] + salt[v])
            water[v] = 1.0 - per_mole * (solutes[v] + salt[v])
            here = strength[v]
            shift = abs(new - here) / max(here, 1e-6)
            if np.isfinite(moved[v] + shift):
                done[v] = 0 if moved[v] < tolerance and shift < SETTLED else 1
                waiting += done[v]
            else:
                done[v] = 1
            # a secant step once two points are known and the map contracts
            ratio = (new - last_next[v]) / (here - last[v]) if here != last[v] else 0.0
            secant = last_next[v] > 0.0 and abs(ratio) < 0.5 and done[v] == 1
            strength[v] = new + (new - here) * ratio / (1.0 - ratio) if secant else new
            last[v], last_next[v] = here, new
        if waiting == 0:
            break
    # what is told of each serum: free ions, log activities, and the sums and residuals of the balances
    for v in range(count):
        i = first + v
        status[i] = 2 if done[v] == 0 and balanced[v] and net[v] < 0.0 else done[v]
        for c in range(nc):
            free[i, c] = x[c, v]
            log_a[i, c] = np.log10(max(x[c, v], 1e-300) * g[ion_class[c], v])
        for l in range(nl):
            free[i, nc + l] = y[l, v]
            log_a[i, nc + l] = np.log10(max(y[l, v], 1e-300) * g[ion_class[nc + l], v])
        log_a[i, nc + nl], log_a[i, nc + nl + 1] = -ph[v], np.log10(water[v])
        sums[i, 0], sums[i, 1], sums[i, 2], sums[i, 3] = strength[v], salt[v], net[v] - salt[v], iteration
        off, carbon = 0.0, 0.0
        for c in range(nc):
            bound, with_protein = x[c, v] * metal[c, v], 0.0
            for l in range(nl):
                part = x[c, v] * both[c, l, v] * y[l, v]
                bound += part
                with_protein += part * protein[l]
            off = max(off, abs(bound - t[c, v]) / max(t[c, v], 1e-12))
            sums[i, 6 + c] = with_protein
        for l in range(nl):
            held = base[l, v]
            for c in range(nc):
                held += both[c, l, v] * x[c, v]
            if l == carbonate:
                carbon = held * y[l, v]
                if mode == 1:
                    continue
            off = max(off, abs(held * y[l, v] - t[nc + l, v]) / max(t[nc + l, v], 1e-12))
        sums[i, 4], sums[i, 5] = off, carbon


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
        jac, f, w = np.empty((nc, nc, LANES)), np.empty((nc, LANES)), np.zeros((13, LANES))
        hp, wp = np.empty((2 * MOST_PROTONS + 1, LANES)), np.empty((2 * MOST_WATER + 1, LANES))
        end = min((block + 1) * step, n)
        for first in range(block * step, end, LANES):
            _lanes(first, min(LANES, end - first), totals, ph, pco2, salt, mode, gas, tolerance, most, per_mole, strength0,
                   cation, ligand, protons, waters, k0, own, charge, ion_class, ion_charge, carbonate, sections,
                   class_charge, class_size, class_slope, a, b, protein, free, log_a, sums, status,
                   g, gi, k, x, y, t, both, metal, base, jac, f, hp, wp, w)  # fmt: skip
