"""99mTc-MDP through the body: plasma, exchangeable tissue fluid, bone, urine. Decay-corrected, linear, exact.

    dp/dt = -(GFR + K_bone + x) p/Vp + x s/Vs + k4 b
    ds/dt =  x p/Vp - x s/Vs
    db/dt =  K_bone p/Vp - k4 b
    du/dt =  GFR p/Vp

Amounts are fractions of the dose; the solution is a matrix exponential. Where kidneys fail, tracer stays in tissue fluid:
a dialysis patient's soft tissue looks hot without any calcification, so a background must be expected for the GFR.
A published statement of 50-60 % in bone at 4 h contradicts the clearances used here; see docs/explanation/bone-scan.md.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from fetuin.quantities import quantity

HALF_LIFE_MIN = 6.0067 * 60  # 99mTc, min: 6.0067 h, nuclear data as used for the phantom facts


@dataclass(frozen=True)
class Tracer:
    """Volumes and clearances of free 99mTc-MDP."""

    plasma: float = quantity(3.0, "L", "assumption: plasma volume of an adult", "volume of plasma", (2.3, 3.8))
    fluid: float = quantity(
        9.0, "L", "assumption: exchangeable extravascular fluid", "volume of tissue fluid", (6.0, 14.0)
    )
    exchange: float = quantity(
        300.0,
        "mL/min",
        "assumption: fast exchange across capillaries",
        "plasma-fluid exchange, both ways",
        (150.0, 500.0),
    )
    bone: float = quantity(
        44.0, "mL/min", "Moore, J Nucl Med 2008;49:375 (44.2 +- 7.6)", "clearance to the skeleton", (30.0, 56.0)
    )
    back: float = quantity(
        0.0003, "1/min", "Moore, J Nucl Med 2008;49:375 (0-0.0008)", "return from bone", (0.0, 0.0008)
    )


STATES = ("plasma", "soft", "bone", "urine")


def amounts(minutes: np.ndarray | float, gfr: float, t: Tracer | None = None) -> dict[str, np.ndarray]:
    """Fractions of the dose in plasma, soft-tissue fluid, bone and urine at `minutes`, for a GFR in mL/min. Sum 1."""
    from scipy.linalg import expm

    k = t or Tracer()
    per_p, per_s = 1 / (1000 * k.plasma), 1 / (1000 * k.fluid)
    A = np.array(
        [
            [-(gfr + k.bone + k.exchange) * per_p, k.exchange * per_s, k.back, 0],
            [k.exchange * per_p, -k.exchange * per_s, 0, 0],
            [k.bone * per_p, 0, -k.back, 0],
            [gfr * per_p, 0, 0, 0],
        ]
    )
    at = np.atleast_1d(np.asarray(minutes, float))
    found = np.array([expm(A * m)[:, 0] for m in at])
    return {s: found[:, i] for i, s in enumerate(STATES)}


def retention(minutes: float, gfr: float, t: Tracer | None = None) -> float:
    """Whole-body retention: what is not in the urine."""
    return float(1 - amounts(minutes, gfr, t)["urine"][0])


def decay(minutes: float) -> float:
    """Share of 99mTc left after `minutes`."""
    return float(2 ** (-minutes / HALF_LIFE_MIN))


def expected_soft_to_bone(
    minutes: float, gfr: float, *, people: int = 400, seed: int = 0
) -> tuple[float, float, float]:
    """Soft-tissue to bone amount ratio expected for a GFR: (median, 2.5 %, 97.5 %) over the spread of the parameters.

    Log-uniform over each parameter's spread, and 20 % on GFR (assumption). This is the background that is no disease.
    """
    share = _drawn_shares(minutes, gfr, people, seed)
    low, middle, high = np.quantile(share / (1 - share), [0.025, 0.5, 0.975])
    return float(middle), float(low), float(high)


def expected_soft_share(minutes: float, gfr: float, *, people: int = 400, seed: int = 0) -> tuple[float, float, float]:
    """Of what is in the body outside the bladder, the share that is not in bone: (median, 2.5 %, 97.5 %), as above."""
    low, middle, high = np.quantile(_drawn_shares(minutes, gfr, people, seed), [0.025, 0.5, 0.975])
    return float(middle), float(low), float(high)


@cache
def _drawn_shares(minutes: float, gfr: float, people: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    low_high = {f.name: f.metadata["spread"] for f in fields(Tracer)}
    shares = []
    for _ in range(people):
        drawn = {
            n: rng.uniform(a, b) if a == 0 else float(np.exp(rng.uniform(np.log(a), np.log(b))))
            for n, (a, b) in low_high.items()
        }
        a = amounts(minutes, gfr * float(np.exp(rng.normal(0, 0.2))), Tracer(**drawn))
        soft = float((a["soft"] + a["plasma"])[0])
        shares.append(soft / (soft + float(a["bone"][0])))
    return np.array(shares)


@dataclass(frozen=True)
class Mineral:
    """How a deposit shares in what the skeleton takes up."""

    skeleton: float = quantity(
        2700.0,
        "g",
        "assumption: bone mineral content of an adult by absorptiometry",
        "mineral of the skeleton",
        (1800.0, 3600.0),
    )
    avidity: float = quantity(
        3.0,
        "1",
        "assumption: young mineral has more surface than old bone; no human value was found",
        "uptake of a gram of deposit over a gram of skeleton",
        (1.0, 30.0),
    )


def deposit_uptake(
    minutes: float, gfr: float, grams: float, m: Mineral | None = None, t: Tracer | None = None
) -> float:
    """Fraction of the dose in a deposit of `grams` of mineral: the skeleton's, by mass and avidity. Decay-corrected.

    A deposit of grams takes nothing noticeable from the rest of the body; its own kinetics are taken to be bone's.
    """
    k = m or Mineral()
    return float(amounts(minutes, gfr, t)["bone"][0]) * k.avidity * grams / k.skeleton
