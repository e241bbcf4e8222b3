"""What the imputation records share: the data, visits as text, models taken from their prose."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fetuin.errors import InputError
from fetuin.trials.analysis.multiple_imputation import Incomplete, posterior_draws, prepare
from fetuin.trials.conformance.tables import table

ARM, REFERENCE, SUBJECT, VISIT = "THERAPY", "PLACEBO", "PATIENT", "VISIT"
AT_RANDOM = ("3618",)  # left no one: one visit missing in between (README of the reference set)
PRINTED = 1e-3  # of a deterministic result printed with three decimals


@cache
def visits_as_text(folder: Path, name: str) -> Any:
    """The long table with its visits as a factor."""
    t = table(folder, name)
    return t.assign(**{VISIT: t[VISIT].astype(str), SUBJECT: t[SUBJECT].astype(str)})


def formula(prose: str) -> str:
    """`CHANGE ~ A*B + C` from 'MMRM CHANGE ~ A*B + C, us(VISIT|PATIENT), REML'."""
    left, tilde, right = prose.partition("~")
    if not tilde:
        raise InputError("no model formula", where="model", why=prose[:80], fix="write RESPONSE ~ terms")
    return f"{left.split()[-1]} ~ {right.split(',')[0].strip()}"


@cache
def ready(folder: Path, name: str, gender: bool) -> Incomplete:
    """The trial ready for imputation, with GENDER in both models (SAS five macros) or without (rbmi's vignettes)."""
    more = " + GENDER" if gender else ""
    return prepare(
        visits_as_text(folder, name), f"CHANGE ~ BASVAL*VISIT + THERAPY*VISIT{more}", subject=SUBJECT, visit=VISIT, arm=ARM,
        reference=REFERENCE, analysis=f"CHANGE ~ THERAPY + BASVAL{more}", mar=AT_RANDOM,
    )  # fmt: skip


@cache
def posterior(folder: Path, name: str, gender: bool, count: int, seed: int) -> Any:
    """Posterior draws, shared by every strategy."""
    return posterior_draws(ready(folder, name, gender), count, seed)
