"""CV components against an independent analysis, lot shifts, and the published within-person change."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays.quality import (
    components,
    hazard_ratio_for,
    lot_to_lot,
    reference_change_percent,
    reference_change_value,
    within_person_sd,
)
from fetuin.chemistry.mixture import MIXTURE, Mixture
from fetuin.errors import InputError, NotEnoughDataError


def drawn(lots, plates, wells, sd=(0.04, 0.03, 0.05), seed=0):
    rng = np.random.default_rng(seed)
    y, plate, lot = [], [], []
    for a in range(lots):
        shift = rng.normal(0, sd[0])
        for b in range(plates):
            level = shift + rng.normal(0, sd[1])
            for _ in range(wells):
                y.append(np.log(261) + level + rng.normal(0, sd[2]))
                plate.append(f"p{b}")
                lot.append(f"l{a}")
    return np.exp(y), plate, lot


def test_components_are_found():
    c = components(*drawn(60, 12, 4, seed=3))
    assert c.repeatability == pytest.approx(0.05, rel=0.05)
    assert c.between_plate == pytest.approx(0.03, rel=0.12)
    assert c.between_lot == pytest.approx(0.04, rel=0.3)
    low, high = c.interval["repeatability"]
    assert low < c.repeatability < high


def test_balanced_components_equal_a_mixed_model():
    """Balanced data: the analysis of variance and restricted maximum likelihood (statsmodels) must agree."""
    import pandas as pd
    import statsmodels.formula.api as smf

    t50, plate, _ = drawn(1, 25, 4, seed=5)
    frame = pd.DataFrame({"y": np.log(t50), "plate": plate})
    model = smf.mixedlm("y ~ 1", frame, groups="plate").fit(reml=True)
    c = components(t50, plate)
    assert c.repeatability == pytest.approx(np.sqrt(np.expm1(model.scale)), rel=1e-3)
    assert c.between_plate == pytest.approx(np.sqrt(np.expm1(float(model.cov_re.iloc[0, 0]))), rel=1e-2)


def test_interval_of_repeatability_covers():
    hits = 0
    for seed in range(200):
        low, high = components(*drawn(1, 8, 3, seed=seed)).interval["repeatability"]
        hits += low <= np.sqrt(np.expm1(0.05**2)) <= high
    assert 0.91 <= hits / 200 <= 0.99


def test_components_need_replicates():
    with pytest.raises(NotEnoughDataError):
        components([250.0, 260.0], ["a", "b"])
    with pytest.raises(InputError):
        components([250.0, np.nan, 1.0], ["a", "b", "b"])


def test_lot_to_lot():
    rng = np.random.default_rng(0)
    old = rng.normal(290, 60, 32)
    new = old * 1.04 * np.exp(rng.normal(0, 0.05, 32))
    shift = lot_to_lot(old, new)
    assert shift.low < 1.04 < shift.high
    assert shift.within
    assert not lot_to_lot(old, 1.12 * new).within
    with pytest.raises(InputError):
        lot_to_lot(old, new[:5])


@pytest.mark.req("t50-within-person")
def test_within_person_change_of_transplant_recipients():
    assert within_person_sd(34.4) == pytest.approx(24.3, abs=1.0)
    assert reference_change_value(within_person_sd(34.4)) == pytest.approx(67.0, abs=1.0)
    assert reference_change_value(within_person_sd(27.4)) == pytest.approx(54.0, abs=1.0)


def test_reference_change_on_the_log_scale():
    fall, rise = reference_change_percent(0.07, 0.055)
    assert (1 + fall) * (1 + rise) == pytest.approx(1.0)
    assert rise == pytest.approx(np.expm1(1.96 * np.sqrt(2) * np.hypot(0.07, 0.055)), rel=0.01)


@pytest.mark.req("t50-hazard-conversion")
def test_hazard_ratio_per_60_min_lower():
    assert hazard_ratio_for(0.9957, 60.0) == pytest.approx(1.295, abs=0.01)
    assert hazard_ratio_for(0.9981, 60.0) == pytest.approx(1.12, abs=0.01)
    assert hazard_ratio_for(0.9933, 60.0) == pytest.approx(1.50, abs=0.01)


@pytest.mark.req("t50-mixture")
def test_the_mixture_in_a_well():
    assert MIXTURE.volume == 200.0
    assert MIXTURE.serum_part == pytest.approx(0.40, rel=1e-3)
    assert MIXTURE.calcium() == pytest.approx(10.0, rel=1e-3)
    assert MIXTURE.phosphate() == pytest.approx(6.0, rel=1e-3)
    assert MIXTURE.hepes == pytest.approx(50.0, rel=1e-3)
    assert MIXTURE.phosphate(1.5) == pytest.approx(6.6)
    assert Mixture(serum=40.0).serum_part == pytest.approx(0.25)
