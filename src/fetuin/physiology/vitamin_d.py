"""Vitamin D: stored as 25-hydroxyvitamin D, made active by the kidney, broken down by CYP24A1.

CYP27B1 scales with the nephrons that are left. 25-hydroxyvitamin D nmol/L, calcitriol pmol/L, time d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class VitaminD:
    """Parameters of the vitamin D axis."""

    storage_loss: float = quantity(
        0.035, "/d", "assumption: half-life about 3 weeks", "loss of 25-hydroxyvitamin D", (0.023, 0.05)
    )
    intake_yield: float = quantity(
        0.72,
        "nmol/L/d",
        "ergocalciferol 50 000 IU/wk: 18 -> 43 ng/mL in 12 wk",
        "25-hydroxyvitamin D made from 1000 IU/d",
        (0.4, 1.0),
    )
    intake_power: float = quantity(
        0.57, "1", "assumption: hepatic hydroxylation saturates", "exponent of the dose", (0.4, 0.9)
    )
    substrate_half: float = quantity(
        80,
        "nmol/L",
        "ergocalciferol trial: calcitriol 42 -> 52 pg/mL",
        "25-hydroxyvitamin D at half of the largest activation",
        (30.0, 120.0),
    )
    enzyme_rate: float = quantity(
        1.5, "/d", "facts 2.1: 0.05 /h", "rate at which the enzymes follow their drive", (0.7, 3.0)
    )
    pth_most: float = quantity(2.2, "1", "assumption: PTH can about double CYP27B1", "largest drive by PTH", (1.5, 4.0))
    pth_basal: float = quantity(
        0.3, "1", "assumption: calcitriol is low, not nil, in hypoparathyroidism", "drive without PTH", (0.1, 0.5)
    )
    fgf23_power: float = quantity(
        0.35, "1", "assumption: FGF23 represses CYP27B1", "exponent of FGF23 action", (0.3, 1.0)
    )
    phosphate_power: float = quantity(
        -0.5, "1", "assumption: phosphate represses CYP27B1 beyond FGF23", "exponent of phosphate", (-1.5, 0.0)
    )
    calcium_power: float = quantity(
        -1.2, "1", "assumption: calcium represses CYP27B1 directly", "exponent of ionised calcium", (-4.0, -0.5)
    )
    nephron_power: float = quantity(
        0.55, "1", "assumption: calcitriol falls from GFR 70 on", "exponent of nephron mass", (0.3, 1.0)
    )
    loss: float = quantity(2.8, "/d", "facts 6.3: half-life 5-10 h", "loss of calcitriol when healthy", (1.7, 3.3))
    catabolised: float = quantity(
        0.75, "1", "assumption: most of the loss is by CYP24A1", "share of the loss by CYP24A1", (0.5, 0.9)
    )
    catabolism_vitamin_d: float = quantity(
        0.5, "1", "assumption: calcitriol induces its own breakdown", "exponent of vitamin D on CYP24A1", (0.3, 1.2)
    )
    catabolism_fgf23: float = quantity(
        0.1, "1", "assumption: FGF23 induces CYP24A1", "exponent of FGF23 action", (0.05, 0.5)
    )
    storage_action: float = quantity(
        0.06,
        "1",
        "assumption: 25-hydroxyvitamin D binds the receptor weakly",
        "share of the receptor signal by 25-hydroxyvitamin D",
        (0.02, 0.1),
    )
    storage_power: float = quantity(
        1.6, "1", "assumption: 25-hydroxyvitamin D displaces calcitriol from its carrier in intoxication",
        "exponent of the store on its receptor signal", (1.0, 2.5),
    )  # fmt: skip
    storage_catabolism: float = quantity(
        0.15,
        "1",
        "assumption: CYP24A1 breaks down the store too",
        "share of the loss of the store by CYP24A1",
        (0.0, 0.3),
    )


def signal(m: Any, calcitriol: Any, storage: Any, p: VitaminD) -> Any:
    """Signal at the vitamin D receptor, 1 when healthy; both arguments relative to healthy."""
    return (1.0 - p.storage_action) * calcitriol + p.storage_action * m.pow(storage, p.storage_power)


def hydroxylase_target(m: Any, pth: Any, fgf23: Any, phosphate: Any, ionised: Any, nephrons: Any, p: VitaminD) -> Any:
    """CYP27B1 called for; all arguments relative to healthy; 1 when healthy."""
    by_pth = p.pth_basal + (1.0 - p.pth_basal) * p.pth_most * pth / (p.pth_most - 1.0 + pth)
    by_fgf23 = 2.0 / (1.0 + m.pow(fgf23, p.fgf23_power))
    other = p.phosphate_power * m.log(phosphate) + p.calcium_power * m.log(ionised) + p.nephron_power * m.log(nephrons)
    return by_pth * by_fgf23 * m.exp(other)


def activation(storage: Any, reference: Any, p: VitaminD) -> Any:
    """Fold of calcitriol production by substrate [storage in nmol/L]; 1 at the reference store."""
    return storage / (p.substrate_half + storage) * (p.substrate_half + reference) / reference


def catabolism_target(m: Any, vitamin_d: Any, fgf23: Any, p: VitaminD) -> Any:
    """CYP24A1 called for, 1 when healthy."""
    return m.pow(vitamin_d, p.catabolism_vitamin_d) * m.pow(fgf23, p.catabolism_fgf23)


def storage_made(m: Any, dose: Any, p: VitaminD) -> Any:
    """25-hydroxyvitamin D made [nmol/L/d] from `dose` [1000 IU/d]; nothing from nothing."""
    return p.intake_yield * dose * m.pow(dose + 0.01, p.intake_power - 1.0)
