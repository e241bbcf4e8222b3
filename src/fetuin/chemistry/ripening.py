"""T50 expected of a serum from its chemistry. It predicts; it does not measure, and it says so in every answer.

.. math:: \\ln T_{50} = \\theta_0 - a \\ln\\frac{P_{mix}}{P_{mix}^{ref}} - b \\ln\\frac{Ca_{mix}}{Ca_{mix}^{ref}}
          + c\\,\\Delta Mg + d \\ln\\frac{F}{F^{ref}} + e\\,\\Delta Alb + f\\,\\Delta HCO_3 + g\\,\\Delta Cit + u

u is what the chemistry does not say of a person (a random intercept). The slopes have priors and are fitted to the
published trials by Bayes' rule for a linear model with normal errors, so every prediction has an interval; a measured
T50 of the same person updates slopes and intercept by the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from fetuin.chemistry.mixture import MIXTURE, Mixture
from fetuin.chemistry.ripening_serum import Between, Reference, Serum
from fetuin.errors import InputError
from fetuin.notice import RESEARCH_USE
from fetuin.quantities import quantity

STATEMENT = "Predicted from serum chemistry by a research model; not a measurement of T50."
SLOPES = ("level", "phosphate", "calcium", "magnesium", "fetuin_a", "albumin", "bicarbonate", "citrate")
N = len(SLOPES)


@dataclass(frozen=True)
class Priors:
    """What is believed of each slope before the published rows: value, and in `spread` its 95 % range."""

    level: float = quantity(
        float(np.log(322.0)),
        "ln min",
        "PREVEND, ATVB 2020;40:1942: 329 +- 58",
        "ln of the median T50 (the mean of so skewed a spread is near 329); other laboratories differ by more",
        (5.74, 5.82),
    )
    phosphate: float = quantity(
        -6.0, "1", "assumption: facts 4.2, octacalcium phosphate", "elasticity in mixture phosphate", (-9.0, -3.0)
    )
    calcium: float = quantity(
        -8.0, "1", "assumption: facts 4.2, octacalcium phosphate", "elasticity in mixture calcium", (-13.0, -3.0)
    )
    magnesium: float = quantity(1.0, "L/mmol", "assumption: facts 4.3, 0.7 to 1.3", "slope on magnesium", (0.4, 1.6))
    fetuin_a: float = quantity(
        0.8, "1", "assumption: AHSG, 18.3 % of variance by -13 % an allele", "elasticity in fetuin-A", (0.4, 1.2)
    )
    albumin: float = quantity(
        0.005, "L/g", "assumption: positive in EVOLVE, FRENCH, Smith 2014", "slope on albumin", (-0.003, 0.013)
    )
    bicarbonate: float = quantity(
        0.008, "L/mmol", "assumption: positive in EVOLVE, FRENCH, Bielesz 2017", "slope on bicarbonate", (-0.004, 0.020)
    )
    citrate: float = quantity(0.5, "L/mmol", "assumption: citrate binds calcium", "slope on citrate", (-1.0, 2.0))


@dataclass(frozen=True)
class Spread:
    """What chemistry leaves open, on ln T50."""

    person: float = quantity(
        0.085,
        "1",
        "assumption: leaves PREVEND's SD 58 and R2 0.28, fetuin-A unmeasured",
        "random intercept, all measured",
    )
    analytic: float = quantity(0.055, "1", "assumption: recalled control CV of 5 to 8 %", "one measurement of T50")


@dataclass(frozen=True)
class Row:
    """A published contrast: T50 [min] of two sera, their ratio's standard error on ln T50, where it was read."""

    name: str
    before: Serum
    after: Serum
    t50_before: float
    t50_after: float
    se: float
    source: str


