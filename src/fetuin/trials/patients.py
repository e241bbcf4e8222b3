"""Where the patients of a study come from: a bank of virtual patients, or a light generator of means, SDs and correlations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.words import Words

WORDS = (
    "generator",
    "correlation",
    "distribution",
    "population",
    "size",
    "seed",
    "hr_per_sd",
    "hr_sd",
    "cac_median",
    "cac_log_sd",
)
GENERATORS = ("statistical", "bank")
DISTRIBUTIONS = ("normal", "lognormal")
CAC_MEDIAN = 500.0  # mm3; assumption: between the limits of CaLIPSO, Agatston 100 to 3500
CAC_LOG_SD = 0.9  # 1; assumption: 95 % between 86 and 2 900 mm3
SINGULAR = 1e-8  # smallest eigenvalue of a correlation matrix that is taken


@dataclass(frozen=True, eq=False)
class Patients:
    """`correlation` [V, V] between visits, of the statistical generator (of logarithms where lognormal).

    For a bank: `population`, `size` and `seed` of its people; `hr_per_sd`, `hr_sd`: hazard ratio of events for each `hr_sd`
    minutes by which T50 is lower (facts: EVOLVE 1.15), an assumption of causality and 1 unless said. `cac_median` [mm3] and
    `cac_log_sd`: coronary calcium found at day 0, lognormal; 0: what formed before.
    """

    generator: str
    correlation: np.ndarray
    distribution: str
    population: str
    size: int
    seed: int
    hr_per_sd: float
    hr_sd: float
    cac_median: float
    cac_log_sd: float

    @property
    def mechanistic(self) -> bool:
        """Are they virtual patients?"""
        return self.generator == "bank"


def read_patients(study: Words, visits: tuple[float, ...]) -> Patients:
    """The `[patients]` table."""
    w = study.sub("patients", WORDS)
    generator = w.choice("generator", GENERATORS, "statistical")
    population = w.text("population", "haemodialysis", most=60)
    if generator == "bank":
        from fetuin.knowledge.population import population as known

        try:
            known(population)
        except InputError as error:
            raise InputError(
                error.what, where=w.at("population"), why="virtual patients are drawn from a population", fix=error.fix
            ) from error
    return Patients(
        generator, _correlation(w, visits), w.choice("distribution", DISTRIBUTIONS, "normal"), population,
        w.whole("size", 2, 50_000, 400), w.whole("seed", 0, 2**31, 1), w.number("hr_per_sd", 0.2, 5.0, 1.0),
        w.number("hr_sd", 1.0, 1000.0, 70.0), w.number("cac_median", 0.0, 5000.0, CAC_MEDIAN), w.number("cac_log_sd", 0.0, 3.0, CAC_LOG_SD),
    )  # fmt: skip


def _correlation(w: Words, visits: tuple[float, ...]) -> np.ndarray:
    """A number (compound symmetry), `{ ar1 = 0.7 }` (a visit apart), `{ per_day = 0.99 }` (by days) or a matrix."""
    entry: Any = w.table.get("correlation", 0.5)
    n, where = len(visits), w.at("correlation")
    if isinstance(entry, Mapping):
        part = Words.of(entry, where, ("ar1", "per_day"))
        if len(entry) != 1:
            raise InputError(
                "one form of correlation is needed.", where=where, why=f"found {sorted(entry)}", fix="{ ar1 = 0.7 }"
            )
        at = np.arange(n) if "ar1" in part else np.array(visits)
        rho = part.number("ar1" if "ar1" in part else "per_day", 0.0, 1.0)
        R = rho ** np.abs(at[:, None] - at[None, :])
    elif isinstance(entry, list):
        if len(entry) != n or any(not isinstance(row, list) or len(row) != n for row in entry):
            raise InputError(
                "the correlation matrix has the wrong shape.", where=where, why=f"{n} visits", fix=f"{n} rows of {n}"
            )
        R = np.array(
            [
                [Words.checked(v, f"{where}[{i}][{j}]", -1.0, 1.0) for j, v in enumerate(row)]
                for i, row in enumerate(entry)
            ]
        )
    else:
        R = np.full((n, n), Words.checked(entry, where, -1.0, 1.0))
        np.fill_diagonal(R, 1.0)
    return _proper(R, where)


def _proper(R: np.ndarray, where: str) -> np.ndarray:
    if np.abs(R - R.T).max() > 1e-12 or np.abs(np.diag(R) - 1).max() > 1e-12:
        raise InputError("this is no correlation matrix.", where=where, why="it is not symmetric with ones on the diagonal",
                         fix="R[i][j] = R[j][i], R[i][i] = 1")  # fmt: skip
    least = float(np.linalg.eigvalsh(R)[0])
    if least < SINGULAR:
        raise InputError("the covariance is singular.", where=where, why=f"least eigenvalue {least:.3g}: some visit follows from the others",
                         fix="lower the correlations, or drop a visit")  # fmt: skip
    return R
