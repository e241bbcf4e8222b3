"""The parathyroid: it makes PTH, stores it, lets it go when calcium falls, and grows when the call does not stop.

Four clocks: release answers ionised calcium within seconds from a store that runs down in half an hour; synthesis
follows over days; receptor sensitivity over weeks; the gland over months. PTH ng/L, time d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity

SHRESTHA = "Shrestha 2010, Math Biosci 226:46, by re-reading its peak, half hour and plateau"


@dataclass(frozen=True)
class Parathyroid:
    """Parameters of the gland."""

    set_point: float = quantity(
        1.13,
        "mmol/L",
        "Madsen: normal set point 1.13, uraemic 1.16 mmol/L",
        "ionised calcium at half release",
        (1.09, 1.17),
    )
    steepness: float = quantity(19, "1", SHRESTHA, "Hill exponent of release", (12.0, 35.0))
    release_most: float = quantity(
        8, "1", SHRESTHA, "release from the store in deep hypocalcaemia, healthy = 1", (4.0, 12.0)
    )
    release_least: float = quantity(
        0.06, "1", "assumption: some release cannot be suppressed", "release in hypercalcaemia", (0.02, 0.2)
    )
    release: float = quantity(22.0, "/d", SHRESTHA, "fraction of the store released per day when healthy", (8.0, 30.0))
    degradation: float = quantity(22.0, "/d", SHRESTHA, "fraction of stored PTH degraded in the gland", (8.0, 30.0))
    clearance: float = quantity(
        720.0,
        "/d",
        "Shrestha 2010; Schappacher-Tilp 2019 use 0.2-0.63 /min",
        "plasma clearance of intact PTH",
        (288.0, 910.0),
    )
    renal_clearance: float = quantity(
        0.25,
        "1",
        "assumption: a quarter of intact PTH leaves by the kidney",
        "share of clearance that scales with filtration",
        (0.1, 0.4),
    )
    synthesis_rate: float = quantity(
        0.7, "/d", "assumption: PTH messenger adapts over a day or two", "rate of adaptation of synthesis", (0.3, 1.5)
    )
    synthesis_most: float = quantity(
        3.0, "1", "assumption: chronic hypocalcaemia triples synthesis", "largest synthesis by low calcium", (2.0, 4.0)
    )
    synthesis_steepness: float = quantity(
        4, "1", "assumption: gentler than release", "exponent of calcium on synthesis", (3.0, 10.0)
    )
    vitamin_d_span: float = quantity(
        1.5, "1", "assumption: calcitriol represses the PTH gene", "rise of synthesis without vitamin D", (0.5, 3.0)
    )
    vitamin_d_half: float = quantity(
        0.45,
        "1",
        "assumption: repression is nearly complete in health",
        "vitamin D signal at half repression",
        (0.3, 0.8),
    )
    vitamin_d_steepness: float = quantity(
        4.0, "1", "assumption: cooperative", "Hill exponent of repression", (2.0, 5.0)
    )
    phosphate_power: float = quantity(
        0.55, "1", "assumption: phosphate stabilises PTH messenger", "exponent of phosphate on synthesis", (0.2, 1.0)
    )
    fgf23_slope: float = quantity(
        0.01, "1", "assumption: FGF23 lowers PTH while Klotho lasts", "fall of synthesis per fold of FGF23", (0.0, 0.2)
    )
    receptor_rate: float = quantity(
        0.05, "/d", "assumption: receptor density follows over three weeks", "rate of receptor adaptation", (0.02, 0.1)
    )
    receptor_vitamin_d: float = quantity(
        0.05,
        "1",
        "assumption: calcitriol sustains the calcium receptor",
        "exponent of vitamin D on receptor density",
        (0.02, 0.3),
    )
    receptor_growth: float = quantity(
        0.35,
        "1",
        "assumption: large glands carry fewer receptors",
        "exponent of gland mass on receptor density",
        (0.1, 0.6),
    )
    receptor_shift: float = quantity(
        0.08,
        "1",
        "Madsen: the set point moves 2-3 % in uraemia",
        "relative shift of the set point without receptors",
        (0.03, 0.15),
    )
    growth_rate: float = quantity(
        0.004, "/d", "assumption: half a year to grow", "rate of change of gland mass", (0.002, 0.01)
    )
    growth_power: float = quantity(
        1.8,
        "1",
        "assumption: gland weight 5-10 fold after years of dialysis",
        "exponent of the drive on gland mass",
        (1.0, 4.0),
    )
    growth_most: float = quantity(
        12.0, "1", "assumption: total gland mass rarely exceeds 10 times normal", "largest gland mass", (6.0, 20.0)
    )
    calcimimetic_response: float = quantity(
        1.0, "1", "assumption: responders by 30 % are 74 % on etelcalcetide", "response to a calcimimetic, typical = 1",
        (0.2, 3.0),
    )  # fmt: skip
    magnesium_half: float = quantity(
        0.40,
        "mmol/L",
        "assumption: release fails below about 0.4-0.5 mmol/L",
        "total magnesium at half of the capacity to release",
        (0.3, 0.5),
    )
    magnesium_steepness: float = quantity(7.0, "1", "assumption: sharp", "Hill exponent of magnesium", (4.0, 10.0))
    magnesium_as_calcium: float = quantity(
        0.15,
        "1",
        "assumption: magnesium is a weak agonist of the calcium receptor",
        "calcium of equal effect per magnesium",
        (0.05, 0.4),
    )


def perceived(ionised: Any, magnesium: Any, magnesium_reference: Any, p: Parathyroid, sensing: Any) -> Any:
    """Ionised calcium as the receptor sees it [mmol/L]; magnesium helps a little."""
    return sensing * (ionised + p.magnesium_as_calcium * (magnesium - magnesium_reference))


def release_curve(m: Any, calcium: Any, set_point: Any, p: Parathyroid) -> Any:
    """Release before normalisation: inverse sigmoid of the logarithm of perceived calcium."""
    return p.release_least + (p.release_most - p.release_least) * m.sigmoid(
        p.steepness * (m.log(set_point) - m.log(calcium))
    )


def set_point(receptor: Any, p: Parathyroid) -> Any:
    """Set point [mmol/L], higher where receptors are lost."""
    return p.set_point * (1.0 + p.receptor_shift * (1.0 - receptor))


def magnesium_permits(m: Any, magnesium: Any, reference: Any, p: Parathyroid) -> Any:
    """Capacity to release and to answer PTH, 1 at reference magnesium, failing in magnesium deficiency."""
    n = p.magnesium_steepness
    return m.hill(magnesium, p.magnesium_half, n) / m.hill(reference, p.magnesium_half, n)


def calcium_drive(m: Any, calcium: Any, reference: Any, p: Parathyroid) -> Any:
    """Synthesis that calcium calls for, 1 at reference, between 0 and `synthesis_most`."""
    relative = m.exp(p.synthesis_steepness * (m.log(calcium) - m.log(reference)))
    return p.synthesis_most / (1.0 + (p.synthesis_most - 1.0) * relative)


def vitamin_d_drive(m: Any, vitamin_d: Any, p: Parathyroid) -> Any:
    """Synthesis that vitamin D allows, 1 when healthy."""
    n = p.vitamin_d_steepness
    return (1.0 + p.vitamin_d_span * (1.0 - m.hill(vitamin_d, p.vitamin_d_half, n))) / (
        1.0 + p.vitamin_d_span * (1.0 - m.hill(1.0, p.vitamin_d_half, n))
    )


def phosphate_drive(m: Any, phosphate: Any, reference: Any, p: Parathyroid) -> Any:
    """Synthesis that phosphate calls for, 1 at reference."""
    return m.pow(phosphate / reference, p.phosphate_power)


def receptor_target(m: Any, vitamin_d: Any, gland: Any, p: Parathyroid) -> Any:
    """Receptor density, 1 when healthy, never above 1.5."""
    wanted = m.exp(
        p.receptor_vitamin_d * m.log((vitamin_d + 0.02) / 1.02) - p.receptor_growth * m.log((gland + 0.02) / 1.02)
    )
    return 1.5 * wanted / (0.5 + wanted)


def gland_target(m: Any, drive: Any, growth: Any, p: Parathyroid) -> Any:
    """Gland mass called for, 1 when healthy, never above `growth_most`."""
    wanted = growth * m.pow(drive, p.growth_power)
    return p.growth_most * wanted / (p.growth_most - 1.0 + wanted)
