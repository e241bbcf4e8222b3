"""Bone: a fast exchangeable surface, cells that resorb and form, osteoid that mineralises, mineral that is density.

One law for every drug: mineral changes by what osteoid gains less what osteoclasts take, and bone density is read off
the mineral. Calcium mmol, time d; phosphate goes along in the ratio of the phase.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class Bone:
    """Parameters of the skeleton."""

    surface: float = quantity(
        480,
        "mmol",
        "assumption: rapidly exchangeable bone calcium, 1 % of the skeleton",
        "calcium of the exchangeable surface",
        (100, 700),
    )
    exchange: float = quantity(
        90,
        "mmol/d",
        "facts 2.1: plasma to bone 88 mmol/d",
        "calcium exchanged with the surface each way",
        (25.0, 150.0),
    )
    surface_ratio: float = quantity(
        0.60, "1", "assumption: 1/1.667, apatite", "phosphate per calcium of mineral", (0.46, 0.67)
    )
    plasma_share: float = quantity(
        0.2,
        "1",
        "assumption: phosphate of bone fluid follows plasma within a day",
        "share of bone-fluid phosphate that follows plasma at once",
        (0.0, 1.0),
    )
    calcium_power: float = quantity(
        2.0,
        "1",
        "assumption: bone buffers calcium more than in proportion",
        "exponent of ionised calcium on uptake",
        (1.0, 3.0),
    )
    phosphate_power: float = quantity(
        1.1,
        "1",
        "Silverberg 1986: calcium -4.3 % by a phosphate load",
        "exponent of bone-fluid phosphate on uptake",
        (0.5, 2.0),
    )
    release_pth: float = quantity(
        0.35, "1", "assumption: PTH frees calcium from the surface", "span of the PTH effect on release", (0.1, 0.8)
    )
    release_vitamin_d: float = quantity(
        0.35, "1", "assumption: calcitriol permits it", "exponent of vitamin D on release", (0, 0.5)
    )
    trabecular: float = quantity(
        5000.0,
        "mmol",
        "textbook: skeleton 25 mol calcium, a fifth trabecular",
        "calcium of trabecular mineral",
        (4000.0, 6000.0),
    )
    cortical: float = quantity(
        20000.0, "mmol", "textbook: skeleton 25 mol calcium", "calcium of cortical mineral", (16000.0, 24000.0)
    )
    trabecular_turnover: float = quantity(
        7.0e-4, "/d", "assumption: 25 % a year", "resorption of trabecular bone", (4e-4, 1e-3)
    )
    cortical_turnover: float = quantity(
        1.2e-4, "/d", "assumption: 4 % a year", "resorption of cortical bone", (6e-5, 2e-4)
    )
    rankl_rate: float = quantity(1.0, "/d", "assumption: a day", "rate at which RANKL follows", (0.5, 3.0))
    rankl_most: float = quantity(
        3.0, "1", "assumption: turnover triples in hyperparathyroidism", "largest RANKL by PTH", (2.0, 5.0)
    )
    rankl_basal: float = quantity(
        0.35, "1", "assumption: hypoparathyroid turnover is a third to a half", "RANKL without PTH", (0.2, 0.5)
    )
    rankl_vitamin_d: float = quantity(
        0.35, "1", "assumption: calcitriol induces RANKL", "exponent of vitamin D on RANKL", (0.1, 0.7)
    )
    precursor_reserve: float = quantity(
        2.5, "1", "assumption: CTX 1.5-2.5 times the start 9-12 months after denosumab (osteomorphs that wait)",
        "osteoclast precursors that can wait, per those in use", (1.0, 4.0),
    )  # fmt: skip
    precursor_loss: float = quantity(
        0.0025, "/d", "assumption: the overshoot after denosumab lasts one to two years",
        "rate at which waiting precursors are lost", (0.001, 0.006),
    )  # fmt: skip
    osteoclast_rate: float = quantity(
        0.45, "/d", "denosumab: CTX > 80 % down by day 5", "loss of osteoclasts without RANKL", (0.3, 0.7)
    )
    precursor_rate: float = quantity(
        0.05, "/d", "assumption: three weeks", "maturation of osteoblast precursors", (0.03, 0.1)
    )
    osteoblast_rate: float = quantity(0.02, "/d", "assumption: two months", "life of osteoblasts", (0.01, 0.04))
    coupling: float = quantity(
        0.8,
        "1",
        "assumption: formation follows resorption, not quite",
        "exponent of resorption on recruitment",
        (0.6, 1.0),
    )
    sclerostin_pth: float = quantity(
        0.06, "1", "assumption: PTH represses sclerostin", "exponent of PTH on sclerostin", (0.0, 0.5)
    )
    sclerostin_rate: float = quantity(0.3, "/d", "assumption: days", "rate at which sclerostin follows", (0.1, 1.0))
    sclerostin_power: float = quantity(
        0.35, "1", "assumption: romosozumab raises formation early", "exponent of sclerostin on recruitment", (0.2, 0.8)
    )
    mineralisation: float = quantity(
        0.06, "/d", "assumption: mineralisation lag 10-20 d", "rate at which osteoid mineralises", (0.04, 0.1)
    )
    mineralisation_power: float = quantity(
        2.0,
        "1",
        "assumption: osteomalacia when phosphate is a third low",
        "steepness of the ion product on mineralisation",
        (1.0, 4.0),
    )
    resistance_half: float = quantity(
        0.20,
        "1",
        "KDIGO PTH 2-9 times normal in dialysis: bone is resistant",
        "filtration (healthy = 1) at half resistance",
        (0.1, 0.3),
    )
    resistance_least: float = quantity(
        0.25, "1", "KDIGO PTH 2-9 times normal in dialysis", "response of bone to PTH without kidney", (0.15, 0.4)
    )
    acid_release: float = quantity(
        0.04,
        "1",
        "assumption: acid frees bone mineral",
        "rise of release per mmol/L of missing bicarbonate",
        (0.0, 0.1),
    )


def response(nephrons: Any, p: Bone) -> Any:
    """What bone makes of PTH as kidney function is lost, 1 in health."""
    full = nephrons * (1.0 + p.resistance_half) / (nephrons + p.resistance_half)
    return p.resistance_least + (1.0 - p.resistance_least) * full


def uptake(m: Any, ionised: Any, phosphate: Any, p: Bone) -> Any:
    """Calcium laid on the exchangeable surface [mmol/d]; ionised calcium and bone-fluid phosphate relative to healthy."""
    return p.exchange * m.pow(ionised, p.calcium_power) * m.pow(phosphate, p.phosphate_power)


def release(m: Any, surface: Any, pth: Any, vitamin_d: Any, acid: Any, p: Bone) -> Any:
    """Calcium that the surface gives back [mmol/d]; PTH and vitamin D relative to healthy, acid in mmol/L."""
    by_pth = 1.0 + p.release_pth * (2.0 * pth / (1.0 + pth) - 1.0)
    by_d = m.pow((vitamin_d + 0.1) / 1.1, p.release_vitamin_d)
    return p.exchange * surface / p.surface * by_pth * by_d * (1.0 + p.acid_release * acid)


def rankl_target(m: Any, pth: Any, vitamin_d: Any, p: Bone) -> Any:
    """RANKL called for by PTH and vitamin D (healthy = 1), 1 in health."""
    by_pth = p.rankl_basal + (1.0 - p.rankl_basal) * p.rankl_most * pth / (p.rankl_most - 1.0 + pth)
    return by_pth * m.pow((vitamin_d + 0.2) / 1.2, p.rankl_vitamin_d)


def recruitment(m: Any, resorption: Any, sclerostin: Any, p: Bone) -> Any:
    """Osteoblast precursors called for by resorption and let through by sclerostin, 1 in health."""
    return m.pow((resorption + 1e-3) / 1.001, p.coupling) * m.pow((sclerostin + 1e-3) / 1.001, -p.sclerostin_power)


def mineralising(m: Any, product: Any, p: Bone) -> Any:
    """Fold of the mineralisation rate by the ion product (healthy = 1)."""
    n = m.pow(product, p.mineralisation_power)
    return 2.0 * n / (1.0 + n)
