"""Reference-based multiple imputation of a repeated response, analysed by ANCOVA at the last visit.

Imputation model: one mean for each design row, one unstructured covariance. Missing visits are drawn under MAR, J2R, CR or CIR
(`imputation_strategies`), M times from posterior draws and combined by Rubin's rules (Barnard and Rubin 1999 for the degrees
of freedom), or filled once with their conditional mean and a jackknife standard error (Wolbers et al. 2022, Pharm Stat 21:1246).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fetuin.errors import InputError, NotEnoughDataError
from fetuin.trials.analysis.design_matrix import build, rows_for
from fetuin.trials.analysis.imputation_strategies import marginal, strategy
from fetuin.trials.analysis.inference.contract import Test
from fetuin.trials.analysis.likelihood import patterns
from fetuin.trials.analysis.mmrm import Fit, fit, maximise
from fetuin.trials.analysis.posterior_draws import conditional, mirrored_means, sigma_draws

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray
Posterior = tuple[np.ndarray, np.ndarray, np.ndarray]  # Sigma, beta, its mirror image
BATCH = 500  # imputations held at once


@dataclass(frozen=True)
class Incomplete:
    """People with missing visits, ready for imputation: Y [n, m], designs in the own and in the reference arm [n, m, p].

    `last` is the last visit before leaving (people in `mar` are missing at random whatever the strategy); `A` [n, q] is
    the analysis design at the last visit, whose column `arm` is the treatment difference.
    """

    fit: Fit
    people: list[str]
    Y: Array
    own: Array
    reference: Array
    last: Array
    A: Array
    arm: int


def prepare(
    table: pd.DataFrame, formula: str, *, subject: str, visit: str, arm: str, reference: str, analysis: str, mar: tuple[str, ...] = (),
) -> Incomplete:  # fmt: skip
    """Fit the imputation model by REML and lay the people out; `analysis` is an ANCOVA formula without visits.

    Covariates must not change within a person; two arms. `mar` names people always imputed as missing at random.
    """
    import pandas as pd

    t = table.assign(**{visit: table[visit].astype(str), subject: table[subject].astype(str)})
    levels = sorted(t[arm].astype(str).unique())
    if len(levels) != 2 or reference not in levels:
        raise InputError("two arms are needed, one of them the reference", where=arm, why=f"{levels}, {reference!r}")
    base = {arm: reference}
    model = fit(t, formula, subject=subject, visit=visit, covariance="us", reference=base)
    used = model.design.table
    people = sorted(used[subject].astype(str).unique())
    first = used.drop_duplicates(subject).set_index(used.drop_duplicates(subject)[subject].astype(str)).loc[people]
    grid = first.loc[np.repeat(people, len(model.visits))].copy()
    grid[visit] = pd.Categorical(model.visits * len(people), used[visit].cat.categories)
    shape = (len(people), len(model.visits), -1)
    own = rows_for(model.design, grid).reshape(shape)
    grid[arm] = pd.Categorical([reference] * len(grid), used[arm].cat.categories)
    ref = rows_for(model.design, grid).reshape(shape)
    Y = np.full(own.shape[:2], np.nan)
    Y[model.subject, model.visit_index] = model.design.y
    last = np.where(np.isfinite(Y), np.arange(Y.shape[1]), -1).max(axis=1)
    last[[p in mar for p in people]] = Y.shape[1] - 1
    shell = first.assign(**{analysis.split("~")[0].strip(): 0.0}).reset_index(drop=True)
    final = build(shell, analysis, reference=base)
    (column,) = final.terms[arm]
    return Incomplete(model, people, Y, own, ref, last, final.X, column)


def impute(data: Incomplete, how: str, count: int, seed: int, *, posterior: Posterior | None = None) -> Array:
    """Values at the last visit [count, n], drawn under strategy `how`; imputations come in mirrored pairs."""
    name, rng = strategy(how), np.random.default_rng([seed, 1])
    sigmas, plus, minus = posterior or posterior_draws(data, count, seed)
    blank = np.where(np.isfinite(data.Y), 0.0, np.nan)
    out = []
    for b in range(0, len(sigmas), BATCH):
        S = sigmas[b : b + BATCH]
        noise = conditional(blank, np.zeros((len(S), *blank.shape)), S, rng)
        for beta, sign in ((plus, 1.0), (minus, -1.0)):
            own = np.einsum("nkp,cp->cnk", data.own, beta[b : b + BATCH], optimize=True)
            ref = np.einsum("nkp,cp->cnk", data.reference, beta[b : b + BATCH], optimize=True)
            filled = conditional(data.Y, marginal(name, own, ref, data.last), S, None)
            out.append((filled + sign * noise)[..., -1])
    return np.concatenate(out)[:count]


def posterior_draws(data: Incomplete, count: int, seed: int) -> Posterior:
    """Sigma [count / 2, m, m] and two mirrored beta for each; one seed gives the same ones."""
    if count < 2:
        raise InputError("at least two imputations are needed", where="count", why=f"{count}", fix="use 100 or more")
    rng = np.random.default_rng([seed, 0])
    sigmas = sigma_draws(data.Y, data.own, data.fit.beta, data.fit.sigma[0], -(-count // 2), rng)
    return sigmas, *mirrored_means(sigmas, data.fit.likelihood.patterns, len(data.fit.beta), rng)


def multiple(data: Incomplete, how: str, count: int, seed: int, *, posterior: Posterior | None = None) -> Test:
    """Arm minus reference at the last visit from `count` imputations by Rubin's rules."""
    estimates, variances = ancova_each(data, impute(data, how, count, seed, posterior=posterior))
    return rubin(estimates, variances, float(data.A.shape[0] - data.A.shape[1]))


