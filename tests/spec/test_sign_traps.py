"""Where a simple model gets the sign wrong. One trap, one test; the person is in dialysis and treated, unless said.

A product of calcium and phosphate would say that what raises phosphate feeds deposits, and what lowers it helps. It does
not: the crystal, its inhibitors and bone as a buffer decide.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fetuin.physiology.targets import Targets
from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.regimen import cautions, therapy
from fetuin.therapies.bisphosphonates import atypical_fracture
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription

YEAR = 364.0


def treated(calcium: float = 1.5, **regimen: object) -> Person:
    """A patient in haemodialysis whose phosphate is held near 1.6 mmol/L, with coronary and aortic deposits."""
    return Person(
        gfr=2.0, dialysis=Prescription(calcium=calcium), diet={"phosphate": 33.0}, deposits={"coronary": 0.8, "aorta": 20.0},
        regimen={"sevelamer": 6.5, "calcitriol": "0.25 ug/d", **regimen}, before=182.0,
    )  # fmt: skip


@cache
def year(calcium: float, *regimen: tuple[str, object]) -> Trajectory:
    return simulate(treated(calcium), dict(regimen), YEAR, times=[0.0, 14.0, 182.0, YEAR])


def grown(t: Trajectory, site: str = "coronary") -> float:
    rows = t.rows(f"{site}_mass")[0]
    return float(rows[-1] / rows[0] - 1.0)


def test_etidronate_raises_phosphate_and_arrests_calcification() -> None:
    """The kidney keeps more phosphate; the crystal is covered."""
    ill = Person(disorders={"pxe": 1.0}, deposits={"aorta": 8.0}, before=365.0)
    with_drug, without = (
        simulate(ill, r, YEAR, times=[0.0, 14.0, YEAR]) for r in ({"etidronate": "1400 mg/d for 2 wk every 12 wk"}, {})
    )
    assert with_drug["phosphate"][1] > 1.15 * without["phosphate"][1]
    assert grown(without, "aorta") > 0.03
    assert grown(with_drug, "aorta") < 0.01


def test_oral_alendronate_hardly_covers_crystals_and_etidronate_does() -> None:
    """The same class; a fiftieth of the exposure. What alendronate does beside it is by bone: calcium and phosphate fall."""
    covering = {
        name: max(a.targets.bisphosphonate_binding for a in therapy(name).given(dose, horizon=YEAR))
        for name, dose in {
            "alendronate": "70 mg weekly",
            "zoledronate": "5 mg yearly",
            "etidronate": "400 mg daily",
        }.items()
    }
    growth = {
        name: grown(
            simulate(treated(), Scenario(acts=(Act(Targets(bisphosphonate_binding=k)),)), YEAR, times=[0.0, YEAR])
        )
        for name, k in {"none": 0.0, **covering}.items()
    }
    assert 1.0 - growth["alendronate"] / growth["none"] < 0.2
    assert 1.0 - growth["etidronate"] / growth["none"] > 0.6


def test_a_covered_deposit_is_protected_too() -> None:
    """Arrest, not regression: cells remove less of a crystal that a drug sits on."""
    quiet = Person(deposits={"aorta": 20.0})
    bare, covered = (
        grown(simulate(quiet, r, YEAR, times=[0.0, YEAR]), "aorta") for r in ({}, {"etidronate": "400 mg daily"})
    )
    assert bare < covered < 0.0


def test_a_calcium_binder_lowers_phosphate_and_may_feed_the_vessel() -> None:
    """At equal phosphate the calcium that is absorbed goes somewhere."""
    sevelamer = year(1.25)
    calcium = year(1.25, ("sevelamer", 0.0), ("calcium_acetate", 4.6))
    assert calcium["phosphate"][-1] == pytest.approx(sevelamer["phosphate"][-1], rel=0.08)
    assert calcium["calcium"][-1] > sevelamer["calcium"][-1] + 0.1
    assert grown(calcium) > grown(sevelamer) + 0.02


@pytest.mark.parametrize("drug", [{"denosumab": 60.0}, {"zoledronate": "5 mg once"}])
def test_suppressing_bone_takes_away_the_buffer(drug: dict[str, object]) -> None:
    """When dialysate calcium falls, bone that cannot answer PTH lets plasma calcium fall further."""
    lower = {"dialysis": Prescription(calcium=1.0)}
    spared, suppressed = (
        simulate(treated(), Scenario(regimen=r, **lower), 56, times=[0.0, 56.0]) for r in ({}, drug)
    )  # fmt: skip
    assert suppressed["calcium"][-1] < spared["calcium"][-1] - 0.03
    assert suppressed["pth"][-1] > spared["pth"][-1]


def test_magnesium_lengthens_t50_and_the_report_says_that_ct_is_contradictory() -> None:
    t = simulate(Person(gfr=25.0), {"magnesium": "30 mmol/d"}, 56, times=[0.0, 56.0])
    assert t["t50"][-1] > 1.08 * t["t50"][0]
    assert "contradictory" in t.provenance["cautions"]["magnesium"]
    assert "contradictory" in cautions(["magnesium_carbonate"])["magnesium_carbonate"]


def test_etidronate_without_pause_makes_osteomalacia_and_in_courses_does_not() -> None:
    """20 mg/kg/d: osteoid piles up; two weeks in twelve leave time to mineralise."""
    without_pause, courses = (
        simulate(Person(), {"etidronate": dose}, YEAR, times=[0.0, 90.0, 180.0, 270.0, YEAR])["osteoid"]
        for dose in ("20 mg/kg/d", "20 mg/kg/d for 2 wk every 12 wk")
    )
    assert without_pause.max() > 2.0
    assert courses.mean() < 1.5


def test_denosumab_calcium_falls_and_recovers_and_resorption_overshoots_after_it() -> None:
    t = simulate(Person(), {"denosumab": "60 mg once"}, 540, times=[0.0, 30.0, 60.0, 180.0, 330.0, 540.0])
    calcium, resorption = t["calcium"], t["bone_resorption"]
    assert calcium[1:3].min() < 0.99 * calcium[0]
    assert calcium[3] > calcium[1:3].min()
    assert t["pth"][2] > 1.1 * t["pth"][0]
    assert resorption[2] < 0.2 * resorption[0]
    assert resorption[4] > 1.2 * resorption[0]


@pytest.mark.parametrize(
    "drug", [{"zoledronate": "4 mg once"}, {"pamidronate": "90 mg once"}, {"denosumab": "120 mg once"}]
)
def test_drugs_on_osteoclasts_lower_the_calcium_of_osteolytic_cancer(drug: dict[str, object]) -> None:
    """A tumour dissolves bone by osteoclasts. Calcium falls from the first day and is lower still on the tenth."""
    ill = Person(disorders={"malignancy_osteolytic": 1.0}, before=30.0)
    t = simulate(ill, drug, 10, times=[0.0, 1.0, 10.0])
    assert t["calcium"][2] < t["calcium"][1] < t["calcium"][0] - 0.02
    assert t["urine_calcium"][2] < 0.7 * t["urine_calcium"][0]
    assert t["pth"][2] > t["pth"][0]


def test_density_is_one_law_for_every_drug() -> None:
    """Relative density is relative mineral, whatever moved it."""
    for drug in ({"denosumab": 60.0}, {"alendronate": 70.0}, {"teriparatide": 20.0}, {"romosozumab": 210.0}):
        t = simulate(Person(), drug, YEAR, times=[0.0, YEAR])
        mineral = 0.66 * t["trabecular"] / t["trabecular"][0] + 0.34 * t["cortical"] / t["cortical"][0]
        assert np.allclose(t["bmd_spine"] / t["bmd_spine"][0], mineral, rtol=2e-3)
        assert t["bmd_spine"][-1] > 1.02 * t["bmd_spine"][0]


def test_atypical_fracture_hazard_climbs_on_the_drug_and_falls_off_it() -> None:
    assert atypical_fracture(0.0) == 1.0
    assert atypical_fracture(4.0) == pytest.approx(8.86, rel=0.1)
    assert atypical_fracture(10.0) == pytest.approx(43.5, rel=0.1)
    assert atypical_fracture(10.0, 1.0) - 1.0 == pytest.approx(0.3 * (atypical_fracture(10.0) - 1.0), rel=0.1)


def test_parathyroidectomy_resorption_stops_before_formation() -> None:
    """Hungry bone: calcium falls for weeks, phosphate in the first half day, while osteoid goes on mineralising."""
    ill = Person(gfr=2.0, dialysis=Prescription(), targets=Targets(parathyroid_mass=4.0), before=728.0)
    left, operated = (
        simulate(ill, Scenario(regimen=r), 28, times=[0.0, 0.5, 14.0, 28.0]) for r in ({}, {"parathyroidectomy": 0.95})
    )
    assert np.all(operated["calcium"][2:] < 0.97 * left["calcium"][2:])
    assert operated["phosphate"][1] < left["phosphate"][1]
    assert operated["bone_resorption"][2] < 0.85 * operated["bone_resorption"][0]
    assert operated["bone_formation"][2] > 0.95 * operated["bone_formation"][0]


def test_two_therapies_on_one_target_multiply() -> None:
    """An act that begins later does not undo one that lasts."""
    both = Scenario(acts=(Act(Targets(rankl=0.5)), Act(Targets(rankl=0.5), start=5.0, duration=20.0, every=25.0)))
    t, alone = (
        simulate(Person(), s, 25, times=[0.0, 25.0]) for s in (both, Scenario(acts=(Act(Targets(rankl=0.25)),)))
    )
    one = simulate(Person(), Scenario(acts=(Act(Targets(rankl=0.5)),)), 25, times=[0.0, 25.0])
    assert alone["osteoclasts"][-1] < t["osteoclasts"][-1] + 0.02
    assert t["osteoclasts"][-1] < 0.75 * one["osteoclasts"][-1]
