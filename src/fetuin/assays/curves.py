"""The curve of a well: one plain function for each way the signal may rise, and the sum that the reader sees.

CPP1 forms at once and gives a small early rise; CPP2 forms later and gives the large one; the lamp or the meniscus
drifts; large particles settle. T50 is the half time of the CPP2 rise alone, never of the total signal, so every
rise here is written with its half time as a parameter: G(t50) = 1/2 exactly.

All times in minutes; rises go from 0 to 1; heights are in the reader's unit. Sources: Richards 1959 (5PL), Avrami
1939 (JMAK), Watzky and Finke 1997 (two-step); the sum is the generative model of the project's assay facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
SETTLING_DELAY = 60.0  # min; assumption: settling starts an hour after T50 (facts of the assay, section 3)
NAMES = (
    "blank", "cpp1", "ln_tau", "amplitude", "t50", "ln_width", "ln_shape", "drift", "settling",
    "extra_height", "extra_place", "ln_extra_width",
)  # fmt: skip
UNITS = ("read", "read", "ln min", "read", "min", "ln min", "1", "read/min", "read/min", "read", "min", "ln min")


def four_parameter(t: Array, t50: float, width: float) -> Array:
    r"""Logistic rise. .. math:: G = 1 / (1 + e^{-(t - T_{50})/w})"""
    return 1.0 / (1.0 + np.exp(-np.clip((t - t50) / width, -700.0, 700.0)))


def five_parameter(t: Array, t50: float, width: float, shape: float) -> Array:
    r"""Richards rise. .. math:: G = [1 + e^{-(t-m)/w}]^{-g}, \quad m = T_{50} + w \ln(2^{1/g} - 1)"""
    u = (t - richards_place(t50, width, shape)) / width
    return np.exp(-shape * np.logaddexp(0.0, -u))


def richards_place(t50: float, width: float, shape: float) -> float:
    """m of the Richards rise [min] whose half time is `t50`."""
    return t50 + width * np.log(np.expm1(np.log(2.0) / shape))


def jmak(t: Array, t50: float, width: float, shape: float) -> Array:
    r"""Nucleation and growth. .. math:: G = 1 - e^{-z^n}, \quad z = (t - T_{50})/w + (\ln 2)^{1/n}, \ z > 0"""
    z = np.maximum((t - t50) / width + np.log(2.0) ** (1.0 / shape), 0.0)
    return -np.expm1(-(z**shape))


def finke_watzky(t: Array, t50: float, width: float) -> Array:
    r"""Slow nucleation, then autocatalysis. .. math:: G = (e^{Kt} - 1)/(e^{Kt} + r), \ r = e^{K T_{50}} - 2, \ K = 1/w

    With A -> B at k1 and A + B -> 2 B at k2: K = k1 + k2 [A]0 and r = k2 [A]0 / k1. `t50` must exceed w ln 2.
    """
    kt, kh = np.minimum(t / width, 300.0), min(max(t50 / width, 0.75), 300.0)
    return (np.exp(kt) - 1.0) / (np.exp(kt) + np.exp(kh) - 2.0)


def double_sigmoid(t: Array, t50: float, width: float, shape: float, early: float, place: float, span: float) -> Array:
    """A Richards rise of CPP2 after a logistic step of relative height `early` (aggregation of CPP1) at `place`."""
    return five_parameter(t, t50, width, shape) + early * four_parameter(t, place, span)


def bump(t: Array, place: float, width: float) -> Array:
    """A bell of height 1: aggregates that form and dissolve before CPP2."""
    return np.exp(-0.5 * ((t - place) / width) ** 2)


def box(t: Array, place: float, width: float) -> Array:
    """1 from `place` for `width` minutes: a bubble in the beam."""
    return np.where((t >= place) & (t < place + width), 1.0, 0.0)


@dataclass(frozen=True)
class Model:
    """A curve model: its rise, the kernel's number of it, free parameters, and what is expected of its shape.

    `quartiles`: 25-75 % time of the rise in units of its width, at the expected shape; `prior`: mean and spread of
    ln shape (weak: it matters only where the reads say nothing).
    """

    name: str
    title: str
    shape: int
    extra: int
    free: tuple[int, ...]
    quartiles: float
    prior: tuple[float, float]
    rise: Callable[..., Array]


_COMMON = (0, 1, 2, 3, 4, 5, 7, 8)
_SHAPED = (0, 1, 2, 3, 4, 5, 6, 7, 8)
_DOUBLE = (*_SHAPED, 9, 10, 11)
MODELS = {
    m.name: m
    for m in (
        Model("4pl", "four-parameter logistic", 0, 0, _COMMON, 2.197, (0.0, 1.0), four_parameter),
        Model("5pl", "five-parameter (Richards)", 0, 0, _SHAPED, 2.3, (-0.2, 1.0), five_parameter),
        Model("jmak", "Johnson-Mehl-Avrami-Kolmogorov", 1, 0, _SHAPED, 0.532, (1.0, 0.7), jmak),
        Model("finke-watzky", "Finke-Watzky two-step", 2, 0, _COMMON, 2.197, (0.0, 1.0), finke_watzky),
        Model("double", "double sigmoid (Richards after a CPP1 step)", 0, 1, _DOUBLE, 2.3, (-0.2, 1.0), double_sigmoid),
    )
}
RISES = (five_parameter, jmak, finke_watzky)  # by the kernel's number; a logistic is a Richards of shape 1
EXTRAS = (None, four_parameter, bump, box)


def rise(t: Array, shape: int, p: Array) -> Array:
    """The CPP2 rise alone, 0 to 1, of one row of parameters in the order of `NAMES`."""
    arguments = [float(p[4]), float(np.exp(p[5])), float(np.exp(p[6]))]
    return RISES[shape](t, *arguments[: 2 if shape == 2 else 3])


def total(t: Array, shape: int, extra: int, p: Array) -> Array:
    r"""What the reader sees [read]: blank + CPP1 + CPP2 + drift - settling + extra.

    .. math:: y = b + P (1 - e^{-t/\tau}) + A G(t) + d t - s\,(t - T_{50} - 60)_+ + B\,x(t)
    """
    y = p[0] + p[1] * (1.0 - np.exp(-t / np.exp(p[2]))) + p[3] * rise(t, shape, p) + p[7] * t
    y = y - p[8] * np.maximum(t - p[4] - SETTLING_DELAY, 0.0)
    extra_rise = EXTRAS[extra]
    return y if extra_rise is None else y + p[9] * extra_rise(t, float(p[10]), float(np.exp(p[11])))


def time_at(fraction: float, shape: int, p: Array) -> float:
    """The minute at which the CPP2 rise has reached `fraction` (0 to 1)."""
    t50, w, s = float(p[4]), float(np.exp(p[5])), float(np.exp(p[6]))
    if shape == 0:
        return float(richards_place(t50, w, s) - w * np.log(np.expm1(-np.log(fraction) / s)))
    if shape == 1:
        half = np.log(2.0) ** (1.0 / s)
        return float(t50 + w * ((-np.log1p(-fraction)) ** (1.0 / s) - half))
    r = np.exp(min(t50 / w, 300.0)) - 2.0
    return float(w * np.log((1.0 + r * fraction) / (1.0 - fraction)))
