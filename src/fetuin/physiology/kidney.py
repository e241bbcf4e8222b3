"""The kidney: what it filters, keeps and lets go.

Each mineral is reabsorbed up to a threshold per litre of filtrate, with a rounded corner (splay); what exceeds it is
excreted. PTH and FGF23 (with Klotho) lower the phosphate threshold; PTH raises that of calcium, and the calcium
receptor of the tubule lowers it. Concentrations mmol/L, filtration L/d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Kidney:
    """Parameters of the tubule. The three thresholds themselves are solved at build time (`baseline`)."""

    phosphate_splay: float = quantity(
        0.45,
        "mmol/L",
        "Vervloet 2011 and Silverberg 1986: rise of P per load",
        "width of the phosphate threshold",
        (0.1, 0.55),
    )
    phosphate_pth_least: float = quantity(
        0.45, "1", "assumption: TmP/GFR 0.4 in severe hyperparathyroidism", "threshold at very high PTH", (0.3, 0.6)
    )
    phosphate_pth_most: float = quantity(
        1.35, "1", "assumption: TmP/GFR 1.4-1.6 in hypoparathyroidism", "threshold without PTH", (1.2, 1.6)
    )
    phosphate_fgf23_span: float = quantity(
        0.9, "1", "assumption: TmP/GFR halves in XLH", "span of the FGF23 effect", (0.6, 1.3)
    )
    phosphate_fgf23_most: float = quantity(
        1.45, "1", "assumption: tumoral calcinosis", "threshold without FGF23", (1.2, 1.8)
    )
    phosphate_fgf23_power: float = quantity(0.7, "1", "assumption: gradual", "Hill exponent of FGF23", (0.5, 1.5))
    transporter_rate: float = quantity(
        4.0, "/d", "facts 6.3: NaPi in hours", "rate at which the transporters follow", (2.0, 12.0)
    )
    adaptation_power: float = quantity(
        -0.03,
        "1",
        "assumption: intrinsic adaptation to a load",
        "exponent of phosphate load on the threshold",
        (-0.3, 0.0),
    )
    adaptation_rate: float = quantity(0.3, "/d", "assumption: days", "rate of intrinsic adaptation", (0.1, 1.0))
    calcium_splay: float = quantity(
        0.10,
        "mmol/L",
        "Silverberg 1986: urine calcium -69 % with calcium -4.3 %",
        "width of the calcium threshold",
        (0.04, 0.12),
    )
    calcium_pth_span: float = quantity(
        0.75,
        "1",
        "assumption: fasting urine calcium curves shift in PTH disorders",
        "span of the PTH effect",
        (0.3, 0.8),
    )
    calcium_pth_half: float = quantity(
        4.0, "1", "assumption: not saturated at normal PTH", "PTH (healthy = 1) at half effect", (1, 6)
    )
    calcium_vitamin_d: float = quantity(
        0.05,
        "1",
        "assumption: calcitriol induces distal calcium transport",
        "exponent of vitamin D on the threshold",
        (0.0, 0.1),
    )
    calcium_nephrons: float = quantity(
        0.055,
        "1",
        "assumption: fractional calcium excretion rises as nephrons are lost",
        "exponent of nephron mass on the threshold",
        (0.0, 0.08),
    )
    calcium_sensing: float = quantity(
        0.10,
        "1",
        "assumption: calcium receptor of the thick limb",
        "fall of the threshold per relative rise of calcium",
        (0.05, 0.5),
    )
    calcium_transport_rate: float = quantity(
        2.0, "/d", "assumption: hours to a day", "rate at which distal transport follows", (1.0, 6.0)
    )
    calcium_alkali: float = quantity(
        0.45,
        "1",
        "assumption: alkalosis makes the distal tubule keep calcium (the third loop of milk and alkali)",
        "rise of the calcium threshold per relative rise of bicarbonate above the normal range",
        (0.0, 0.5),
    )
    alkali_from: float = quantity(
        29.0, "mmol/L", "textbook: bicarbonate 22-28 mmol/L", "bicarbonate from which alkalosis is felt", (27.0, 31.0)
    )
    contraction_most: float = quantity(
        0.10,
        "1",
        "assumption: hypercalcaemia makes polyuria, lost volume makes the proximal tubule keep calcium",
        "largest rise of the threshold by hypercalcaemia",
        (0.0, 0.3),
    )
    contraction_half: float = quantity(
        1.38, "mmol/L", "assumption: polyuria in clear hypercalcaemia", "ionised calcium at half of it", (1.3, 1.6)
    )
    phosphate_nephrons: float = quantity(
        0.0,
        "1",
        "assumption: fractional phosphate excretion rises as nephrons are lost, beside PTH and FGF23",
        "exponent of nephron mass on the threshold",
        (0.0, 0.2),
    )
    magnesium_splay: float = quantity(
        0.03, "mmol/L", "assumption: sharp threshold", "width of the magnesium threshold", (0.01, 0.06)
    )
    magnesium_filtered: float = quantity(
        0.70, "1", "assumption: 30 % protein-bound", "ultrafiltrable share of magnesium", (0.65, 0.75)
    )
    hypercalcaemia_half: float = quantity(
        2.1,
        "mmol/L",
        "assumption: filtration falls in severe hypercalcaemia",
        "ionised calcium at half of the fall",
        (1.7, 2.6),
    )
    hypercalcaemia_fall: float = quantity(
        0.5, "1", "assumption: reversible", "largest fall of filtration by calcium", (0.2, 0.7)
    )


def excretion(m: Any, filtration: Any, concentration: Any, threshold: Any, splay: Any) -> Any:
    r"""Urinary excretion [mmol/d]: GFR * softplus(C - T; splay). Source: Bijvoet for the threshold."""
    return filtration * m.softplus(concentration - threshold, splay)


def phosphate_by_pth(pth: Any, p: Kidney) -> Any:
    """Fold of the phosphate threshold by PTH (healthy = 1)."""
    span = p.phosphate_pth_most - p.phosphate_pth_least
    half = span / (p.phosphate_pth_most - 1.0) - 1.0
    return p.phosphate_pth_most - span * pth / (pth + half)


def phosphate_by_fgf23(m: Any, fgf23: Any, p: Kidney) -> Any:
    """Fold of the phosphate threshold by FGF23 that finds Klotho (healthy = 1)."""
    half = p.phosphate_fgf23_span / (p.phosphate_fgf23_most - 1.0) - 1.0
    acting = m.pow(fgf23, p.phosphate_fgf23_power)
    return p.phosphate_fgf23_most - p.phosphate_fgf23_span * acting / (acting + half)


def calcium_transport(m: Any, pth: Any, vitamin_d: Any, p: Kidney) -> Any:
    """Fold of the calcium threshold by PTH and vitamin D (healthy = 1)."""
    return m.pow((vitamin_d + 0.05) / 1.05, p.calcium_vitamin_d) + p.calcium_pth_span * (
        pth / (pth + p.calcium_pth_half) - 1.0 / (1.0 + p.calcium_pth_half)
    )


def alkalosis(m: Any, bicarbonate: Any, p: Kidney) -> Any:
    """Fold of the calcium threshold by alkalosis [bicarbonate in mmol/L]; 1 up to the normal range."""
    return 1.0 + p.calcium_alkali * m.softplus(bicarbonate / p.alkali_from - 1.0, 0.005)


def contraction(m: Any, ionised: Any, reference: Any, p: Kidney) -> Any:
    """Fold of the calcium threshold by the volume that polyuria loses in hypercalcaemia, 1 at the reference."""
    n, felt, corner = 24, 0.06, 0.01  # below a hypercalcaemia that makes polyuria, nothing is felt
    now, rest = (m.softplus(m.hill(x, p.contraction_half, n) - felt, corner) for x in (ionised, reference))
    return 1.0 + p.contraction_most * (now - rest)


def filtration(m: Any, gfr: Any, ionised: Any, reference: Any, p: Kidney) -> Any:
    """Filtration [L/d] after vasoconstriction by calcium, unchanged at the reference."""
    fall = m.hill(ionised, p.hypercalcaemia_half, 8) - m.hill(reference, p.hypercalcaemia_half, 8)
    return gfr * (1.0 - p.hypercalcaemia_fall * fall)
