"""Coverage, pinning and nucleation: the numbers of the facts, and that stability is inhibition."""

from __future__ import annotations

import pytest

from fetuin.chemistry import crystal
from fetuin.engine.maths import PLAIN

C = crystal.Crystal()


@pytest.mark.parametrize(
    ("affinity", "covered"), [(3.47, 0.78), (2.94, 0.75), (2.36, 0.70), (2.19, 0.69), (1.19, 0.54), (0.72, 0.42)]
)
def test_coverage_of_bisphosphonates_at_one_micromolar(affinity: float, covered: float) -> None:
    assert crystal.coverage(affinity) == pytest.approx(covered, abs=0.006)


def test_langmuir_alone_is_a_factor_of_three_pinning_a_thousand() -> None:
    covered = crystal.coverage(2.0)  # pyrophosphate 2 umol/L, K_L 1e6
    assert 1.0 / (1.0 - covered) == pytest.approx(3.0)
    assert crystal.step_speed(PLAIN, covered, 0.4, C) < 1e-3


def test_growth_below_the_threshold_is_a_leak_and_above_it_rises() -> None:
    speeds = [crystal.step_speed(PLAIN, x, 0.5, C) for x in (0.9, 0.6, 0.45, 0.25, 0.0)]
    assert speeds == sorted(speeds)
    assert speeds[0] < 2e-4
    assert speeds[3] == pytest.approx(0.5**0.5, rel=0.01)


def test_the_threshold_rises_with_the_square_of_log_saturation() -> None:
    one, two = (crystal.critical_coverage(k * C.saturation, C) for k in (1.0, 1.3))
    assert two / one == pytest.approx(1.69)
    assert one == C.critical


@pytest.mark.parametrize(("log_s", "kt"), [(3.8, 3.8), (5.1, 2.1), (6.5, 1.3)])
def test_barriers_of_octacalcium_phosphate_are_a_few_kt(log_s: float, kt: float) -> None:
    """B 55: everybody would calcify at once were plasma not inhibited."""
    assert C.barrier_bare / log_s**2 == pytest.approx(kt, rel=0.05)


def test_a_bare_surface_nucleates_and_a_covered_one_does_not() -> None:
    bare, covered = (crystal.barrier(PLAIN, x, C) for x in (0.0, C.sound))
    assert bare == C.barrier_bare
    assert covered == pytest.approx(C.barrier_tissue)
    assert crystal.nucleation(PLAIN, C.saturation, bare) > 1e6 * crystal.nucleation(PLAIN, C.saturation, covered)


def test_supersaturation_of_healthy_plasma() -> None:
    assert crystal.supersaturation(PLAIN, C.saturation) == pytest.approx(0.68, abs=0.01)
