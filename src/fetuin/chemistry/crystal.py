r"""Crystals in a fluid that inhibits them: nucleation, coverage by inhibitors, and growth that stops below a threshold.

Plasma is always supersaturated in apatite and octacalcium phosphate, and nucleation barriers computed from interfacial
tensions are a few kT: its stability is inhibition. So a surface is covered by inhibitors (competitive Langmuir)

.. math:: \theta = \frac{\sum_i K_i C_i}{1 + \sum_i K_i C_i}

and a step of the crystal is pinned between them until the saturation lets it squeeze through (Cabrera and Vermilyea):

.. math:: \Phi = \sqrt{1 - \theta/\theta_c} \;(\theta < \theta_c),\qquad \theta_c = \theta_1 (\ln S/\ln S_1)^2

Langmuir alone, 1 - theta, is a factor of 3 where 1e3 to 1e4 is needed. `m` is a maths namespace, so that the functions
work on floats and on traced symbols. S is the saturation of the formula unit Ca4H(PO4)3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity

LN10 = 2.302585092994046
IONS = 8.0  # ions of Ca4H(PO4)3: 4 calcium, 1 hydrogen, 3 phosphate
PER_PH = 2.0  # log10 IAP of Ca4H(PO4)3 per pH: three protons leave HPO4, one enters the crystal
AMORPHOUS_RATIO, APATITE_RATIO = 1.5, 10.0 / 6.0  # calcium per phosphate: Ca3(PO4)2 and Ca10(PO4)6(OH)2
APATITE_MASS = 100.46  # mg of Ca10(PO4)6(OH)2 per mmol of calcium: 1004.6 g/mol over ten


@dataclass(frozen=True)
class Crystal:
    """Constants of nucleation and growth in blood at 37 C."""

    saturation: float = quantity(
        4.16,
        "1",
        "computed: SI(OCP) 1.807 of healthy plasma, plasma37",
        "ln S of OCP in healthy plasma, S_1",
        (3.6, 4.6),
    )
    critical: float = quantity(
        0.5, "1", "assumption: health is pinned at coverage 0.79", "coverage that stops growth at S_1", (0.4, 0.7)
    )
    sound: float = quantity(
        0.79,
        "1",
        "computed: pyrophosphate 3.26 umol/L and fetuin-A 0.46 g/L",
        "coverage of crystals in health",
        (0.6, 0.9),
    )
    corner: float = quantity(
        0.02,
        "1",
        "facts B2: kink smoothed over 5 % of the critical coverage",
        "rounding of the threshold",
        (0.01, 0.05),
    )
    leak: float = quantity(1e-4, "1", "assumption: facts B2, about 1e-4", "growth below the threshold", (0.0, 1e-3))
    barrier_bare: float = quantity(
        55.0,
        "1",
        "facts B1: OCP 13.8 mJ/m2, Langmuir 1997;13:861",
        "B on a bare foreign surface: elastin, lipid, debris",
        (20.0, 80.0),
    )
    barrier_tissue: float = quantity(
        400.0,
        "1",
        "assumption: facts B2, 400 to 1 000 elsewhere",
        "B in sound tissue, covered as in health",
        (300.0, 1000.0),
    )
    pyrophosphate_affinity: float = quantity(
        1.0, "L/umol", "assumption: facts B2, K_L 1e6 L/mol", "Langmuir constant of pyrophosphate", (0.3, 3.0)
    )
    fetuin_affinity: float = quantity(
        0.9, "L/g", "assumption: a tenth of the coverage in health", "Langmuir constant of fetuin-A", (0.0, 3.0)
    )
    matrix_gla_affinity: float = quantity(
        0.2,
        "1",
        "assumption: local; most of its effect is on elastin",
        "K C of matrix Gla protein in an artery",
        (0.0, 1.0),
    )


def above_zero(m: Any, log_s: Any) -> Any:
    """ln S, kept above zero by a rounded corner: what drives growth and nucleation. Less ln S itself it is what is missing."""
    return m.softplus(log_s, 0.1)


def supersaturation(m: Any, log_s: Any) -> Any:
    """Relative supersaturation per ion, sigma = S^(1/8) - 1: 0.68 in healthy plasma."""
    return m.exp(log_s / IONS) - 1.0


def coverage(binding: Any) -> Any:
    """Covered part of a surface for the sum of K C over all inhibitors (competitive Langmuir)."""
    return binding / (1.0 + binding)


def critical_coverage(log_s: Any, c: Crystal) -> Any:
    """The coverage at which steps are pinned; it rises with the square of ln S."""
    return c.critical * (log_s / c.saturation) * (log_s / c.saturation)


def step_speed(m: Any, covered: Any, critical: Any, c: Crystal) -> Any:
    """Phi: growth relative to a bare surface, 0 to 1; its kink is rounded so that a solver can pass it."""
    return c.leak + m.sqrt(m.softplus(1.0 - covered / (critical + 1e-6), c.corner))


def barrier(m: Any, covered: Any, c: Crystal) -> Any:
    """B of nucleation: from that of a bare foreign surface to that of sound tissue as inhibitors cover it."""
    part = covered / c.sound
    return c.barrier_bare + (c.barrier_tissue - c.barrier_bare) * part * part


def nucleation(m: Any, log_s: Any, barrier: Any) -> Any:
    """exp(-B / (ln S)^2): the chance of a nucleus relative to no barrier."""
    return m.exp(-barrier / (log_s * log_s + 0.01))
