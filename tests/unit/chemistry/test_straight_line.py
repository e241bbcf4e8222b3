"""The straight-line blood agrees with the full balances over the physiological range, and can be traced."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fetuin.chemistry import balance
from fetuin.chemistry.straight_line import blood, blood_constants
from fetuin.chemistry.system import system

RANGES = {"Ca": (1.5, 3.5), "Mg": (0.4, 2.0), "P": (0.3, 4.0), "Alb": (15, 50), "pH": (7.1, 7.6), "HCO3": (10, 40), "Citr": (0.03, 0.4)}  # fmt: skip


def many(n: int = 800) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """(inputs, full solver's answers) of random blood."""
    rng = np.random.default_rng(3)
    i = {k: rng.uniform(*v, n) for k, v in RANGES.items()}
    s = system("plasma37", 37.0)
    given = {"Na": 140.0, "K": 4.2, "SO4": 0.33, "Lact": 1.0, "Hepes": 0.0, "Glob": 28 * 0.026}
    given |= {
        "Ca": i["Ca"],
        "Mg": i["Mg"],
        "P": i["P"],
        "C": 1.05 * i["HCO3"],
        "Citr": i["Citr"],
        "Alb": 0.17 * i["Alb"],
    }
    totals = np.column_stack([np.broadcast_to(given[c], n) for c in s.components]) / 1000
    free, strength, water, ph, _, status = balance.solve(s, totals, i["pH"], np.zeros(n), 0, np.full(n, np.nan))
    assert not status.any()
    ion = balance.log_gammas(strength, s.ion_charge, s.ion_size, s.ion_slope, s.a, s.b)[:, :-2]
    log_a = np.column_stack([np.log10(np.maximum(free, 1e-300)) + ion, -ph, np.log10(water)])
    si = log_a @ s.phase_stoichiometry.T - s.phase_log_k
    full = {p: si[:, j] for j, p in enumerate(s.phases)}
    return i, full | {"Ca": free[:, s.components.index("Ca")] * 1e3, "Mg": free[:, s.components.index("Mg")] * 1e3}


def of(i: dict[str, np.ndarray], steps: int = 1):
    return blood(np, i["Ca"], i["Mg"], i["P"], i["Alb"], i["pH"], i["HCO3"], i["Citr"], blood_constants(), steps)


def test_it_agrees_with_the_full_solver() -> None:
    i, full = many()
    b = of(i)
    assert np.abs(b.ionised_calcium / full["Ca"] - 1).max() < 0.007
    assert np.abs(b.ionised_magnesium / full["Mg"] - 1).max() < 0.008
    assert np.abs(b.si_dcpd - full["Brushite_DCPD"]).max() < 0.01
    assert np.abs(b.si_ocp - full["OCP"]).max() < 0.03
    assert np.abs(b.si_hap - full["Hydroxyapatite"]).max() < 0.03


def test_one_newton_step_suffices() -> None:
    i, _ = many(100)
    assert np.abs(of(i, 1).ionised_calcium / of(i, 4).ionised_calcium - 1).max() < 0.004


def test_the_healthy_adult_has_an_ionised_calcium_of_1_145() -> None:
    b = blood(math, 2.35, 0.85, 1.1, 43.0, 7.4, 24.0, 0.12, blood_constants())
    assert b.ionised_calcium == pytest.approx(1.1449, rel=2e-3)
    assert b.hpo4 == pytest.approx(0.7337, rel=2e-3)
    assert (b.si_ocp, b.si_dcpd, b.si_hap) == pytest.approx((1.6621, -0.4107, 10.0808), abs=0.01)


def test_it_can_be_traced_and_differentiated() -> None:
    sympy = pytest.importorskip("sympy")
    symbols = sympy.symbols("ca mg p alb ph bic cit", positive=True)
    traced = blood(sympy, *symbols, blood_constants())
    point = (2.35, 0.85, 1.1, 43.0, 7.4, 24.0, 0.12)
    plain = blood(math, *point, blood_constants())
    by_ph = sympy.diff(traced.ionised_calcium, symbols[4])
    si_ocp, slope = sympy.lambdify(symbols, [traced.si_ocp, by_ph], modules="math", cse=True)(*point)
    assert si_ocp == pytest.approx(plain.si_ocp, rel=1e-12)
    assert slope < 0, "alkalosis lowers ionised calcium"