def ancova_each(data: Incomplete, values: Array) -> tuple[Array, Array]:
    """Treatment difference and its squared standard error for each completed data set [M, n]."""
    A = data.A
    n, q = A.shape
    if n <= q:
        raise NotEnoughDataError("too few people", where="analysis", why=f"{n} for {q} parameters", fix="drop a term")
    gram = np.linalg.inv(A.T @ A)
    b = values @ A @ gram
    r = values - b @ A.T
    return b[:, data.arm], np.einsum("mn,mn->m", r, r) / (n - q) * gram[data.arm, data.arm]


def rubin(estimates: Array, variances: Array, df: float) -> Test:
    """Rubin's rules with Barnard and Rubin's degrees of freedom; `df` are those of complete data."""
    m = len(estimates)
    centre, within, between = float(estimates.mean()), float(variances.mean()), float(estimates.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    seen = (df + 1) / (df + 3) * df * (1 - share)
    nu = seen if share == 0 else 1 / (share**2 / (m - 1) + 1 / seen)
    return Test.of(centre, float(np.sqrt(total)), nu)


def conditional_mean(data: Incomplete, how: str) -> Test:
    """Missing visits at their conditional mean under the REML fit; standard error by leaving out one person at a time.

    Deterministic; normal theory, as rbmi.
    """
    n = len(data.people)
    whole = _filled(data, how, data.fit.beta, data.fit.sigma[0], np.ones(n, bool))
    without = []
    for i in range(n):
        keep = np.arange(n) != i
        beta, S = _refit(data.fit, i)
        without.append(_filled(data, how, beta, S, keep))
    left = np.array(without)
    se = float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))
    return Test.of(whole, se)


def _filled(data: Incomplete, how: str, beta: Array, S: Array, keep: Array) -> float:
    own, ref = (data.own[keep] @ beta)[None], (data.reference[keep] @ beta)[None]
    y = conditional(data.Y[keep], marginal(strategy(how), own, ref, data.last[keep]), S[None], None)[0, :, -1]
    return float(np.linalg.lstsq(data.A[keep], y, rcond=None)[0][data.arm])


def _refit(model: Fit, person: int) -> tuple[Array, Array]:
    """beta and Sigma of the fit without one person, started from the whole fit."""
    rows = model.subject != person
    d = model.design
    found = patterns(d.y[rows], d.X[rows], model.subject[rows], model.visit_index[rows])
    likelihood = dataclasses.replace(model.likelihood, patterns=found)
    theta = maximise(likelihood, model.theta)
    S = likelihood.sigma(theta)
    solved = likelihood.solve(S)
    assert solved is not None
    return solved[0], S[0]
