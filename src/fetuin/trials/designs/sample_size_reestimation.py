"""Sample size looked at again on the way: blinded by the variance, or unblinded by conditional power.

Blinded (Kieser and Friede 2003, Stat Med 22:995): the total variance of both arms together, without the arms' labels; it
overstates the variance by delta^2 / 4, which may be taken out. The test stays at its level.

Unblinded, promising zone (Mehta and Pocock 2011, Stat Med 30:3267): where conditional power at the interim effect lies between
two limits the second stage grows until it reaches the target or a cap. The stages are combined by the inverse-normal rule
with the planned weights, so the level holds whatever the rule (Cui, Hung and Wang 1999; Lehmacher and Wassmer 1999).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from fetuin.errors import InputError
from fetuin.trials.designs import sample_size
from fetuin.trials.designs.parallel_group import refuse

Array = np.ndarray


def blinded(
    pooled: object,
    delta: float,
    *,
    planned: int,
    most: int,
    alpha: float = 0.05,
    sided: int = 2,
    power: float = 0.9,
    adjusted: bool = True,
) -> tuple[int, float]:
    """(total size, SD) from responses without their arms; never below `planned`, never above `most`.

    `adjusted` takes delta^2 / 4 out of the variance, the share a true effect would add.
    """
    refuse(alpha, power)
    y = np.asarray(pooled, float)
    if len(y) < 4 or not np.isfinite(y).all() or delta == 0 or most < planned:
        raise InputError(
            "four or more responses, an effect and a cap above the plan are needed", where="pooled, delta, most"
        )
    variance = float(y.var(ddof=1)) - (delta**2 / 4 * len(y) / (len(y) - 1) if adjusted else 0.0)
    sd = math.sqrt(max(variance, float(y.var(ddof=1)) * 0.1))
    needed = sample_size.means(delta, sd, alpha=alpha, sided=sided, power=power)
    return min(max(2 * math.ceil(needed / 2 - 1e-9), planned), most), sd


@dataclass(frozen=True)
class PromisingZone:
    """Planned sizes after stage 1 and in all, one-sided level; the zone [low, target] of conditional power; most people."""

    first: int
    total: int
    most: int
    alpha: float = 0.025
    low: float = 0.36  # Mehta and Pocock 2011, table 1: one interim half-way, cap of twice the size
    target: float = 0.9

    def __post_init__(self) -> None:
        if not 0 < self.first < self.total <= self.most:
            raise InputError(
                "sizes must rise", where="first, total, most", why=f"{self.first}, {self.total}, {self.most}"
            )
        if not 0 < self.alpha < 0.5 or not self.alpha < self.low < self.target < 1:
            raise InputError(
                "the zone must lie between alpha and 1", where="low, target", why=f"{self.low}, {self.target}"
            )

    @property
    def fraction(self) -> float:
        """Planned information at the interim."""
        return self.first / self.total

    def combined(self, z1: Array | float, z2: Array | float) -> Array:
        """The final statistic: planned weights, whatever size was reached."""
        t = self.fraction
        return np.asarray(math.sqrt(t) * np.asarray(z1) + math.sqrt(1 - t) * np.asarray(z2))

    def conditional_power(self, z1: float, second: float) -> float:
        """Chance of success with `second` people still to come, if the effect seen is the true one."""
        t = self.fraction
        needed = (float(ndtri(1 - self.alpha)) - math.sqrt(t) * z1) / math.sqrt(1 - t)
        return float(ndtr(z1 * math.sqrt(second / self.first) - needed))

    def second_stage(self, z1: float) -> int:
        """People of the second stage after `z1`: as planned outside the zone, else enough for the target, at most the cap."""
        planned, most = self.total - self.first, self.most - self.first
        if not self.low <= self.conditional_power(z1, planned) < self.target:
            return planned
        t = self.fraction
        needed = (float(ndtri(1 - self.alpha)) - math.sqrt(t) * z1) / math.sqrt(1 - t)
        wanted = self.first * ((needed + float(ndtri(self.target))) / z1) ** 2
        return min(max(math.ceil(wanted - 1e-9), planned), most)


def rejection(effect: float, trials: int, rng: np.random.Generator) -> float:
    """Share of simulated trials that reject, two-sided 5 % (upper side doubled under no effect): SD 60, 60 then 120, at most 240."""
    plan = PromisingZone(60, 120, 240)
    hits = 0
    for _ in range(trials):
        z1 = rng.normal(effect / 60 * math.sqrt(plan.first) / 2)
        n2 = plan.second_stage(z1)
        z2 = rng.normal(effect / 60 * math.sqrt(n2) / 2)
        hits += bool(plan.combined(z1, z2) > ndtri(1 - plan.alpha))
    return hits / trials * (2 if effect == 0 else 1)