HD = Serum(phosphate=2.28, calcium=2.25, magnesium=1.0, albumin=38.0, bicarbonate=21.0, citrate=0.13)
ROWS = (
    Row("phosphate binder", HD, replace(HD, phosphate=1.63), 243.0, 309.0, 0.033, "Thiem 2021: +66 (49 to 84) min"),
    Row("dialysate magnesium", replace(HD, phosphate=1.8), replace(HD, phosphate=1.8, magnesium=1.30), 229.0, 302.0, 0.083,
        "Bressendorff 2018: +73 (30 to 116) min; assumption: serum +0.30 mmol/L for dialysate +0.5"),
    Row("haemodialysis session", Serum(1.85, 2.25, 1.0, None, 38.0, 21.0, 0.13), Serum(0.95, 2.5, 0.9, None, 41.0, 28.0, 0.09),
        244.0, 301.0, 0.060, "Dekker 2016: 244 to 301 min; assumption: sera of the project's cases 04 and 05"),
)  # fmt: skip


@dataclass(frozen=True)
class Prediction:
    """An expected T50 [min] with its 95 % interval for one measurement, and what moved it. Not a measurement."""

    t50_min: float
    low: float
    high: float
    sd_log: float
    contributions: Mapping[str, float]
    assumed: tuple[str, ...]
    updated_by: tuple[float, ...] = ()
    statement: str = STATEMENT
    notice: str = RESEARCH_USE


@dataclass(frozen=True)
class Predictor:
    """Belief in slopes and in a person's intercept: mean (9,) and covariance (9, 9), the intercept last."""

    mean: np.ndarray
    covariance: np.ndarray
    measured: tuple[float, ...] = ()

    def design(self, serum: Serum) -> np.ndarray:
        """The row of the linear model for a serum (9,)."""
        return np.append(_design(serum), 1.0)

    def predict(self, serum: Serum | Mapping[str, float | None]) -> Prediction:
        """T50 expected of a serum of this person, as one measurement would show it."""
        serum = serum if isinstance(serum, Serum) else Serum.of(serum)
        x = self.design(serum)
        variance = float(x @ self.covariance @ x) + Spread().analytic ** 2 + _unmeasured(serum, self.mean)
        centre, sd = float(x @ self.mean), float(np.sqrt(variance))
        parts = {k: float(x[i] * self.mean[i]) for i, k in enumerate(SLOPES) if i}
        missing = tuple(f.name for f in fields(Serum) if getattr(serum, f.name) is None)
        if self.measured:
            parts["person"] = float(self.mean[N])
        bounds = np.exp([centre, centre - 1.96 * sd, centre + 1.96 * sd])
        t50, low, high = (float(b) for b in bounds)
        return Prediction(t50, low, high, sd, parts, missing, self.measured)

    def with_measured(self, serum: Serum, t50_min: float) -> Predictor:
        """The belief after a T50 was measured in this person at a time when the serum was so. InputError if not > 0."""
        if not (np.isfinite(t50_min) and 5.0 < t50_min < 3000.0):
            raise InputError(
                f"A measured T50 of {t50_min} min cannot be used.", where="measured T50", why="expected 5 to 3000 min"
            )
        x = self.design(serum)
        noise = Spread().analytic ** 2
        new = _update(self.mean, self.covariance, x, np.log(t50_min), noise)
        return Predictor(*new, (*self.measured, t50_min))

    def difference(self, before: Serum, after: Serum) -> tuple[float, float, float]:
        """Change of T50 [min] and its 95 % interval when this person's serum goes from one to the other.

        What was not measured is the same before and after, so only the slopes and the level are uncertain.
        """
        x, d = self.design(before), self.design(after) - self.design(before)
        start, ratio = float(np.exp(x @ self.mean)), float(d @ self.mean)
        sd = float(np.sqrt(d @ self.covariance @ d))
        return tuple(float(start * np.expm1(ratio + k * sd)) for k in (0.0, -1.96, 1.96))  # type: ignore[return-value]

    def sensitivity(self, serum: Serum, steps: Mapping[str, float]) -> dict[str, tuple[float, float, float]]:
        """{analyte: change of T50 [min], low, high} if that analyte alone rose by its step: +0.1 mmol/L magnesium."""
        full = _filled(serum)
        return {k: self.difference(full, replace(full, **{k: getattr(full, k) + s})) for k, s in steps.items()}


def _filled(serum: Serum) -> Serum:
    reference = Reference()
    return Serum(
        **{
            f.name: getattr(reference, f.name) if getattr(serum, f.name) is None else getattr(serum, f.name)
            for f in fields(Serum)
        }
    )


