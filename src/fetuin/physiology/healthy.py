"""The healthy adult: the values around which every organ is written, and the diet that keeps them.

They are parameters. What the organs need so that these values are a steady state is solved from them at build time
(`baseline`), never read off the start of a simulation.
"""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Healthy:
    """Reference values of one person in health."""

    calcium: float = quantity(2.40, "mmol/L", "textbook: 2.2-2.6 mmol/L", "total calcium", (2.25, 2.5))
    phosphate: float = quantity(1.15, "mmol/L", "textbook: 0.8-1.5 mmol/L", "phosphate", (0.9, 1.4))
    magnesium: float = quantity(0.85, "mmol/L", "textbook: 0.7-1.0 mmol/L", "magnesium", (0.7, 1.0))
    bicarbonate: float = quantity(25.0, "mmol/L", "textbook: 22-28 mmol/L", "bicarbonate", (22.0, 28.0))
    pth: float = quantity(38.0, "ng/L", "verified: PTH 15-65 pg/mL", "intact PTH", (15.0, 65.0))
    calcitriol: float = quantity(
        96.0, "pmol/L", "verified: core 20-60 pg/mL (48-144 pmol/L)", "calcitriol", (48.0, 144.0)
    )
    storage: float = quantity(60.0, "nmol/L", "assumption: 24 ng/mL", "25-hydroxyvitamin D", (40.0, 100.0))
    fgf23: float = quantity(42.0, "ng/L", "verified: intact 28-100 pg/mL, assay-specific", "intact FGF23", (28.0, 60.0))
    gfr: float = quantity(144.0, "L/d", "convention: 100 mL/min", "glomerular filtration", (115.0, 190.0))
    calcium_diet: float = quantity(24.0, "mmol/d", "facts 7, outcome 1: 24 mmol/d", "dietary calcium", (12.0, 40.0))
    phosphate_diet: float = quantity(
        38, "mmol/d", "facts 7, outcome 1: 35-45 mmol/d", "dietary phosphate", (25.0, 60.0)
    )
    magnesium_diet: float = quantity(14.0, "mmol/d", "textbook: 300-400 mg/d", "dietary magnesium", (8.0, 20.0))


@dataclass(frozen=True)
class Solved:
    """What `baseline.solve` finds so that the healthy values are a steady state. The values here are placeholders."""

    gut_calcium: float = quantity(5.0, "mmol", "solved at build time", "calcium in the lumen")
    gut_phosphate: float = quantity(4.0, "mmol", "solved at build time", "phosphate in the lumen")
    gut_magnesium: float = quantity(2.3, "mmol", "solved at build time", "magnesium in the lumen")
    ionised: float = quantity(1.22, "mmol/L", "solved at build time", "ionised calcium")
    calcium_threshold: float = quantity(1.4, "mmol/L", "solved at build time", "renal threshold of calcium")
    phosphate_threshold: float = quantity(1.1, "mmol/L", "solved at build time", "renal threshold of phosphate")
    magnesium_threshold: float = quantity(0.6, "mmol/L", "solved at build time", "renal threshold of magnesium")
    phosphate_load: float = quantity(0.17, "mmol/L", "solved at build time", "phosphate excreted per litre of filtrate")
    resorption: float = quantity(5.9, "mmol/d", "solved at build time", "calcium resorbed from bone")
