"""The wall, the pulse, the plaque: the tables of the facts."""

from __future__ import annotations

import pytest

from fetuin.engine.maths import PLAIN
from fetuin.errors import InputError
from fetuin.physiology import artery, hazard, plaque, pyrophosphate, vessel_wall
from fetuin.physiology.artery import Artery
from fetuin.simulation import Person, simulate
from fetuin.therapies.dialysis_prescription import Prescription

W = vessel_wall.VesselWall()


@pytest.mark.parametrize(("phosphate", "steady"), [(1.0, 0.003), (1.25, 0.02), (1.4, 0.04), (1.8, 0.21), (2.2, 0.45)])
def test_metaplasia_at_rest(phosphate: float, steady: float) -> None:
    found = vessel_wall.steady(vessel_wall.drive(PLAIN, phosphate, 1.2, W), 0.0, W)
    assert found == pytest.approx(steady, rel=0.15, abs=0.001)


def test_calcium_and_injury_raise_the_drive() -> None:
    plain = vessel_wall.steady(vessel_wall.drive(PLAIN, 1.8, 1.2, W), 0.0, W)
    assert vessel_wall.steady(vessel_wall.drive(PLAIN, 1.8, 1.4, W), 0.0, W) > plain
    assert vessel_wall.steady(vessel_wall.drive(PLAIN, 1.8, 1.2, W), 1.0, W) > plain


@pytest.mark.parametrize(("arc", "fold"), [(0.1, 1.05), (0.2, 1.12), (0.3, 1.19), (0.5, 1.41)])
def test_a_mineral_arc_in_series(arc: float, fold: float) -> None:
    assert vessel_wall.mineral_speed(arc, 1.0) == pytest.approx(fold, abs=0.006)
    assert vessel_wall.series_stiffness(1.0, 1e9, arc) ** 0.5 == pytest.approx(fold, abs=0.006)


def test_half_the_path_is_less_than_half_the_effect() -> None:
    assert vessel_wall.mineral_speed(0.3, 0.5) == pytest.approx(1.09, abs=0.005)


@pytest.mark.parametrize(
    ("kind", "speeds"),
    [("optimal", (6.1, 7.2, 8.1, 9.1, 10.2)), ("normal", (6.3, 7.7, 8.7, 9.9, 11.3)), ("high_normal", (6.6, 8.0, 9.1, 10.4, 11.8)),
     ("grade_1", (6.9, 8.6, 9.7, 11.2, 12.8)), ("grade_2_3", (7.4, 9.4, 10.7, 12.2, 13.8))],
)  # fmt: skip
def test_reference_speed_by_age_and_class(kind: str, speeds: tuple[float, ...]) -> None:
    for age, speed in zip((25, 45, 55, 65, 75), speeds, strict=True):
        assert artery.reference_speed(age, kind) == pytest.approx(speed, abs=0.06)


def test_bramwell_hill() -> None:
    assert artery.distensibility(10.0) == pytest.approx(1.2578e-3, rel=1e-3)
    assert artery.distensibility(6.0) / artery.distensibility(12.0) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("speed", "compliance", "systolic", "diastolic", "pulse"),
    [(6, 1.47, 117, 73, 44), (7, 1.27, 121, 70, 51), (8, 1.13, 124, 67, 57), (9, 1.04, 128, 65, 63), (10, 0.98, 131, 63, 68),
     (11, 0.93, 134, 61, 73), (12, 0.89, 137, 59, 77), (14, 0.84, 142, 57, 85)],
)  # fmt: skip
def test_windkessel(speed: float, compliance: float, systolic: float, diastolic: float, pulse: float) -> None:
    assert artery.compliance(speed, Artery()) == pytest.approx(compliance, abs=0.006)
    assert [float(x) for x in artery.pressures(speed)] == pytest.approx([systolic, diastolic, pulse], abs=1.2)


def test_pulse_pressure_follows_stroke_volume_and_peripheral_compliance() -> None:
    by_stroke = [float(artery.pressures(10.0, Artery(stroke_volume=v))[2]) for v in (60.0, 75.0, 90.0)]
    assert by_stroke == pytest.approx([54, 68, 82], abs=1.2)
    by_compliance = [float(artery.pressures(10.0, Artery(peripheral_compliance=c))[2]) for c in (0.5, 0.9)]
    assert by_compliance == pytest.approx([80, 61], abs=1.2)