def terms(
    log: Callable[[Any], Any], phosphate: Any, calcium: Any, magnesium: Any, fetuin_a: Any, albumin: Any, bicarbonate: Any,
    citrate: Any, mixture: Mixture = MIXTURE,
) -> tuple[Any, ...]:  # fmt: skip
    """The seven terms of the law in the order of `SLOPES` after the level; `log` of any number type (a traced one too)."""
    r = Reference()
    return (
        log(mixture.phosphate(phosphate) / mixture.phosphate(r.phosphate)),
        log(mixture.calcium(calcium) / mixture.calcium(r.calcium)),
        magnesium - r.magnesium,
        log(fetuin_a / r.fetuin_a),
        albumin - r.albumin,
        bicarbonate - r.bicarbonate,
        citrate - r.citrate,
    )


def _design(serum: Serum, mixture: Mixture = MIXTURE) -> np.ndarray:
    f = _filled(serum)
    values = (f.phosphate, f.calcium, f.magnesium, f.fetuin_a, f.albumin, f.bicarbonate, f.citrate)
    return np.array([1.0, *terms(np.log, *values, mixture)])


def _unmeasured(serum: Serum, mean: np.ndarray) -> float:
    """Variance of ln T50 from what was not measured: slope times the spread between people."""
    spread, reference, total = Between(), Reference(), 0.0
    for i, name in enumerate(SLOPES[1:], start=1):
        if getattr(serum, name) is None:
            step = getattr(spread, name)
            moved = getattr(reference, name) * np.exp(step) if name == "fetuin_a" else getattr(reference, name) + step
            total += float(mean[i] * _design(Serum(**{name: moved}))[i]) ** 2
    return total


def _update(mean: np.ndarray, cov: np.ndarray, x: np.ndarray, y: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    gain = cov @ x / (x @ cov @ x + noise)
    return mean + gain * (y - x @ mean), cov - np.outer(gain, x @ cov)


def prior() -> Predictor:
    """Belief before any published row."""
    rows = fields(Priors)
    mean = np.array([f.default for f in rows] + [0.0])
    sd = [(f.metadata["spread"][1] - f.metadata["spread"][0]) / 3.92 for f in rows]
    return Predictor(mean, np.diag(np.square([*sd, Spread().person])))


def published(rows: tuple[Row, ...] = ROWS) -> Predictor:
    """Belief after the published rows: the predictor of a person of whom only the chemistry is known."""
    mean, cov = prior().mean, prior().covariance
    for row in rows:
        x = np.append(_design(row.after) - _design(row.before), 0.0)
        mean, cov = _update(mean, cov, x, np.log(row.t50_after / row.t50_before), row.se**2)
    return Predictor(mean, cov)


def predict(serum: Serum | Mapping[str, float | None], measured: tuple[tuple[Serum, float], ...] = ()) -> Prediction:
    """T50 [min] expected of a serum; `measured`: earlier (serum, T50) of the same person, which update it."""
    belief = published()
    for earlier, t50_min in measured:
        belief = belief.with_measured(earlier, t50_min)
    return belief.predict(serum)


def population(n: int, seed: int) -> np.ndarray:
    """T50 [min] of `n` people of the general population, drawn from the spreads above. Seeded."""
    rng, belief, reference, spread = np.random.default_rng(seed), published(), Reference(), Between()
    total = np.full(n, belief.mean[0])
    for i, name in enumerate(SLOPES[1:], start=1):
        step = getattr(spread, name)
        moved = getattr(reference, name) * np.exp(step) if name == "fetuin_a" else getattr(reference, name) + step
        total += belief.mean[i] * _design(Serum(**{name: moved}))[i] * rng.standard_normal(n)
    return np.exp(total + rng.standard_normal(n) * np.hypot(Spread().person, Spread().analytic))


def variance_explained_by_allele(fall: float = 0.13, frequency: float = 0.33) -> float:
    """Part of the variance of T50 (SD 58 of mean 329) that an allele explains which lowers fetuin-A by `fall`."""
    slope = published().mean[4]
    effect = slope * np.log(1.0 - fall)
    return float(effect**2 * 2.0 * frequency * (1.0 - frequency) / np.log1p((58.0 / 329.0) ** 2))
