r"""Bisphosphonate in bone: plasma to surface, surface to buried bone, and back as bone is resorbed.

One drug or several are counted as zoledronate of equal strength [mg]. What enters plasma is shared within hours between
kidney and bone surface. From the surface it comes off, to be shared again, or is buried under new bone. Resorption of
recent bone, and of old bone more slowly, sets it free again (recycling). Osteoclasts meet the drug on the surface and, as
they dig, some of what is buried:

.. math:: \text{osteoclasts} = \frac{1}{1 + (B_s/B_{50})^h}, \qquad B_s = S + w R + v O

S surface, R recent bone, O old bone, time d. Retention 0.5 in 5 d, 0.33 in 6 months, then years (Khan 1997, alendronate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Bisphosphonate:
    """Parameters of the drug in bone."""

    retained: float = quantity(
        0.5, "1", "Khan 1997: 50 % of iv alendronate out in 5 d", "share of plasma drug that bone takes in health",
        (0.4, 0.62),
    )  # fmt: skip
    renal: float = quantity(
        0.95, "1", "verified: renal clearance about 0.8 GFR; the rest of clearance is bone",
        "exponent of filtration on the renal share", (0.7, 1.0),
    )  # fmt: skip
    desorption: float = quantity(
        0.0105, "/d", "Khan 1997: a further 17 % in 6 months", "loss of the surface to plasma", (0.005, 0.02)
    )
    burial: float = quantity(
        0.0102,
        "/d",
        "Khan 1997: a third stays for years",
        "burying of the surface by formation in health",
        (0.005, 0.02),
    )
    recent_release: float = quantity(
        0.0022, "/d", "Grey 2017: single doses of 1 to 5 mg differ in how long they act",
        "release of recent bone by resorption in health", (0.001, 0.006),
    )  # fmt: skip
    sealing: float = quantity(
        0.0010,
        "/d",
        "assumption: recent bone becomes old in some years",
        "burying of recent bone under old",
        (0.0005, 0.003),
    )
    old_release: float = quantity(
        2.4e-4,
        "/d",
        "turnover of the whole skeleton: 5.9 of 25 000 mmol/d",
        "release of old bone in health",
        (1e-4, 4e-4),
    )
    dug_up: float = quantity(
        0.30, "1", "Grey 2017 and 2021: CTX down by a quarter nine years after 5 mg",
        "share of recent-bone drug that osteoclasts meet", (0.1, 0.6),
    )  # fmt: skip
    dug_up_old: float = quantity(
        0.05, "1", "Grey 2021: CTX a quarter down nine years after 5 mg", "share of old-bone drug that osteoclasts meet",
        (0.0, 0.15),
    )  # fmt: skip
    half: float = quantity(
        0.21,
        "mg",
        "HORIZON: CTX -55 % over 36 months of 5 mg a year",
        "drug met at half inhibition, zoledronate",
        (0.1, 0.4),
    )
    steepness: float = quantity(
        0.5, "1", "Grey 2012, 2017: depth differs little between 1 and 5 mg", "exponent h", (0.4, 1.0)
    )


def retained(m: Any, nephrons: Any, p: Bisphosphonate) -> Any:
    """Share of plasma drug that bone takes; filtration relative to healthy."""
    return p.retained / (p.retained + (1.0 - p.retained) * m.pow(nephrons, p.renal))


def exposure(m: Any, nephrons: Any, p: Bisphosphonate) -> Any:
    """Area under the plasma curve of a dose, relative to that at healthy filtration: what the kidney leaves, bone clears."""
    return retained(m, nephrons, p) / p.retained


def osteoclasts_left(m: Any, surface: Any, recent: Any, old: Any, p: Bisphosphonate) -> Any:
    """Osteoclasts that survive, 1 without drug. A hundredth of the half amount keeps the slope finite at nothing."""
    met, little = (surface + p.dug_up * recent + p.dug_up_old * old) / p.half, 0.01
    return 1.0 / (1.0 + m.pow(met + little, p.steepness) - m.pow(little, p.steepness))


def balance(m: Any, given: Any, surface: Any, recent: Any, old: Any, formation: Any, resorption: Any, kept: Any,
            p: Bisphosphonate) -> dict[str, Any]:  # fmt: skip
    """Derivatives [mg/d] of surface, recent and old bone; formation and resorption relative to healthy."""
    off, buried = p.desorption * surface, p.burial * formation * surface
    freed, sealed = p.recent_release * resorption * recent, p.sealing * formation * recent
    old_freed = p.old_release * resorption * old
    return {
        "bp_surface": kept * (given + off + freed + old_freed) - off - buried,
        "bp_recent": buried - freed - sealed,
        "bp_old": sealed - old_freed,
    }
