"""Each organ's equation against what its docstring says, at points a physiologist can check by hand."""

from __future__ import annotations

import math

import pytest

from fetuin.engine.maths import PLAIN as M
from fetuin.physiology import acid_base, bone, dialysis, fgf23, gut, kidney, parathyroid, phosphate_shift, vitamin_d
from fetuin.physiology.acid_base import AcidBase
from fetuin.physiology.bone import Bone
from fetuin.physiology.fgf23 import Fgf23
from fetuin.physiology.gut import Gut
from fetuin.physiology.kidney import Kidney
from fetuin.physiology.parathyroid import Parathyroid
from fetuin.physiology.phosphate_shift import PhosphateShift
from fetuin.physiology.vitamin_d import VitaminD


def test_kidney_threshold() -> None:
    """Well above the threshold all excess is excreted; well below almost nothing; folds are 1 in health."""
    assert kidney.excretion(M, 144.0, 5.0, 1.0, 0.1) == pytest.approx(144.0 * 4.0, rel=1e-6)
    assert kidney.excretion(M, 144.0, 0.2, 2.0, 0.1) < 1e-4
    assert kidney.phosphate_by_pth(1.0, Kidney()) == pytest.approx(1.0)
    assert kidney.phosphate_by_fgf23(M, 1.0, Kidney()) == pytest.approx(1.0)
    assert kidney.calcium_transport(M, 1.0, 1.0, Kidney()) == pytest.approx(1.0)
    assert kidney.phosphate_by_pth(4.0, Kidney()) < 0.85
    assert kidney.phosphate_by_fgf23(M, 5.0, Kidney()) < 0.85


def test_gut_saturates_and_binder_binds() -> None:
    g = Gut()
    once, thrice = (gut.calcium_absorption(M, x, 1.0, g, 1.0) / x for x in (5.0, 15.0))
    assert thrice < once
    assert gut.transport_target(M, 1.0, g) == pytest.approx(1.0)
    assert gut.bound(2.0, 4.0, g) == pytest.approx(g.binding * 8.0)


def test_release_of_pth_is_an_inverse_sigmoid_with_its_set_point() -> None:
    p = Parathyroid()
    at = [parathyroid.release_curve(M, ca, p.set_point, p) for ca in (0.9, 1.13, 1.5)]
    assert at[0] == pytest.approx(p.release_most, rel=0.05)
    assert at[1] == pytest.approx((p.release_most + p.release_least) / 2, rel=1e-9)
    assert at[2] < 0.1 * at[1]
    assert parathyroid.set_point(1.0, p) == pytest.approx(p.set_point)
    assert parathyroid.magnesium_permits(M, 0.85, 0.85, p) == pytest.approx(1.0)
    assert parathyroid.magnesium_permits(M, 0.3, 0.85, p) < 0.2
    assert parathyroid.vitamin_d_drive(M, 1.0, p) == pytest.approx(1.0)
    assert parathyroid.gland_target(M, 1.0, 1.0, p) == pytest.approx(1.0)


def test_fgf23_and_vitamin_d_are_one_in_health() -> None:
    assert fgf23.drive(M, 1, 1, 1, 1, 1, Fgf23()) == pytest.approx(1.0)
    assert fgf23.klotho_target(M, 1.0, 1.0, Fgf23()) == pytest.approx(1.0)
    v = VitaminD()
    assert vitamin_d.hydroxylase_target(M, 1, 1, 1, 1, 1, v) == pytest.approx(1.0)
    assert vitamin_d.hydroxylase_target(M, 1, 1, 1, 1, 0.3, v) < 0.6, "CYP27B1 scales with nephrons"
    assert vitamin_d.activation(60.0, 60.0, v) == pytest.approx(1.0)
    assert vitamin_d.storage_made(M, 0.0, v) == 0.0


def test_vitamin_d_store_of_a_published_dose() -> None:
    """50 000 IU a week for 12 weeks lifts the store by about 25 ng/mL (62 nmol/L)."""
    v = VitaminD()
    k = v.storage_loss
    lifted = vitamin_d.storage_made(M, 7.143, v) / k * (1.0 - math.exp(-k * 84))
    assert lifted == pytest.approx(62.0, rel=0.2)


def test_ph_by_henderson_hasselbalch() -> None:
    """24 mmol/L at 40 mmHg (5.33 kPa) is pH 7.39-7.40."""
    assert acid_base.ph(M, 24.0, 5.33) == pytest.approx(7.39, abs=0.01)
    assert acid_base.renal(25.0, 25.0, 1.0, AcidBase()) == pytest.approx(AcidBase().acid)


def test_dialysis_fluxes() -> None:
    assert dialysis.phosphate(2.0, 230.0, 12.0) == pytest.approx(484.0)
    p = dialysis.Dialysis()
    assert dialysis.calcium(1.2, 170.0, 1.75, 0.0, p) < 0 < dialysis.calcium(1.4, 170.0, 1.0, 0.0, p)
    assert dialysis.bicarbonate(20.0, 187.0, 32.0, 0.0) < 0


def test_bone() -> None:
    b = Bone()
    assert bone.uptake(M, 1.0, 1.0, b) == pytest.approx(bone.release(M, b.surface, 1.0, 1.0, 0.0, b))
    assert bone.response(1.0, b) == pytest.approx(1.0)
    assert bone.response(0.01, b) < 0.35, "a uraemic skeleton resists PTH"
    assert bone.rankl_target(M, 1.0, 1.0, b) == pytest.approx(1.0)
    assert bone.mineralising(M, 0.5, b) < 0.5


def test_phosphate_is_mobilised_when_plasma_is_pulled_down() -> None:
    p = PhosphateShift()
    rest, pulled = (phosphate_shift.mobilisation_target(M, x, p.store, 1.15, p) for x in (1.15, 0.3))
    assert rest < 0.01
    assert pulled > 0.9
    assert phosphate_shift.into_cells(1.15, p.store, 0.0, 1.15, p) == pytest.approx(0.0)
