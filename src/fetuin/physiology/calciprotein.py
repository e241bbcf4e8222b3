"""Calciprotein particles and T50, read off the plasma: they are no pool of their own.

Mineral beyond solubility is carried by fetuin-A as soft particles (CPP1) that ripen into hard ones (CPP2); T50 is the
time of that ripening in a stressed serum, by the law of `chemistry.ripening` with its fitted slopes. The mineral of the
particles is part of plasma calcium and phosphate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.chemistry.ripening import SLOPES, published, terms
from fetuin.quantities import quantity

_BELIEF = published()
_FITTED = "chemistry.ripening: priors updated by published trials"


def _slope(name: str, unit: str) -> Any:
    k = SLOPES.index(name)
    mean, sd = float(_BELIEF.mean[k]), float(_BELIEF.covariance[k, k]) ** 0.5
    return quantity(mean, unit, _FITTED, f"slope of ln T50 on {name}", (mean - 1.96 * sd, mean + 1.96 * sd))


@dataclass(frozen=True)
class Calciprotein:
    """Slopes of ln T50, and how particle counts follow the serum."""

    fetuin_a: float = quantity(0.46, "g/L", "facts 1.6: 0.06 g/L is 13 %", "fetuin-A in health", (0.3, 0.7))
    uraemia: float = quantity(
        0.4,
        "1",
        "assumption: fetuin-A is lower in dialysis, T50 229-247 min",
        "part of fetuin-A lost without kidney",
        (0.1, 0.5),
    )
    level: float = _slope("level", "1")
    phosphate: float = _slope("phosphate", "1")
    calcium: float = _slope("calcium", "1")
    magnesium: float = _slope("magnesium", "L/mmol")
    by_fetuin_a: float = _slope("fetuin_a", "1")
    albumin: float = _slope("albumin", "L/g")
    bicarbonate: float = _slope("bicarbonate", "L/mmol")
    citrate: float = _slope("citrate", "L/mmol")
    cpp1: float = quantity(
        2.2e5, "1/mL", "assumption: Thiem 2021 (9.2e5 before treatment) carried to health", "CPP1 in health", (1e4, 1e6)
    )
    cpp2: float = quantity(
        2.4e4, "1/mL", "assumption: Thiem 2021 (5.4e4 before treatment) carried to health", "CPP2 in health", (1e3, 1e5)
    )
    cpp1_power: float = quantity(
        0.88,
        "1",
        "Thiem 2021: 9.2e5 to 3.8e5 for phosphate 2.28 to 1.63",
        "exponent of OCP saturation on CPP1",
        (0.4, 1.3),
    )
    cpp2_power: float = quantity(
        0.30,
        "1",
        "Thiem 2021: 5.4e4 to 3.2e4 for phosphate 2.28 to 1.63",
        "exponent of OCP saturation on CPP2",
        (0.1, 0.7),
    )


def _weighted(p: Calciprotein, found: tuple[Any, ...]) -> Any:
    slopes = (p.phosphate, p.calcium, p.magnesium, p.by_fetuin_a, p.albumin, p.bicarbonate, p.citrate)
    return sum(k * x for k, x in zip(slopes, found, strict=True))


def log_ripening(m: Any, s: Any, bicarbonate: Any, citrate: Any, p: Calciprotein) -> Any:
    """ln T50 less its level for the plasma `s`."""
    return _weighted(p, terms(m.log, s.p, s.ca, s.mg, s.fetuin_a, s.albumin, bicarbonate, citrate))


def healthy_ripening(m: Any, h: Any, plasma: Any, p: Calciprotein) -> Any:
    """The same for the person's healthy serum: a number of the parameters alone."""
    serum = (h.phosphate, h.calcium, h.magnesium, p.fetuin_a, plasma.albumin, h.bicarbonate, plasma.citrate)
    return _weighted(p, terms(m.log, *serum))


def t50(m: Any, log_ripening: Any, p: Calciprotein) -> Any:
    """T50 [min] of the serum."""
    return m.exp(p.level + log_ripening)


def particles(m: Any, log_s: Any, healthy_log_s: Any, slower: Any, p: Calciprotein) -> tuple[Any, Any]:
    """(CPP1, CPP2) relative to health: more mineral beyond solubility; the second fewer the `slower` (ln) they ripen."""
    beyond = log_s - healthy_log_s
    return m.exp(p.cpp1_power * beyond), m.exp(p.cpp2_power * beyond - slower)
