"""Activity coefficients in a dilute salt solution: Debye-Hueckel for water at a given temperature.

The dielectric constant is Bradley & Pitzer 1979 (J Phys Chem 83:1599), the density Kell 1975 (J Chem Eng Data 20:97),
as in PHREEQC; the constants of nature are CODATA 2018.
"""

from __future__ import annotations

import math

AVOGADRO = 6.02214076e23  # 1/mol
ELEMENTARY_CHARGE = 1.602176634e-19  # C
VACUUM_PERMITTIVITY = 8.8541878128e-12  # F/m
BOLTZMANN = 1.380649e-23  # J/K
KELVIN = 273.15
PRESSURE_BAR = 1.01325


def dielectric_constant(temperature_c: float) -> float:
    """Relative permittivity of water at 1 atm, Bradley & Pitzer 1979, valid 0 to 350 C."""
    t = temperature_c + KELVIN
    at_1000_bar = 3.4279e2 * math.exp(-5.0866e-3 * t + 9.4690e-7 * t * t)
    c = -2.0525 + 3.1159e3 / (-1.8289e2 + t)
    b = -8.0325e3 + 4.2142e6 / t + 2.1417 * t
    return at_1000_bar + c * math.log((b + PRESSURE_BAR) / (b + 1000.0))


def water_density(temperature_c: float) -> float:
    """Density of water [kg/L] at 1 atm, Kell 1975, valid 0 to 100 C."""
    t = temperature_c
    top = 999.83952 + t * (
        16.945176 + t * (-7.9870401e-3 + t * (-46.170461e-6 + t * (105.56302e-9 - t * 280.54253e-12)))
    )
    return top / (1.0 + 16.879850e-3 * t) / 1000.0


def debye_hueckel(temperature_c: float) -> tuple[float, float]:
    """(A [(kg/mol)^0.5, base 10], B [(kg/mol)^0.5 per Angstrom]) of the Debye-Hueckel law in water."""
    bjerrum = ELEMENTARY_CHARGE**2 / (
        4.0 * math.pi * VACUUM_PERMITTIVITY * dielectric_constant(temperature_c) * BOLTZMANN * (temperature_c + KELVIN)
    )  # m
    kappa = math.sqrt(8.0 * math.pi * AVOGADRO * bjerrum * water_density(temperature_c) * 1000.0)  # 1/m
    return kappa * bjerrum / (2.0 * math.log(10.0)), kappa * 1e-10


def log_gamma(ionic_strength: float, charge: int, gamma: tuple[float, float] | None, a: float, b: float) -> float:
    r"""log10 of the activity coefficient of one species, with `a`, `b` from `debye_hueckel`.

    .. math:: \log\gamma = -A z^2 \sqrt I/(1 + B a_0 \sqrt I) + b_0 I

    with a_0, b_0 of the species; Davies where none are given; 0.1 I without charge.
    """
    if charge == 0:
        return 0.1 * ionic_strength
    root = math.sqrt(ionic_strength)
    if gamma is None:
        return -a * charge**2 * (root / (1.0 + root) - 0.3 * ionic_strength)
    return -a * charge**2 * root / (1.0 + b * gamma[0] * root) + gamma[1] * ionic_strength