def test_speed_depends_on_pressure() -> None:
    assert artery.speed_at_pressure(8.0, 90.0, 110.0) == pytest.approx(8.0 * (110 / 90) ** 0.5)
    beta = artery.stiffness_index(8.0, 90.0)
    assert (beta * 110.0 * artery.MMHG / 2.0 / artery.DENSITY) ** 0.5 == pytest.approx(8.0 * (110 / 90) ** 0.5)


@pytest.mark.parametrize(("per", "ratio"), [(1.39, 2.69), (1.12, 1.40), (1.16, 1.56)])
def test_hazard_of_three_metres_a_second(per: float, ratio: float) -> None:
    assert artery.hazard_ratio(per, 3.0) == pytest.approx(ratio, abs=0.01)


def test_density_protects_the_coronary_and_harms_the_valve() -> None:
    centre, low, high = plaque.coronary_hazard(4.953, 0.0)
    assert (centre, low, high) == pytest.approx((1.81, 1.47, 2.23), abs=0.01)
    assert plaque.coronary_hazard(1.0, 0.7) == pytest.approx((0.73, 0.58, 0.92), abs=0.015)
    assert plaque.coronary_hazard(1.25, 0.3)[0] == pytest.approx(0.95, abs=0.01)
    assert plaque.valve_hazard(False, True) == pytest.approx((2.44, 1.37, 4.37), abs=0.03)
    assert plaque.valve_hazard(True, True)[0] > plaque.valve_hazard(True, False)[0] > 1.0
    assert [plaque.stenosis_hazard(a)[0] for a in (0, 50, 200, 900)] == [1.0, 12.9, 76.4, 381.0]


def test_stress_in_a_cap_is_a_sketch_and_says_so() -> None:
    peak, words = plaque.cap_stress(300.0, 10.0)
    assert peak == pytest.approx(600.0)
    assert "Research sketch" in words
    assert plaque.concentration(4.0) == 1.0
    assert plaque.concentration(20.0, 0.0) == pytest.approx(5.0)
    assert plaque.concentration(2000.0) == 1.3
    assert plaque.concentration(2000.0, beneath_plate=True) == 0.8
    with pytest.raises(InputError):
        plaque.concentration(-1.0)


def test_pyrophosphate_in_haemodialysis_and_over_a_session() -> None:
    p = pyrophosphate.Pyrophosphate()
    before = pyrophosphate.plasma(1.55, 0.03, 1.6, 0.0, 15.0, 1.0, 1.0, p)
    during = pyrophosphate.plasma(1.2, 0.03, 1.6, 230.0, 15.0, 1.0, 1.0, p)
    assert before / p.healthy == pytest.approx(0.69, abs=0.07)
    assert during / before == pytest.approx(0.68, abs=0.08)
    assert pyrophosphate.plasma(1.0, 1.0, 1.0, 0.0, 15.0, 1.0, 1.0, p) == p.healthy


def test_the_spread_of_people_holds_the_reference() -> None:
    for kind in artery.CLASSES:
        for age in (25, 35, 45, 55, 65, 75):
            low, high = artery.reference_spread(age, kind)
            assert low < artery.reference_speed(age, kind) < high


def test_a_hazard_never_comes_without_an_interval() -> None:
    for population in hazard.INTERVALS:
        r = hazard.of_speed(2.0, population)
        assert r.low < 1.0 < r.ratio < r.high or 1.0 <= r.low < r.ratio < r.high
    unchanged = hazard.of_speed(0.0)
    assert unchanged.low < 1.0 == unchanged.ratio < unchanged.high


def test_outlook_of_a_year_on_dialysis() -> None:
    who = Person(gfr=4.0, dialysis=Prescription(), deposits={"coronary": 1.6, "aorta": 8.0}, before=28.0)
    found = hazard.outlook(simulate(who, {}, 364.0, times=[0.0, 364.0]), 364.0)
    assert all(r.low < r.ratio < r.high for r in found.values())
    assert found["coronary calcium"].ratio > 1.03
    assert found["both"].ratio < found["coronary calcium"].ratio * found["pulse wave velocity"].ratio
