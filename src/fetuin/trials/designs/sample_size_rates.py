"""People for event rates per person-year: negative binomial counts, Poisson where the dispersion is 0 (Zhu and Lakkis 2014).

Stat Med 33:376. ln of the rate ratio has variance (1 / mu_1 t + k) / n_1 + (1 / mu_2 t + k) / n_2, k the dispersion, t the mean
exposure: full for those who stay, half on average for those who leave evenly.
"""

from __future__ import annotations

import math

from scipy.special import ndtri

from fetuin.errors import InputError
from fetuin.trials.designs.parallel_group import refuse


def rate_ratio(
    control_rate: float, ratio_of_rates: float, *, years: float, dispersion: float = 0.0, alpha: float = 0.05, sided: int = 2, power: float = 0.9,
    ratio: float = 1.0, dropout: float = 0.0,
) -> tuple[int, int]:  # fmt: skip
    """People of each arm (treated, control). `control_rate` per year; `dropout` is the share that leaves before `years`."""
    refuse(alpha, power, dropout, ratio)
    if not (control_rate > 0 and ratio_of_rates > 0 and ratio_of_rates != 1 and years > 0 and dispersion >= 0):
        raise InputError(
            "an impossible rate",
            where="rates",
            why=f"{control_rate} a year, ratio {ratio_of_rates}, {years} years, dispersion {dispersion}",
        )
    exposure = years * (1 - dropout / 2)
    z = float(ndtri(1 - alpha / sided) + ndtri(power))
    spread = 1 / (control_rate * ratio_of_rates * exposure) + dispersion
    spread += ratio * (1 / (control_rate * exposure) + dispersion)
    treated = spread * (z / math.log(ratio_of_rates)) ** 2
    return math.ceil(treated - 1e-9), math.ceil(treated / ratio - 1e-9)
