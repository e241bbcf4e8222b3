"""The compiled balances against their plain twin, and both against the balances themselves."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.chemistry.speciation import Speciation, speciate

pytest.importorskip("numba")

RANGES = {
    "pH": (6.8, 7.8), "HCO3": (5, 45), "Na": (110, 160), "K": (2, 8), "Ca_tot": (0.5, 12), "Mg_tot": (0, 3), "P_i": (0.1, 9),
    "SO4": (0, 2), "citrate": (0, 4), "lactate": (0, 12), "albumin_gL": (0, 60), "globulin_gL": (0, 60), "HEPES": (0, 50),
}  # fmt: skip


def random_sera(n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {k: rng.uniform(low, high, n) for k, (low, high) in RANGES.items()}


def both(sera: dict[str, np.ndarray], **more: float) -> tuple[Speciation, Speciation]:
    return speciate(sera, **more), speciate(sera, plain=True, **more)


@pytest.mark.parametrize("given", [("pH", "HCO3"), ("pH", "pCO2_mmHg"), ("HCO3", "pCO2_mmHg")])
def test_twins_agree_whatever_is_given(given: tuple[str, str]) -> None:
    sera = random_sera(400, 1)
    sera["pCO2_mmHg"] = speciate(sera).require().pco2_mmhg
    sera = {k: v for k, v in sera.items() if k in given or k not in ("pH", "HCO3", "pCO2_mmHg")}
    fast, plain = both(sera)
    assert fast.converged.all()
    assert plain.converged.all()
    assert np.allclose(fast.free, plain.free, rtol=1e-5, atol=1e-12)
    assert np.nanmax(np.abs(fast.saturation_indices - plain.saturation_indices)) < 1e-5
    assert np.allclose(fast.protein_bound, plain.protein_bound, rtol=1e-5, atol=1e-12)
    assert np.allclose(fast.ph, plain.ph, atol=1e-6)


def test_mass_and_charge_close() -> None:
    for s in both(random_sera(300, 2)):
        assert s.mass_balance.max() < 1e-8
        assert np.abs(s.charge_balance).max() < 1e-6
        calcium = sum(
            s.species(n) for n, r in s.system.table.species.items() if r.composition.get("Ca")
        ) + s.species("Ca+2")  # fmt: skip
        assert np.allclose(calcium, s.totals[:, s.system.components.index("Ca")], rtol=1e-5)


def test_given_chloride_leaves_its_gap_in_the_open() -> None:
    sera = {"Ca_tot": 2.35, "P_i": 1.1, "Na": 140.0, "pH": 7.4, "HCO3": 24.0}
    balanced = speciate(sera).require()
    for s in both(sera | {"Cl": float(balanced.chloride[0]) - 5.0}):
        assert s.require().charge_balance[0] == pytest.approx(5.0, abs=0.02)


def test_anions_without_cations_have_no_solution_and_say_so() -> None:
    for s in both({"Ca_tot": 2.35, "P_i": 50.0, "Na": 20.0, "pH": 7.4, "HCO3": 24.0}):
        assert not s.converged.any()
        assert np.isnan(s.saturation_indices).all()
        with pytest.raises(Exception, match="no solution"):
            s.require()
