"""The gut: what is swallowed, what is absorbed, what a binder keeps.

Each mineral has a pool in the lumen that empties into the stool; absorption is a passive part in proportion to the pool
and a saturable part that, for calcium and phosphate, calcitriol induces over a day. A binder holds phosphate until it
leaves. Amounts mmol, time d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Gut:
    """Parameters of absorption."""

    transit: float = quantity(
        3.0, "/d", "assumption: absorptive small bowel is passed in about 6 h", "emptying of the lumen", (2.5, 6)
    )
    calcium_passive: float = quantity(
        0.28,
        "/d",
        "assumption: about 15 % of intake passes without vitamin D",
        "passive calcium absorption",
        (0.25, 1.2),
    )
    calcium_active: float = quantity(
        7.2,
        "mmol/d",
        "assumption: net absorption 4-5 mmol/d from 24 mmol/d",
        "largest active calcium absorption",
        (4.0, 12.0),
    )
    calcium_half: float = quantity(
        3.0,
        "mmol",
        "assumption: half saturated at the usual intake",
        "lumen calcium at half of the active rate",
        (2, 10),
    )
    calcium_secretion: float = quantity(
        3.0,
        "mmol/d",
        "assumption: endogenous faecal calcium 100-150 mg/d",
        "calcium secreted into the lumen",
        (2.0, 4.0),
    )
    phosphate_passive: float = quantity(
        4.2, "/d", "assumption: 60-65 % of intake absorbed, mostly passive", "passive phosphate absorption", (3.0, 6.0)
    )
    phosphate_active: float = quantity(
        13.0,
        "mmol/d",
        "assumption: a quarter to a third of absorption is active",
        "largest active phosphate absorption",
        (6.0, 20.0),
    )
    phosphate_half: float = quantity(
        4.0,
        "mmol",
        "assumption: half saturated at the usual intake",
        "lumen phosphate at half of the active rate",
        (2.0, 8.0),
    )
    magnesium_passive: float = quantity(
        0.8, "/d", "assumption: 30-40 % of intake absorbed", "passive magnesium absorption", (0.6, 1.6)
    )
    magnesium_active: float = quantity(
        4.6, "mmol/d", "assumption: half of absorption is saturable", "largest active magnesium absorption", (2.0, 6.0)
    )
    magnesium_half: float = quantity(
        2.3,
        "mmol",
        "assumption: half saturated at the usual intake",
        "lumen magnesium at half of the active rate",
        (1.0, 4.0),
    )
    induction: float = quantity(
        0.7, "/d", "facts 6.3: gut adapts over 1-2 d", "rate at which transport follows calcitriol", (0.5, 1.0)
    )
    induction_most: float = quantity(
        10,
        "1",
        "assumption: transport rises nearly in proportion to calcitriol, and saturates late",
        "largest transport, relative to healthy",
        (2.5, 12),
    )
    binding: float = quantity(
        10.0, "/mmol/d", "assumption: a binder taken with food is nearly used up", "rate of binding", (3.0, 30.0)
    )
    calcium_phosphate_precipitation: float = quantity(
        0.06,
        "/mmol/d",
        "assumption: excess luminal calcium and phosphate keep each other",
        "rate of binding of calcium to phosphate",
        (0.0, 0.2),
    )


def transport_target(m: Any, vitamin_d: Any, p: Gut) -> Any:
    """Transport that a vitamin D signal (1 = healthy) calls for, saturating; 1 when healthy."""
    return p.induction_most * vitamin_d / (p.induction_most - 1.0 + vitamin_d)


def calcium_absorption(m: Any, lumen: Any, transport: Any, p: Gut, fold: Any, passage: Any = 1.0) -> Any:
    """Calcium absorbed [mmol/d]; `passage` multiplies the passive part, `fold` the whole."""
    return fold * (
        p.calcium_passive * passage * lumen + p.calcium_active * transport * lumen / (p.calcium_half + lumen)
    )


def phosphate_absorption(m: Any, lumen: Any, transport: Any, p: Gut, fold: Any, transport_fold: Any) -> Any:
    """Phosphate absorbed [mmol/d]."""
    active = p.phosphate_active * transport * transport_fold * lumen / (p.phosphate_half + lumen)
    return fold * p.phosphate_passive * lumen + active


def magnesium_absorption(m: Any, lumen: Any, p: Gut, fold: Any, transport: Any = 1.0) -> Any:
    """Magnesium absorbed [mmol/d]; calcitriol induces the saturable part, as that of calcium."""
    return fold * (p.magnesium_passive * lumen + p.magnesium_active * transport * lumen / (p.magnesium_half + lumen))


def bound(binder: Any, lumen: Any, p: Gut) -> Any:
    """Phosphate bound by a binder [mmol/d]."""
    return p.binding * binder * lumen


def precipitated(calcium: Any, phosphate: Any, p: Gut) -> Any:
    """Calcium, and as much phosphate, that leave as salt in the stool [mmol/d]."""
    return p.calcium_phosphate_precipitation * calcium * phosphate
